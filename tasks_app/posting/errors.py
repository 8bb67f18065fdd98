"""What can be wrong while a task is written, each with a sentence for the person."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from marketplace.kit.errors import DomainError, InvalidInput


class AnswersRefused(InvalidInput):
    """Some values of a part cannot be taken. `errors`: field → sentence; nothing was saved."""

    def __init__(self, errors: Mapping[str, str | Promise]) -> None:
        self.errors = dict(errors)
        field, reason = next(iter(self.errors.items()))
        super().__init__(field=field, reason=reason)


class DraftIncomplete(InvalidInput):
    """A part is missing or is not valid any more. `part` names the step to return to."""

    code = "draft_incomplete"

    def __init__(self, *, part: str, field: str, reason: str | Promise) -> None:
        self.part = part
        super().__init__(field=field, reason=reason)


class AddressUnclear(AnswersRefused):
    """The typed address fits several places; `candidates` are offered to choose from."""

    code = "address_unclear"

    def __init__(self, *, field: str, candidates: list[object]) -> None:
        self.candidates = candidates
        super().__init__({field: _("We found several such addresses. Choose yours.")})


class DraftPublished(DomainError):
    code = "draft_published"
    message = _("This task is already published. Open it to change something.")


class TooManyPhotos(DomainError):
    code = "too_many_photos"
    status = 422
    message = _("A task can have at most %(limit)s photos. Delete one to add another.")


class GeocoderAway(DomainError):
    code = "geocoder_away"
    status = 503
    message = _("Address search does not answer right now. Choose the place on the map, or try again in a minute.")
