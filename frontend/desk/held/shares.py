"""The usual divisions of held money, in money."""

from typing import Any

from django.utils.translation import gettext as _

from frontend.deal.secure import words
from payments import selectors as money
from payments.models import SecureDeal


def divide_context(held: SecureDeal) -> dict[str, Any]:
    """The three usual shares in money, with the key of each."""
    shares = [
        ("1", "all", _("Everything to the executor"), held.price.minor),
        ("2", "half", _("Half and half"), held.price.minor // 2),
        ("3", "nothing", _("Everything back to the customer"), 0),
    ]
    return {
        "held": held,
        "held_percent": words.percent_words(held.commission_bp),
        "shares": [(key, value, label, money.share_of(held, part)) for key, value, label, part in shares],
        "part": money.part_offer_of(held),
    }
