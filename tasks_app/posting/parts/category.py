"""What kind of work it is."""

from django.utils.translation import gettext_lazy as _

from marketplace.kit.errors import NotFound
from tasks_app.catalogue.selectors import category_by_slug
from tasks_app.posting.content import DraftContent, Values
from tasks_app.posting.errors import AnswersRefused
from tasks_app.posting.parts.typed import text_of


def clean(values: Values, content: DraftContent) -> Values:
    slug = text_of(values.get("category"))
    try:
        return {"category": category_by_slug(slug).slug}
    except NotFound as error:
        raise AnswersRefused({"category": _("Choose what kind of work it is.")}) from error
