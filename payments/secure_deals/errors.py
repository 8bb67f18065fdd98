"""Why the money of a secure deal does not move."""

from django.utils.translation import gettext_lazy as _

from marketplace.kit.errors import DomainError


class PaymentNeeded(DomainError):
    """The task has a secure deal: a response is chosen by paying."""

    code = "payment_needed"
    status = 402
    message = _("This task has a secure deal: the executor is chosen when you have paid.")


class ProcessorAway(DomainError):
    code = "processor_away"
    status = 503
    message = _("The payment service does not answer. Nothing is lost: try again in a minute.")


class NotSecure(DomainError):
    code = "no_secure_deal"
    status = 409
    message = _("This deal holds no money: you settle it between yourselves.")
