"""The one place that says when a fee goes back. Pure: facts in, an answer out."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.formats import date_format
from django.utils.text import format_lazy
from django.utils.timezone import localtime
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from marketplace.kit.policy import Allowed, Decision, Denied
from payments.models import Charge, Refund

Rule = Refund.Rule

_UNOPENED_HOURS = settings.RULES["unopened_refund_hours"]
_WINDOW_DAYS = settings.RULES["opened_silent_window_days"]

# What the statement says of each rule.
RULE_SENTENCES = {
    Rule.UNOPENED_48H: format_lazy(
        ngettext_lazy(
            "The customer did not open your response within {hours} hour.",
            "The customer did not open your response within {hours} hours.",
            _UNOPENED_HOURS,
        ),
        hours=_UNOPENED_HOURS,
    ),
    Rule.TASK_EXPIRED: _("The task expired and nobody was chosen."),
    Rule.CANCELLED_BEFORE_CHOICE: _("The customer cancelled the task before choosing anybody."),
    Rule.TASK_REMOVED: _("A moderator removed the task."),
    Rule.TASK_DUPLICATE: _("The customer had posted the same task twice, so it was removed."),
    Rule.CUSTOMER_BLOCKED: _("The customer's account was blocked."),
    Rule.OTHER_CHOSEN_UNOPENED: _("Another executor was chosen and your response was never opened."),
    Rule.OPENED_SILENT: _("The customer opened your response and never answered; you asked for the fee back."),
    Rule.CHARGED_IN_ERROR: _("The fee was charged in error."),
    Rule.CANCELLED_AFTER_ASSIGNMENT: _("The deal was cancelled and it was not your fault."),
    Rule.HOLD_EXPIRED: _("The check was not finished in time, so it was decided for you."),
    Rule.MODERATOR_DECISION: _("A moderator checked the cancellation and decided for you."),
    Rule.APPEAL_UPHELD: _("Your appeal was upheld."),
    Rule.REVIEWED_AGAIN: _("Other moderators looked at the decision once more and decided for you."),
    Rule.TASK_CHANGED: _(
        "The customer changed the task after your response and you withdrew in the time given for it."
    ),
    Rule.DEAL_LAPSED: _("The deal did not take place and neither side said why."),
    Rule.DISPUTE_UNDECIDED: _("The dispute was not decided in time, so it ended with nobody at fault."),
}

_ONLY_UNOPENED = frozenset({Rule.UNOPENED_48H, Rule.OTHER_CHOSEN_UNOPENED})
_OVERRULES_A_DECISION = frozenset({Rule.APPEAL_UPHELD, Rule.REVIEWED_AGAIN})
_WHATEVER_WAS_DECIDED = frozenset({Rule.CHARGED_IN_ERROR})


def rule_holds(*, rule: Refund.Rule, charge: Charge, at: datetime) -> bool:
    """Does this rule give this charge back at this moment? A charge covered by a trial has nothing to give."""
    if not charge.amount_minor or charge.status == Charge.Status.REFUNDED:
        return False
    if rule in _WHATEVER_WAS_DECIDED:
        return True
    if charge.status == Charge.Status.KEPT or rule in _OVERRULES_A_DECISION:
        return charge.status == Charge.Status.KEPT and rule in _OVERRULES_A_DECISION
    if rule in _ONLY_UNOPENED and charge.opened_at is not None and not _opened_too_late(rule, charge):
        return False
    if rule == Rule.OPENED_SILENT and charge.opened_at is None:
        return False
    return rule != Rule.UNOPENED_48H or at >= charge.unopened_until


def _opened_too_late(rule: Refund.Rule, charge: Charge) -> bool:
    """The time to open it had passed before the customer looked, only the job had not come round yet."""
    return rule == Rule.UNOPENED_48H and charge.opened_at is not None and charge.opened_at >= charge.unopened_until


@dataclass(frozen=True, slots=True)
class Silence:
    """What became of a response after it was opened. `answered`: the customer wrote at least once; `chosen`: a deal was
    made with this executor; `passed_over`: somebody else was chosen."""

    answered: bool
    chosen: bool
    passed_over: bool
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class SilentAllowance:
    """How many fees of opened, unanswered responses may be asked back: a share of the `paid` responses of the last 90 days,
    less those `used`."""

    paid: int
    used: int
    share_percent: int

    @property
    def total(self) -> int:
        return self.paid * self.share_percent // 100

    @property
    def left(self) -> int:
        return max(0, self.total - self.used)


WAS_CHOSEN = Denied("was_chosen", _("You were chosen for this task, so the fee has done its work."), 409)
WITHDRAWN = Denied("withdrawn", _("You took this response back yourself."), 409)
ANSWERED = Denied("answered", _("The customer answered you, so the fee cannot be asked back."), 409)
NOTHING_PAID = Denied("nothing_paid", _("This response cost you nothing."), 409)
ALREADY_BACK = Denied("already_back", _("This fee is back in your wallet already."), 409)
COMING_BACK = Denied("coming_back", _("This fee is coming back by itself."), 409)
DECIDED = Denied("decided", _("A moderator has decided that this fee stays."), 409)
NOT_OPENED = Denied(
    "not_opened", _("The customer has not opened your response. If it stays so, the fee comes back by itself."), 409
)
TOO_OLD = Denied(
    "too_old",
    format_lazy(
        ngettext_lazy(
            "Only fees of the last {days} day can be asked back.",
            "Only fees of the last {days} days can be asked back.",
            _WINDOW_DAYS,
        ),
        days=_WINDOW_DAYS,
    ),
    409,
)
ALLOWANCE_USED = Denied(
    "allowance_used",
    format_lazy(
        ngettext_lazy(
            "You have asked back as many fees as you may for now: {share} % of your paid responses of the last {days} day.",
            "You have asked back as many fees as you may for now: {share} % of your paid responses of the last {days} days.",
            _WINDOW_DAYS,
        ),
        share=settings.RULES["opened_silent_share_percent"],
        days=_WINDOW_DAYS,
    ),
    409,
)


def may_ask_back(*, charge: Charge, silence: Silence, allowance: SilentAllowance, at: datetime) -> Decision:
    """May the executor have the fee of an opened, unanswered response back? The refusal is what the person reads."""
    if (refusal := _not_at_stake(charge)) is not None:
        return refusal
    if silence.chosen:
        return WAS_CHOSEN
    if silence.withdrawn:
        return WITHDRAWN
    if charge.opened_at is None:
        return NOT_OPENED
    if silence.answered:
        return ANSWERED
    if charge.charged_at < at - timedelta(days=settings.RULES["opened_silent_window_days"]):
        return TOO_OLD
    patient_until = charge.opened_at + timedelta(days=settings.RULES["opened_silent_days"])
    if at < patient_until and not silence.passed_over:
        return _too_early(patient_until)
    return Allowed() if allowance.left > 0 else ALLOWANCE_USED


def _not_at_stake(charge: Charge) -> Denied | None:
    if not charge.amount_minor:
        return NOTHING_PAID
    return {
        Charge.Status.REFUNDED: ALREADY_BACK,
        Charge.Status.REFUND_PENDING: COMING_BACK,
        Charge.Status.KEPT: DECIDED,
    }.get(Charge.Status(charge.status))


def _too_early(until: datetime) -> Denied:
    when = date_format(localtime(until), "j E, H:i")
    sentence = gettext("The customer may still answer. If they have not by %(when)s, you can ask for the fee back.")
    return Denied("too_early", sentence % {"when": when}, 409)
