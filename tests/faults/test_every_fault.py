"""Every fault of the processor × every call that moves money: the wish comes true once, or nothing moves; never twice.

After each the books are compared four ways (tests/faults/conftest.py).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from marketplace.accounts.models import User
from marketplace.kit.money import Money
from payments import selectors, services
from payments.events.inbox import handle_due, poll
from payments.intents import services as intents
from payments.models import Entry, Intent
from payments.stripe_gateway import client as gateway
from payments.stripe_gateway import connect, transfers
from payments.stripe_gateway.errors import Unavailable
from tests.conftest import Clock
from tests.payments.topups.steps import by_card, by_page, keep_card
from tests.simulator import Simulator

pytestmark = pytest.mark.django_db

ON_CALLS = ("error_before", "error_after", "drop_before", "drop_after", "delay", "429", "409")
ON_HINTS = ("webhook_lose", "webhook_duplicate", "webhook_late", "webhook_reorder")


@dataclass(frozen=True)
class Call:
    """`path` at the processor; `act` asks for the money to move; `thing` is what there must be one more of; `moved` minor units
    in the wallet."""

    path: str
    act: Callable[[Simulator, User], object]
    thing: str
    moved: int


def by_a_kept_card(simulator: Simulator, person: User) -> object:
    card = person_card(person)
    intent = services.top_up(user_id=person.pk, amount=Money(50_000), operation="the-wish", card_id=card)
    return services.carry_out(intent_id=intent.pk)


def by_the_page(simulator: Simulator, person: User) -> object:
    """The page is opened under the fault; it is paid once there is one."""
    intent = services.top_up(user_id=person.pk, amount=Money(50_000), operation="the-wish")
    return services.carry_out(intent_id=intent.pk)


def back_to_the_card(simulator: Simulator, person: User) -> object:
    paid = Intent.objects.filter(user=person, kind="top_up_page", status="settled").latest("pk")
    intent = services.return_top_up(user_id=person.pk, top_up_id=paid.pk, amount=Money(7_000), operation="the-wish")
    return services.carry_out(intent_id=intent.pk)


CALLS = {
    "a kept card": Call("/v1/payment_intents", by_a_kept_card, "payment_intent", 50_000),
    "the processor's page": Call("/v1/checkout/sessions", by_the_page, "payment_intent", 50_000),
    "back to the card": Call("/v1/refunds", back_to_the_card, "refund", -7_000),
}


def person_card(person: User) -> int:
    return selectors.cards_of(person.pk)[0].pk


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A call is given up after a short while, so that a delay is one beyond the time-out."""
    monkeypatch.setattr(gateway, "TIMEOUT_SECONDS", 0.6)
    gateway._client.cache_clear()
    yield
    gateway._client.cache_clear()


def settles(simulator: Simulator, clock: Clock) -> Intent:
    """What the beat does in the minutes after the trouble is over; the person pays on the page when one is open."""
    simulator.clear_faults()
    paid = False
    for _round in range(8):
        wish = Intent.objects.latest("pk")
        if wish.status in ("settled", "failed"):
            break
        if wish.kind == "top_up_page" and wish.details.get("action_url") and not paid:
            simulator.pay(wish.details["action_url"], "4242424242424242")
            paid = True
        clock.advance(seconds=45)
        intents.sweep()
        poll()
        handle_due()
    return Intent.objects.latest("pk")


@pytest.mark.parametrize("times", [1, 2], ids=["once", "and on the retry"])
@pytest.mark.parametrize("mode", ON_CALLS)
@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_it_happens_once_whatever_the_processor_does(
    simulator: Simulator, andrey: User, clock: Clock, impatient: None, call: Call, mode: str, times: int
) -> None:
    keep_card(simulator, andrey)
    before, had = selectors.wallet_balance(andrey.pk), len(succeeded(simulator, call.thing))
    entries = Entry.objects.count()
    simulator.fault(mode, method="POST", path=call.path, count=times, seconds=1.0)
    call.act(simulator, andrey)
    call.act(simulator, andrey)  # pressed again
    wish = settles(simulator, clock)
    assert wish.status == "settled"
    assert len(succeeded(simulator, call.thing)) == had + 1
    assert selectors.wallet_balance(andrey.pk) == Money(before.minor + call.moved)
    assert Entry.objects.count() == entries + 1


@pytest.mark.parametrize("mode", ON_HINTS)
def test_a_payment_is_booked_once_whatever_becomes_of_the_hints(
    simulator: Simulator, andrey: User, clock: Clock, mode: str
) -> None:
    """Nobody comes back from the page; the processor's word is all there is, and it is damaged."""
    simulator.webhook("http://127.0.0.1:9/nobody-listens")
    simulator.fault(mode, types="*", count=-1)
    by_the_page(simulator, andrey)
    assert settles(simulator, clock).status == "settled"
    for _again in range(2):
        poll()
        handle_due()
    assert selectors.wallet_balance(andrey.pk) == Money(50_000)
    assert Entry.objects.filter(kind="top_up").count() == 1


@pytest.mark.books_differ
def test_without_the_key_an_error_after_the_effect_charges_twice(
    simulator: Simulator, andrey: User, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: a key of its own for every call, and the same fault takes the money twice."""
    import uuid

    keep_card(simulator, andrey)
    ask = intents._ask

    def asks_anew(handler: object, intent: Intent) -> object:
        intent.idempotency_key = uuid.uuid4().hex
        return ask(handler, intent)  # type: ignore[arg-type]

    monkeypatch.setattr(intents, "_ask", asks_anew)
    had = len(succeeded(simulator, "payment_intent"))
    simulator.fault("drop_after", method="POST", path="/v1/payment_intents", count=2)
    by_a_kept_card(simulator, andrey)
    settles(simulator, clock)
    assert len(succeeded(simulator, "payment_intent")) > had + 1


def test_a_refused_card_is_a_definite_no(simulator: Simulator, andrey: User) -> None:
    view = by_page(simulator, andrey, Money(50_000), "4000000000000002")
    assert view.stage in ("pay", "failed")
    assert selectors.wallet_balance(andrey.pk) == Money(0)
    card = keep_card(simulator, andrey)
    assert by_card(andrey, Money(50_000), card).stage == "paid"


@pytest.fixture
def deal_money(simulator: Simulator, andrey: User) -> tuple[str, str]:
    """A paid charge on the platform's balance and an executor's account that can be paid: (charge, account)."""
    by_page(simulator, andrey, Money(50_000))
    opened = connect.open_account(key="the-account", country="RU", email="executor@example.org", metadata={})
    back = "https://site.test/account/payouts/"
    simulator.onboard(connect.onboarding_link(account_id=opened.id, return_url=back, refresh_url=back))
    return succeeded(simulator, "charge")[-1]["id"], opened.id  # type: ignore[return-value]


def again_and_again(call: Callable[[], object]) -> None:
    """The intent engine's way: the same key until there is an answer; nothing else is known before."""
    for _try in range(4):
        try:
            call()
        except Unavailable:
            continue
        return


@pytest.mark.books_differ  # money moves at the processor beside the journal here: what is looked at is the call
@pytest.mark.parametrize("mode", ON_CALLS)
def test_a_transfer_and_its_reversal_happen_once(
    simulator: Simulator, deal_money: tuple[str, str], impatient: None, mode: str
) -> None:
    charge, account = deal_money
    stored = mode == "error_after"  # an error that the processor stored is looked up, not retried

    def send() -> None:
        transfers.transfer(
            key="transfer-key", amount=Money(20_000), account_id=account, charge_id=charge, group="deal:1",
            metadata={"operation": "deal:1:transfer"},
        )  # fmt: skip

    simulator.fault(mode, method="POST", path="/v1/transfers", count=2, seconds=1.0)
    again_and_again(send)
    simulator.clear_faults()
    found = transfers.find_transfer(operation="deal:1:transfer", group="deal:1")
    assert found is not None or stored
    if found is None:
        send()
        found = transfers.find_transfer(operation="deal:1:transfer", group="deal:1")
    assert found is not None

    def take_back() -> None:
        transfers.reverse_transfer(
            key="reversal-key", transfer_id=found.id, amount=Money(5_000), metadata={"operation": "deal:1:reversal"}
        )

    simulator.fault(mode, method="POST", path="/v1/transfers/*/reversals", count=2, seconds=1.0)
    again_and_again(take_back)
    simulator.clear_faults()
    assert [row["amount"] for row in simulator.dump()["transfer"]] == [20_000]
    assert [row["amount"] for row in simulator.dump()["transfer_reversal"]] == [5_000]
    assert transfers.transfer_by_id(found.id).reversed_minor == 5_000


def succeeded(simulator: Simulator, thing: str) -> list[dict[str, object]]:
    return [row for row in simulator.dump()[thing] if row["status"] == "succeeded"]
