"""What a statement line says about itself: why, and when the money may come back."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from frontend import words
from payments.selectors import RULE_SENTENCES, CardLine, ChargeView, StatementLine


def fate_of(charge: ChargeView) -> str:
    """What became, or may become, of a fee. One sentence."""
    if charge.paid_at is not None:
        return _("Returned %(when)s.") % {"when": words.moment(charge.paid_at)}
    if charge.status == "kept":
        return _("The fee stays: a moderator decided so. You can appeal on the page of the check.")
    if charge.held_until is not None:
        return _("The refund is being checked until %(when)s at the latest.") % {
            "when": words.moment(charge.held_until)
        }
    if charge.returns_at is not None:
        return _("Comes back %(when)s.") % {"when": words.moment(charge.returns_at)}
    if charge.opened_at is not None:
        return _("The customer opened your response %(when)s.") % {"when": words.moment(charge.opened_at)}
    return _("Comes back if nobody opens it before %(when)s.") % {"when": words.moment(charge.unopened_until)}


def title_of(line: StatementLine) -> str:
    return f"{line.title}: {line.task_title}" if line.task_title else line.title


def why_of(line: StatementLine) -> str:
    """When, and then why or what next."""
    said = fate_of(line.charge) if line.charge else line.why
    return f"{words.moment(line.at)} · {said}" if said else words.moment(line.at)


def why_past_wallet(line: CardLine) -> str:
    """When, by what, and why."""
    means = _("account for payouts") if line.to_account else pgettext("paid", "by card")
    return f"{words.moment(line.at)} · {means} · {line.why}"


def may_come_back(charge: ChargeView) -> list[str]:
    """The rules that could still return this fee, in words; none once it is settled."""
    if charge.status != "charged":
        return []
    rules = ["task_expired", "cancelled_before_choice", "task_removed", "customer_blocked"]
    if charge.opened_at is None:
        rules = ["unopened_48h", "other_chosen_unopened", *rules]
    return [str(RULE_SENTENCES[rule]) for rule in (*rules, "cancelled_after_assignment")]  # type: ignore[index]
