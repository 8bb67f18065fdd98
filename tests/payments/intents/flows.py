"""Every way money moves between a person and their card, begun but not carried out: the same proofs run over each."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from marketplace.accounts.models import User
from marketplace.kit.money import Money
from payments import selectors, services
from payments.intents.services import sweep
from payments.models import Entry, Intent
from payments.topups.automatic import top_up_if_low
from tests.payments.topups.steps import by_page, keep_card
from tests.simulator import Simulator

SUM = Money(100_000)


@dataclass(frozen=True)
class Flow:
    """`begin` makes the intent; `finish` is the person's own part at the processor; `moves`: what it adds to the wallet.
    `path`: where the call that moves the money goes; `made`: what it leaves at the processor."""

    name: str
    path: str
    made: str
    moves: int
    begin: Callable[[Simulator, User], Intent]
    finish: Callable[[Simulator, Intent], object] = lambda simulator, intent: None

    def at_processor(self, simulator: Simulator, intent: Intent) -> list[dict[str, Any]]:
        """What the processor did for this intent: it may be one thing or nothing."""
        rows: list[dict[str, Any]] = simulator.dump()[self.made]
        succeeded = [row for row in rows if row["status"] in ("succeeded", "pending")]
        return [row for row in succeeded if row["metadata"].get("operation") == intent.operation]

    def booked(self, intent: Intent) -> int:
        return Entry.objects.filter(operation=f"intent:{intent.pk}", kind__in=("top_up", "top_up_refund")).count()


def _page(simulator: Simulator, person: User) -> Intent:
    return services.top_up(user_id=person.pk, amount=SUM, operation=uuid4().hex)


def _pay(simulator: Simulator, intent: Intent) -> object:
    intent.refresh_from_db()
    if intent.status == "created":  # the person sees no page yet: a sweep opens it
        sweep()
        intent.refresh_from_db()
    return simulator.pay(intent.details["action_url"])


def _card(simulator: Simulator, person: User) -> Intent:
    card = keep_card(simulator, person)
    return services.top_up(user_id=person.pk, amount=SUM, operation=uuid4().hex, card_id=card.pk)


def _automatic(simulator: Simulator, person: User) -> Intent:
    keep_card(simulator, person)
    services.set_automatic(user_id=person.pk, threshold=Money(20_000), amount=SUM, monthly_cap=Money(500_000))
    cause = Entry.objects.filter(kind="top_up").latest("pk")
    intent = top_up_if_low(user_id=person.pk, balance=selectors.wallet_balance(person.pk), cause=cause)
    assert intent is not None
    return intent


def _return(simulator: Simulator, person: User) -> Intent:
    view = by_page(simulator, person, SUM)
    return services.return_top_up(user_id=person.pk, top_up_id=view.id, amount=SUM, operation=uuid4().hex)


FLOWS = [
    Flow("page", "/v1/checkout/sessions", "charge", SUM.minor, _page, _pay),
    Flow("card", "/v1/payment_intents", "charge", SUM.minor, _card),
    Flow("automatic", "/v1/payment_intents", "charge", SUM.minor, _automatic),
    Flow("return", "/v1/refunds", "refund", 0, _return),
]
