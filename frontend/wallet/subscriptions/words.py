"""How a subscription stands, in the person's words."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from frontend import words
from marketplace.kit.money import Money
from payments.selectors import decline_sentence

REFUND_RULES = {
    "unused_month": lambda: _("You answered nothing in this month and asked for it back."),
    "charged_after_end": lambda: _("It was charged after the end of the subscription."),
    "charged_while_paused": lambda: _("It was charged while the subscription was paused."),
    "above_agreed": lambda: _("It was charged above the price you had agreed to."),
}


def place(subscription: Any) -> str:
    return f"{subscription.category.name}, {subscription.city.name}"


def stands(subscription: Any) -> tuple[str, str]:
    """(tag kind, one short word)."""
    if subscription.status == "active" and subscription.ends_at_period_end:
        return "line", pgettext("subscription", "cancelled")
    return {
        "pending": ("money", pgettext("subscription", "not paid yet")),
        "active": (
            "ok",
            pgettext("subscription", "free day") if subscription.on_trial else pgettext("subscription", "in force"),
        ),
        "past_due": ("danger", pgettext("subscription", "not paid")),
        "paused": ("info", pgettext("subscription", "paused")),
        "ended": ("line", pgettext("subscription", "ended")),
        "abandoned": ("line", pgettext("subscription", "not begun")),
    }[subscription.status]


def story(subscription: Any) -> str:
    """What holds now and what comes next. One or two sentences."""
    zone = subscription.city.time_zone
    when = {name: _moment(getattr(subscription, name), zone) for name in ("period_end", "grace_until", "ended_at")}
    price = subscription.price.format()
    match subscription.status:
        case "pending":
            return _("Nothing is charged yet. Responses are covered as soon as the payment is confirmed.")
        case "past_due":
            return _("The card did not pay for the next month. Responses stay covered until %(when)s; pay by then.") % {
                "when": when["grace_until"]
            }
        case "paused":
            days = max(1, round((subscription.left_seconds or 0) / 86400))
            return _("Responses are charged one by one meanwhile. Days of the paid month that are kept: %(days)s.") % {
                "days": words.number(days)
            }
        case "abandoned":
            reason = decline_sentence(subscription.refusal_code) if subscription.refusal_code else ""
            return f"{_('It did not begin, and nothing was charged.')} {reason}".strip()
        case "ended":
            return _ended(subscription.end_reason) % {"when": when["ended_at"]}
    if subscription.ends_at_period_end:
        return _("Responses are covered until %(when)s. It is not renewed, and nothing more is charged.") % {
            "when": when["period_end"]
        }
    if subscription.on_trial:
        return _("Responses are free until %(when)s. Then the first month is charged: %(price)s.") % {
            "when": when["period_end"], "price": price,
        }  # fmt: skip
    return _("Responses are covered until %(when)s. Then the next month is charged: %(price)s.") % {
        "when": when["period_end"], "price": price,
    }  # fmt: skip


def covered_words(until: datetime | None, zone: str | None = None) -> str:
    """«by your subscription until 12 December»."""
    if until is None:
        return _("By your subscription")
    return _("By your subscription until %(day)s") % {"day": words.day(until, zone)}


def verdict(row: Any) -> str:
    """Which way would have been cheaper, honestly both ways."""
    spent, saved = row.by_response + row.by_month, row.saved
    if saved.minor > 0:
        return _("The subscription would have been cheaper by %(sum)s.") % {"sum": saved.format()}
    if saved.minor < 0 and row.by_month:
        return _("Paying by the response only might have been cheaper: look how many responses the month covered.")
    if saved.minor < 0:
        return _("Paying by the response was cheaper, by %(sum)s.") % {
            "sum": Money(-saved.minor, spent.currency).format()
        }
    return _("Both would have cost the same.")


def refund_words(payment: Any, zone: str) -> str:
    """What came back of a payment, and why; in the order in which it was decided."""
    told = []
    for refund in sorted(payment.refunds.all(), key=lambda row: row.pk):
        part = Money(refund.amount_minor, payment.currency)
        told.append(_refund(refund, "" if part == payment.amount else part.format(), zone))
    return " ".join(told)


def _refund(refund: Any, part: str, zone: str) -> str:
    """`part`: what of the payment came back, when it was not all of it."""
    said = {
        "why": REFUND_RULES[refund.rule](),
        "sum": part,
        "when": words.moment(refund.paid_at, zone) if refund.paid_at else "",
    }
    if refund.failed_at:
        if refund.processor_id:
            return _("The bank did not take the return, so it is in your wallet. %(why)s") % said
        return _("The bank did not take the return; we look into it. %(why)s") % said
    if refund.paid_at and part:
        return _("%(sum)s returned to the card %(when)s. %(why)s") % said
    if refund.paid_at:
        return _("Returned to the card %(when)s. %(why)s") % said
    if part:
        return _("%(sum)s on the way back to the card. %(why)s") % said
    return _("On its way back to the card. %(why)s") % said


def _ended(reason: str) -> str:
    return {
        "asked": _("It ended %(when)s, as you asked."),
        "unpaid": _("It ended %(when)s, because it was not paid."),
        "refunded": _("It ended %(when)s, with the month given back."),
    }.get(reason, _("It ended %(when)s."))


def _moment(when: datetime | None, zone: str) -> str:
    return words.moment(when, zone) if when else ""
