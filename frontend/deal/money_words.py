"""What became of the fee of a response, in one sentence."""

from django.utils.translation import gettext as _

from frontend import words
from marketplace.kit.money import Money
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
        return _("%(amount)s comes back no earlier than %(when)s.") % {"amount": amount, "when": when}
    if charge.opened_at is None:
        when = words.moment(charge.unopened_until, zone)
        return _("%(amount)s charged. It comes back if the customer does not open the response by %(when)s.") % {
            "amount": amount,
            "when": when,
        }
    return _("%(amount)s charged. The customer has opened the response.") % {"amount": amount}


def fee_label(quote: FeeQuote) -> str:
    """The words of the button that responds: what pressing it costs."""
    if quote.covered_by == "trial":
        return _("Respond within the 24 trial hours")
    if quote.covered_by != "subscription":
        return priced_label(quote.amount)
    if quote.needs_subscription and quote.subscription_id is None:
        return _("Respond by subscription only")
    if quote.covered_until is None:
        return _("Respond by subscription")
    return _("Respond: covered until %(day)s") % {"day": words.day(quote.covered_until, short=True)}


def priced_label(fee: Money) -> str:
    """The same for somebody of whom nothing is known but the price."""
    return _("Respond for %(amount)s") % {"amount": fee.format()} if fee else _("Respond for free")


def _why(charge: ChargeView) -> str:
    sentence = next((text for rule, text in RULE_SENTENCES.items() if rule == charge.rule), "")
    return str(sentence)
