"""What happens in the life of a subscription, in a word each; time passes here and at the processor together."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Sum

from marketplace.accounts.models import ExecutorProfile, User
from marketplace.kit.clock import now
from marketplace.kit.money import Money
from payments import services
from payments.models import Charge, Posting, ProcessorCustomer, SavedCard, Subscription, SubscriptionCall
from payments.subscriptions import services as subscriptions
from payments.subscriptions.calls import sweep_calls
from payments.subscriptions.following import carry_out
from payments.subscriptions.prices import announce_price_changes, apply_price_changes
from payments.subscriptions.sweeping import check_due, tell_ahead
from tests.conftest import Clock
from tests.payments.factories import category, city, person, response
from tests.simulator import Simulator

MONTH = Money(149_000)


class Life:
    """Executors known to the processor under one test clock, and the hours that pass."""

    def __init__(self, simulator: Simulator, clock: Clock) -> None:
        self.simulator, self.clock, self.client = simulator, clock, simulator.client()
        self.start = clock.freeze(datetime.now(UTC).replace(microsecond=0))
        params: Any = {"frozen_time": int(self.start.timestamp())}
        self.test_clock = self.client.v1.test_helpers.test_clocks.create(params).id

    def executor(self, *, had_trial: bool = True) -> User:
        """A verified executor; the free day is over unless said otherwise."""
        made = person()
        ExecutorProfile.objects.create(user=made, verification="verified", verified_at=now())
        if had_trial:
            services.start_trial(user_id=made.pk).__class__.objects.filter(user=made).update(
                started_at=now() - timedelta(days=9), ends_at=now() - timedelta(days=8)
            )
        customer = self.client.v1.customers.create({"test_clock": self.test_clock})
        ProcessorCustomer.objects.create(user=made, processor_id=customer.id)
        return made

    def card(self, owner: User, kind: str = "pm_card_visa") -> SavedCard:
        customer = ProcessorCustomer.objects.get(user=owner).processor_id
        kept = self.client.v1.payment_methods.attach(kind, {"customer": customer})
        return SavedCard.objects.create(
            user=owner, processor_id=kept.id, brand="visa", last4="4242", exp_month=12, exp_year=2034
        )

    def pass_time(self, **period: float) -> None:
        """Here and there at once; nobody is told yet."""
        at = self.clock.advance(**period)
        self.client.v1.test_helpers.test_clocks.advance(self.test_clock, {"frozen_time": int(at.timestamp())})

    def live(self, **period: float) -> None:
        """Time passes and the jobs run, as they would on the beat."""
        self.pass_time(**period)
        jobs()

    def charges(self) -> list[int]:
        """What cards were charged at the processor, in order."""
        return [charge["amount"] for charge in self.simulator.dump()["charge"] if charge["status"] == "succeeded"]


def jobs() -> None:
    """One round of the sweeps."""
    sweep_calls()
    check_due()
    announce_price_changes()
    apply_price_changes()
    sweep_calls()
    tell_ahead()


def subscribe(by: User, card: SavedCard | None = None, price: Money = MONTH) -> Subscription:
    made = subscriptions.subscribe(by=by, category_id=category().pk, city_id=city().pk, agreed=price, card=card)
    return carry_out(subscription_id=made.pk)


def answer(executor: User, agreed: Money | None = None) -> Charge:
    """A response, charged as it would be when it is sent."""
    sent = response(executor)
    return services.charge_response_fee(
        user_id=executor.pk, response_id=sent.pk, category_id=category().pk, city_id=city().pk, task_id=sent.task_id,
        title=sent.task.title, unopened_until=now() + timedelta(hours=48), agreed=agreed,
    )  # fmt: skip


def again(subscription: Subscription) -> Subscription:
    return Subscription.objects.get(pk=subscription.pk)


def booked(kind: str = "subscription") -> int:
    """What the platform earned by subscriptions, minor units."""
    legs = Posting.objects.filter(entry__kind=kind, account__kind="revenue")
    return int(legs.aggregate(total=Sum("amount_minor"))["total"] or 0)


def unanswered(subscription: Subscription) -> int:
    return SubscriptionCall.objects.filter(subscription=subscription, status="due").count()
