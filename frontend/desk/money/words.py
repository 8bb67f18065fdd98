"""Operators' words for the rows of money."""

from django.utils.translation import gettext_lazy as _

from marketplace.kit.money import Money

STATES = {
    "all": _("All"),
    "flight": _("In flight"),
    "late": _("Without an answer"),
    "failed": _("Failed"),
}
STATUSES = {
    "created": _("not answered yet"),
    "waiting": _("waits for the person or the bank"),
    "settled": _("settled"),
    "failed": _("failed"),
    "cancelled": _("given up"),
}
KINDS = {
    "top_up_page": _("Top-up by page"),
    "top_up_card": _("Top-up by kept card"),
    "top_up_automatic": _("Automatic top-up"),
    "top_up_refund": _("Return to a card"),
    "deal_payment": _("Payment of a secure deal"),
    "deal_transfer": _("Transfer to an executor"),
    "deal_refund": _("Return of a secure deal"),
    "transfer_reversal": _("Transfer taken back"),
}
ACCOUNTS = {
    "wallet": _("wallet"),
    "revenue": _("revenue"),
    "promotions": _("credit given"),
    "clearing": _("at the processor"),
    "held_deals": _("held for deals"),
    "receivables": _("owed to us"),
    "costs": _("costs"),
}
# What we have or have spent: the journal counts it below zero, people above.
_OURS = ("clearing", "receivables", "costs", "promotions")


def change(account: str, amount: Money) -> Money:
    """By how much an account of this kind grew, or shrank, by a leg of the journal: 2 800 ₽ more at the processor are 2 800 ₽
    more held."""
    return -amount if account in _OURS else amount
