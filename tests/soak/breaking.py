"""Controls: what the soak must find once a guard is gone. Loaded by breaking_settings only; SOAK_WITHOUT names the guard."""

import os
from typing import Any

from django.apps import AppConfig


class Breaking(AppConfig):
    name = "tests.soak"
    label = "soak"

    def ready(self) -> None:
        {"key": without_the_key, "booking": without_booking_once, "": lambda: None}[
            os.environ.get("SOAK_WITHOUT", "")
        ]()


def without_the_key() -> None:
    """Every call to the processor carries a key of its own, so a repeated call repeats the effect."""
    import uuid

    from payments.intents import services

    ask = services._ask

    def asks_anew(handler: Any, intent: Any) -> Any:
        intent.idempotency_key = uuid.uuid4().hex
        return ask(handler, intent)

    services._ask = asks_anew


def without_booking_once() -> None:
    """No lease, no row lock, no step that acts once, no operation that is booked once: whoever comes books."""
    import uuid

    from payments.intents import services
    from payments.ledger import services as ledger
    from payments.models import Intent

    def claims_always(intent_id: int) -> Any:
        Intent.objects.filter(pk=intent_id, called_at=None).update(called_at=services.now())
        return Intent.objects.filter(pk=intent_id, status__in=services.UNSETTLED).first()

    def settles_always(intent_id: int, handler: Any, outcome: Any) -> Any:
        intent = Intent.objects.get(pk=intent_id)
        if outcome.status != "settled":
            return settle(intent_id, handler, outcome)
        intent.processor_id, intent.payment_id = outcome.processor_id, outcome.payment_id
        intent.details = {**intent.details, **outcome.facts}
        with services.transaction.atomic():
            entry = handler.book(intent, outcome)
            Intent.objects.filter(pk=intent_id).update(
                status="settled", details=intent.details, entry=entry, settled_at=services.now(), next_check_at=None,
                processor_id=outcome.processor_id, payment_id=outcome.payment_id,
            )  # fmt: skip
            intent.refresh_from_db()
            handler.after(intent)
        return intent

    settle, services._settle, services._claim = services._settle, settles_always, claims_always
    book = ledger.book

    def books_anew(**what: Any) -> Any:
        return book(**{**what, "operation": f"{what['operation']}:{uuid.uuid4().hex[:8]}"})

    from payments.topups import booking

    booking.book = books_anew
