"""Controls: what the soak must find once a guard is gone. Loaded by breaking_settings only; SOAK_WITHOUT names the guard."""

import os
from typing import Any

from django.apps import AppConfig


class Breaking(AppConfig):
    name = "tests.soak"
    label = "soak"

    def ready(self) -> None:
        guards = {
            "key": without_the_key, "booking": without_booking_once, "deals": deals_without_key_and_lease,
            "subscriptions": subscriptions_without_key_and_lease, "": lambda: None,
        }  # fmt: skip
        guards[os.environ.get("SOAK_WITHOUT", "")]()


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


def deals_without_key_and_lease() -> None:
    """The web process and the worker both ask for what a deal moves, each under a key of its own."""
    import uuid

    from payments.intents import services
    from payments.models import Intent

    claim, ask = services._claim, services._ask

    def claims_always(intent_id: int) -> Any:
        if not Intent.objects.filter(pk=intent_id, subject__startswith="deal:").exists():
            return claim(intent_id)
        Intent.objects.filter(pk=intent_id, called_at=None).update(called_at=services.now())
        return Intent.objects.filter(pk=intent_id, status__in=services.UNSETTLED).first()

    def asks_anew(handler: Any, intent: Any) -> Any:
        if intent.subject.startswith("deal:"):
            intent.idempotency_key = uuid.uuid4().hex
        return ask(handler, intent)

    services._claim, services._ask = claims_always, asks_anew


def subscriptions_without_key_and_lease() -> None:
    """The same for what the processor is told of a subscription."""
    import uuid

    from payments.models import SubscriptionCall
    from payments.subscriptions import calls, talking

    say = talking.say

    def claims_always(subscription_id: int) -> Any:
        due = SubscriptionCall.objects.filter(subscription_id=subscription_id, status="due").order_by("id").first()
        if due is not None:
            SubscriptionCall.objects.filter(pk=due.pk, called_at=None).update(called_at=calls.now())
            due = SubscriptionCall.objects.select_related("subscription__category", "subscription__city").get(pk=due.pk)
        return due

    def says_anew(call: Any, *, again: bool = False) -> Any:
        call.key = f"{call.key}:{uuid.uuid4().hex[:8]}"
        return say(call, again=again)

    calls._claim, talking.say = claims_always, says_anew
