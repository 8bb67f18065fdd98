"""Reasons of decisions: a sentence that each reader gets in their own language, by outcome; more can be added in words."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fraud.models import Case

Outcome = Case.Outcome


@dataclass(frozen=True, slots=True)
class Reason:
    code: str
    outcome: str
    text: Promise


REASONS: tuple[Reason, ...] = (
    Reason(
        "worked_after",
        Outcome.CONFIRMED,
        _(
            "The executor was at the address after the cancellation for as long as the work takes; nothing else explains it."
        ),
    ),
    Reason("worked_before", Outcome.CONFIRMED, _("The work was done first and the deal was cancelled after it.")),
    Reason("said_so", Outcome.CONFIRMED, _("One of the sides says that the work was done.")),
    Reason("not_proved", Outcome.PLAUSIBLE, _("Some facts speak for it, but they do not prove it.")),
    Reason("regular_place", Outcome.INNOCENT, _("The executor is at this place on other days too.")),
    Reason("other_deal", Outcome.INNOCENT, _("The executor had another deal near by.")),
    Reason("sent_away", Outcome.INNOCENT, _("The executor came and was not let in.")),
    Reason("not_there", Outcome.INNOCENT, _("The executor was not at the address, or only shortly.")),
    Reason("no_data", Outcome.CANNOT_TELL, _("The positions do not say enough.")),
    Reason("contradiction", Outcome.CANNOT_TELL, _("The facts contradict each other.")),
)
_BY_CODE = {reason.code: reason for reason in REASONS}


def reasons_for(outcome: str) -> list[Reason]:
    return [reason for reason in REASONS if reason.outcome == outcome]


def fits(code: str, outcome: str) -> bool:
    return code in _BY_CODE and _BY_CODE[code].outcome == outcome


def full_reason(code: str, words: str) -> str:
    """The ready sentence in the reader's language, and the moderator's own words after it."""
    ready = str(_BY_CODE[code].text) if code in _BY_CODE else ""
    return " ".join(part for part in (ready, words) if part)
