"""Why money does not move."""

from django.utils.translation import gettext_lazy as _

from marketplace.kit.errors import DomainError


class InsufficientFunds(DomainError):
    code = "insufficient_funds"
    status = 402
    message = _("There is not enough money in your wallet. Nothing was charged.")


class SpendingCapReached(DomainError):
    code = "spending_cap_reached"
    status = 409
    message = _("This response would go over the spending limit you set. Nothing was charged.")


class TrialUsed(DomainError):
    code = "trial_used"
    status = 409
    message = _("You have already had the free trial.")
