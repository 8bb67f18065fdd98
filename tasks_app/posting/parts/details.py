"""The title and the details, which everybody reads."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from marketplace.kit.contacts import mask_contacts
from tasks_app.posting.content import DraftContent, Values
from tasks_app.posting.errors import AnswersRefused
from tasks_app.posting.parts.typed import text_of

TITLE_FROM, TITLE_TO, DETAILS_TO = 5, 100, 4000


def clean(values: Values, content: DraftContent) -> Values:
    title, details = text_of(values.get("title")), text_of(values.get("details"), lines=True)
    errors: dict[str, str | Promise] = {}
    if len(title) < TITLE_FROM:
        errors["title"] = _("Say in a few words what is to be done, for example: hang a chandelier.")
    elif len(title) > TITLE_TO:
        errors["title"] = _("The title is too long: at most 100 characters. Put the rest into the details.")
    if len(details) > DETAILS_TO:
        errors["details"] = _("The details are too long: at most 4,000 characters.")
    for field, text in (("title", title), ("details", details)):
        if field not in errors and mask_contacts(text).count:
            errors[field] = _(
                "Everybody sees this text, so leave out phone numbers and e-mail addresses. "
                "The executor you choose will see your contacts."
            )
    if errors:
        raise AnswersRefused(errors)
    return {"title": title, "details": details}
