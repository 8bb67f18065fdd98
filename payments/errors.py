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


REASON_MISSING = _("Write why: it stays in the audit log.")


class InDebt(DomainError):
    code = "in_debt"
    status = 409
    message = _("A bank took an earlier payment of yours back. Top up to settle %(sum)s, then you can respond again.")


class ProcessorAway(DomainError):
    code = "processor_unavailable"
    status = 503
    message = _("The card processor does not answer right now. Nothing was changed; try again in a minute.")


class NoSavedCard(DomainError):
    code = "no_saved_card"
    status = 409
    message = _("Add a card first.")


class OperationReused(DomainError):
    code = "operation_reused"
    status = 409
    message = _("This payment was already begun with another sum. Open the page again to start a new one.")


class SecondPersonNeeded(DomainError):
    code = "second_person_needed"
    status = 409
    message = _("Two members of staff look at a return of this size. Write to us, and we will start it.")


class AmountDiffers(Exception):
    """The processor took another sum than was asked for: never booked by itself, a person looks."""


class FeeChanged(DomainError):
    code = "fee_changed"
    status = 409
    message = _("The response now costs %(amount)s: the terms changed while you were writing. Nothing was charged.")


class SubscriptionNeeded(DomainError):
    code = "subscription_needed"
    status = 402
    message = _("Responses to this service are by subscription only. Nothing was charged.")


class NothingToReturn(DomainError):
    code = "nothing_to_return"
    status = 409
    message = _("There is nothing to give back: the response cost nothing, or the fee is back already.")


class TrialReserved(DomainError):
    code = "trial_reserved"
    status = 409
    message = _("The free day begins with the subscription that you are starting.")
