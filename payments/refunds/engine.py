"""The one place that says when a fee goes back. Pure: facts in, an answer out."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from payments.models import Charge, Refund

Rule = Refund.Rule

# What the statement says of each rule.
RULE_SENTENCES = {
    Rule.UNOPENED_48H: _("The customer did not open your response within 48 hours."),
    Rule.TASK_EXPIRED: _("The task expired and nobody was chosen."),
    Rule.CANCELLED_BEFORE_CHOICE: _("The customer cancelled the task before choosing anybody."),
    Rule.TASK_REMOVED: _("A moderator removed the task."),
    Rule.CUSTOMER_BLOCKED: _("The customer's account was blocked."),
    Rule.OTHER_CHOSEN_UNOPENED: _("Another executor was chosen and your response was never opened."),
    Rule.CANCELLED_AFTER_ASSIGNMENT: _("The deal was cancelled and it was not your fault."),
    Rule.HOLD_EXPIRED: _("The check was not finished in 72 hours, so it was decided for you."),
    Rule.MODERATOR_DECISION: _("A moderator checked the cancellation and decided for you."),
    Rule.APPEAL_UPHELD: _("Your appeal was upheld."),
    Rule.TASK_CHANGED: _("The customer changed the task after your response and you withdrew within 24 hours."),
    Rule.DEAL_LAPSED: _("The deal did not take place and neither side said why."),
    Rule.DISPUTE_UNDECIDED: _("The dispute was not decided in time, so it ended with nobody at fault."),
}

_ONLY_UNOPENED = frozenset({Rule.UNOPENED_48H, Rule.OTHER_CHOSEN_UNOPENED})
_OVERRULES_A_DECISION = frozenset({Rule.APPEAL_UPHELD})


def rule_holds(*, rule: Refund.Rule, charge: Charge, at: datetime) -> bool:
    """Does this rule give this charge back at this moment? A charge covered by a trial has nothing to give."""
    if not charge.amount_minor or charge.status == Charge.Status.REFUNDED:
        return False
    if charge.status == Charge.Status.KEPT or rule in _OVERRULES_A_DECISION:
        return charge.status == Charge.Status.KEPT and rule in _OVERRULES_A_DECISION
    if rule in _ONLY_UNOPENED and charge.opened_at is not None and not _opened_too_late(rule, charge):
        return False
    return rule != Rule.UNOPENED_48H or at >= charge.unopened_until


def _opened_too_late(rule: Refund.Rule, charge: Charge) -> bool:
    """The 48 hours had passed before the customer looked, only the job had not come round yet."""
    return rule == Rule.UNOPENED_48H and charge.opened_at is not None and charge.opened_at >= charge.unopened_until
