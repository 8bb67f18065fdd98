"""Why a subscription does not do what was asked."""

from django.utils.translation import gettext_lazy as _

from marketplace.kit.errors import DomainError


class NotOffered(DomainError):
    code = "subscription_not_offered"
    status = 409
    message = _("There is no subscription to this service in this city.")


class AlreadySubscribed(DomainError):
    code = "already_subscribed"
    status = 409
    message = _("You already have this subscription.")


class CardPaymentsOff(DomainError):
    code = "card_payments_off"
    status = 409
    message = _("Payments by card are switched off just now.")


class PriceChanged(DomainError):
    code = "subscription_price_changed"
    status = 409
    message = _("The month now costs %(price)s. Nothing was charged; look at the price and try again.")
