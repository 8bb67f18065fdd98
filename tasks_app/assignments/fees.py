"""What a cancellation does to the executor's fee: one rule, shown before the button and applied by it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from marketplace.kit.clock import now
from marketplace.kit.money import Money
from payments import selectors as payments
from tasks_app.assignments.reasons import Reason, reasons_of
from tasks_app.assignments.windows import refund_moment
from tasks_app.models import Assignment, Cancellation

Side, Fault = Cancellation.Side, Cancellation.Fault


class FeeOutcome(StrEnum):
    """NOTHING: no money was taken, or it went back already."""

    RETURNS = "returns"
    STAYS = "stays"
    NOTHING = "nothing"


SENTENCES = {
    (Side.EXECUTOR, FeeOutcome.RETURNS): _("Your fee goes back, unless you and the customer agree that it was your fault."),
    (Side.EXECUTOR, FeeOutcome.STAYS): _("Your fee does not go back: by this reason you call it your own fault."),
    (Side.EXECUTOR, FeeOutcome.NOTHING): _("No money was taken for your response, so nothing goes back."),
    (Side.CUSTOMER, FeeOutcome.RETURNS): _(
        "The executor's fee goes back, unless the executor agrees that it was their fault."
    ),
    (Side.CUSTOMER, FeeOutcome.STAYS): _("The executor's fee does not go back."),
    (Side.CUSTOMER, FeeOutcome.NOTHING): _("The executor paid nothing for the response, so nothing goes back."),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Consequence:
    """A reason that may be given, and what it does to the fee."""

    reason: Reason
    outcome: FeeOutcome
    sentence: str


@dataclass(frozen=True, slots=True)
class CancellationPreview:
    """`fee`: what was taken from the executor's wallet; `returns_at`: the moment before which it does not go back."""

    side: str
    stage: str
    fee: Money | None
    returns_at: datetime
    choices: tuple[Consequence, ...]

    @property
    def usual(self) -> str:
        """The sentence that holds for most reasons; a reason that does something else says so."""
        said = [choice.sentence for choice in self.choices]
        return max(said, key=said.count)

    def outcome_of(self, code: str) -> FeeOutcome:
        return next(choice.outcome for choice in self.choices if choice.reason.code == code)


def cancellation_preview(assignment: Assignment, side: str) -> CancellationPreview:
    """What cancelling now would mean for `side`, reason by reason."""
    fee = _fee_at_stake(assignment)
    returns_at = refund_moment(cancelled_at=now(), window_end=assignment.window_end)
    choices = tuple(_consequence(reason, side, fee) for reason in reasons_of(side, assignment.status))
    return CancellationPreview(side, assignment.status, fee, returns_at, choices)


def _consequence(reason: Reason, side: str, fee: Money | None) -> Consequence:
    if fee is None:
        outcome = FeeOutcome.NOTHING
    elif side == Side.EXECUTOR and reason.names == Fault.EXECUTOR:
        outcome = FeeOutcome.STAYS  # their own word is enough for the fee; the record still asks both sides
    else:
        outcome = FeeOutcome.RETURNS
    return Consequence(reason, outcome, str(SENTENCES[Side(side), outcome]))


def _fee_at_stake(assignment: Assignment) -> Money | None:
    charge = payments.charge_for(assignment.response_id)
    if charge is None or not charge.amount or charge.status != "charged":
        return None
    return charge.amount
