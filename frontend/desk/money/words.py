"""Operators' words for the rows of money."""

from django.utils.translation import gettext_lazy as _

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
