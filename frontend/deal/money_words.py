"""What became of the fee of a response, in one sentence."""

from django.utils.translation import gettext as _

from frontend import words
from payments.selectors import RULE_SENTENCES, ChargeView, FeeQuote


def fee_story(charge: ChargeView | None, zone: str) -> str:
    """What was charged, whether it comes back, when and why."""
    if charge is None or not charge.amount:
        if charge is not None and charge.covered_by == "subscription":
            return _("Covered by your subscription: nothing was charged.")
        on_trial = charge is not None and charge.covered_by == "trial"
        return _("Free: the 24 trial hours.") if on_trial else _("Free: nothing was charged.")
    amount = charge.amount.format()
    if charge.status == "refunded" and charge.paid_at:
        told = _("%(amount)s came back on %(when)s.") % {"amount": amount, "when": words.moment(charge.paid_at, zone)}
        return f"{told} {_why(charge)}".strip()
    if charge.status == "kept":
        return _("%(amount)s stays charged: so it was decided after the cancellation.") % {"amount": amount}
    if charge.held_until:
        when = words.moment(charge.held_until, zone)
        return _("%(amount)s is being checked, until %(when)s at the latest.") % {"amount": amount, "when": when}
    if charge.status == "refund_pending" and charge.returns_at:
        when = words.moment(charge.returns_at, zone)
        return _("%(amount)s comes back after %(when)s.") % {"amount": amount, "when": when}
    if charge.opened_at is None:
        when = words.moment(charge.unopened_until, zone)
        return _("%(amount)s charged. It comes back if the customer does not open the response by %(when)s.") % {
            "amount": amount,
            "when": when,
        }
    return _("%(amount)s charged. The customer has opened the response.") % {"amount": amount}


def send_label(quote: FeeQuote) -> str:
    """The words of the button: what pressing it costs."""
    if quote.covered_by == "trial":
        return _("Respond within the 24 trial hours")
    if quote.covered_by == "subscription":
        return _("Respond by subscription")
    if not quote.amount:
        return _("Respond for free")
    return _("Respond for %(amount)s") % {"amount": quote.amount.format()}


def _why(charge: ChargeView) -> str:
    sentence = next((text for rule, text in RULE_SENTENCES.items() if rule == charge.rule), "")
    return str(sentence)
