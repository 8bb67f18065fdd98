from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PaymentsConfig(AppConfig):
    name = "payments"
    verbose_name = _("Payments")

    def ready(self) -> None:
        # Rooms that register what they do with intents and hints.
        from payments.events import intents  # noqa: F401
        from payments.reconciliation import checks  # noqa: F401
        from payments.secure_deals import hints as of_deals  # noqa: F401
        from payments.secure_deals import reconciliation  # noqa: F401
        from payments.subscriptions import hints as about_subscriptions  # noqa: F401
        from payments.topups import hints, staff  # noqa: F401
