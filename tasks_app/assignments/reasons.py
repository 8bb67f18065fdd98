"""Why people cancel, in their own words, and whom each reason names as the one at fault."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from marketplace.kit.errors import InvalidInput
from tasks_app.models import Assignment, Cancellation

Fault, Side = Cancellation.Fault, Cancellation.Side


@dataclass(frozen=True, slots=True)
class Reason:
    """`names`: the side that this reason says is at fault; UNKNOWN for "another reason". `coming`: only until work begins."""

    code: str
    text: str | Promise
    names: str
    coming: bool = False


CUSTOMER_REASONS = (
    Reason("plans_changed", _("My plans have changed"), Fault.CUSTOMER),
    Reason("found_another", _("I found another way to do it"), Fault.CUSTOMER),
    Reason("executor_no_show", _("The executor did not come"), Fault.EXECUTOR, coming=True),
    Reason("executor_late", _("The executor is late and I cannot wait"), Fault.EXECUTOR, coming=True),
    Reason("executor_asked", _("The executor asked me to cancel"), Fault.EXECUTOR),
    Reason("price_changed", _("The executor asked for another price"), Fault.EXECUTOR),
    Reason("work_not_done", _("The work was not done or was done badly"), Fault.EXECUTOR),
    Reason("agreed", _("We agreed to cancel together"), Fault.NOBODY),
    Reason("circumstances", _("Illness, weather or another emergency"), Fault.NOBODY),
    Reason("other", _("Another reason"), Fault.UNKNOWN),
)
EXECUTOR_REASONS = (
    Reason("cannot_come", _("I cannot come"), Fault.EXECUTOR, coming=True),
    Reason("took_another", _("I took another job"), Fault.EXECUTOR, coming=True),
    Reason("customer_asked", _("The customer asked me to cancel"), Fault.CUSTOMER),
    Reason("customer_unreachable", _("The customer does not answer"), Fault.CUSTOMER),
    Reason("no_access", _("I came, but nobody let me in"), Fault.CUSTOMER, coming=True),
    Reason("task_differs", _("The task is not what was described"), Fault.CUSTOMER),
    Reason("agreed", _("We agreed to cancel together"), Fault.NOBODY),
    Reason("circumstances", _("Illness, weather or another emergency"), Fault.NOBODY),
    Reason("other", _("Another reason"), Fault.UNKNOWN),
)
TASK_REASONS = (
    Reason("plans_changed", _("My plans have changed"), Fault.CUSTOMER),
    Reason("found_another", _("I found somebody elsewhere"), Fault.CUSTOMER),
    Reason("nobody_suits", _("Nobody suits me"), Fault.CUSTOMER),
    Reason("mistake", _("I made a mistake in the task"), Fault.CUSTOMER),
    Reason("other", _("Another reason"), Fault.CUSTOMER),
)
REMOVAL_REASONS = (
    Reason("spam", _("Spam or advertising"), Fault.CUSTOMER),
    Reason("duplicate", _("The same task was posted twice"), Fault.CUSTOMER),
    Reason("prohibited", _("Prohibited goods or services"), Fault.CUSTOMER),
    Reason("fraud", _("An attempt to deceive"), Fault.CUSTOMER),
)
EVERY_REASON = (*CUSTOMER_REASONS, *EXECUTOR_REASONS, *TASK_REASONS, *REMOVAL_REASONS)
BY_SIDE = {Side.CUSTOMER: CUSTOMER_REASONS, Side.EXECUTOR: EXECUTOR_REASONS}


def reasons_of(side: str, stage: str) -> tuple[Reason, ...]:
    """What `side` may say when the deal is cancelled at `stage`: nobody "did not come" once the work has begun."""
    begun = stage in (Assignment.Status.STARTED, Assignment.Status.DISPUTED)
    return tuple(reason for reason in BY_SIDE[Side(side)] if not (begun and reason.coming))


def checked_reason(code: str, among: tuple[Reason, ...], note: str) -> Reason:
    """Raises InvalidInput for an unknown code, and for "another reason" without a word of what it is."""
    found = next((reason for reason in among if reason.code == code), None)
    if found is None:
        raise InvalidInput(field="reason", reason=_("Choose one of the reasons."))
    if found.code == "other" and not note.strip():
        raise InvalidInput(field="note", reason=_("Write in a few words what happened."))
    return found


def checked_note(note: str) -> str:
    """Stripped. Raises InvalidInput when longer than 1,000 characters."""
    note = note.replace("\r\n", "\n").strip()
    if len(note) > 1000:
        raise InvalidInput(field="note", reason=_("The text is too long: at most 1,000 characters."))
    return note


def reason_text(code: str) -> str:
    """The sentence of a code in the active language, whichever list it stands in; the code itself when none of ours."""
    found = next((reason for reason in EVERY_REASON if reason.code == code), None)
    return str(found.text) if found else code


def reason_source(code: str) -> str:
    """The sentence before translation, to be stored and translated for each reader."""
    with override(None):
        return reason_text(code)
