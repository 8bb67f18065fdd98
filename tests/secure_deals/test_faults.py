"""The processor fails at the worst moment, or we do: what was begun is finished once, and the books agree."""

from collections.abc import Callable, Iterator

import pytest

from marketplace.kit.money import Money
from payments import services as payments
from payments.models import Entry, Intent, SecureDeal
from payments.secure_deals.services.splits import return_after_payout
from payments.stripe_gateway import client as gateway
from tasks_app import services
from tests.conftest import Clock
from tests.journeys import steps as life
from tests.secure_deals import steps
from tests.simulator import Simulator

pytestmark = pytest.mark.django_db
PATHS = {
    "payment": "/v1/checkout/sessions",
    "transfer": "/v1/transfers",
    "refund": "/v1/refunds",
    "reversal": "/v1/transfers/*/reversals",
}
MADE = {"payment": "charge", "transfer": "transfer", "refund": "refund", "reversal": "transfer_reversal"}


def go_to(simulator: Simulator, call: str) -> Callable[[], None]:
    """Everything before the call; the answer makes it."""
    response = steps.response()
    if call == "payment":
        deal = steps.opened(response)

        def pay() -> None:
            intent = payments.pay_deal(deal_id=deal.pk, user_id=deal.customer_id, method="page")
            steps.settle()
            intent.refresh_from_db()
            simulator.pay(intent.details["action_url"])

        return pay
    deal_ = steps.held(simulator, response)
    steps.account(simulator, deal_.executor)
    if call == "transfer":
        life.finish(deal_)
        return lambda: life.accept(deal_) and None
    if call == "refund":
        return lambda: life.cancel(deal_) and None
    life.accept(life.finish(deal_))
    steps.settle()
    money = steps.money_of(deal_)
    return lambda: (
        return_after_payout(  # type: ignore[return-value]
            deal_id=money.pk, by=life.moderator(), amount=Money(100_000), reason="Брак"
        )
        and None
    )


def come_to_rest(clock: Clock) -> SecureDeal:
    """The sweeper and the jobs, until the faults are over and everything is done."""
    for _round in range(5):
        steps.settle(2)
        clock.advance(minutes=6)
    return SecureDeal.objects.get()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A call is given up after a short while, so that a delay is one beyond the time-out."""
    monkeypatch.setattr(gateway, "TIMEOUT_SECONDS", 0.6)
    gateway._client.cache_clear()
    yield
    gateway._client.cache_clear()


@pytest.mark.parametrize("mode", ["error_before", "error_after", "drop_before", "drop_after", "delay", "429", "409"])
@pytest.mark.parametrize("call", ["payment", "transfer", "refund", "reversal"])
def test_a_fault_moves_the_money_once(
    simulator: Simulator, clock: Clock, impatient: None, call: str, mode: str
) -> None:
    act = go_to(simulator, call)
    simulator.fault(mode, method="POST", path=PATHS[call], count=2, seconds=1.0)
    act()
    deal = come_to_rest(clock)
    assert deal.status == ("held" if call == "payment" else "settled")
    assert not Intent.objects.filter(status__in=("created", "waiting")).exists()
    found = simulator.dump()
    if call != "reversal":
        assert len(found[MADE[call]]) == 1
    else:
        assert sum(row["amount_reversed"] for row in found["transfer"]) == 100_000
        assert len([row for row in found["refund"] if row["id"].startswith("re_")]) == 1
    kind = {
        "payment": "deal_payment",
        "transfer": "deal_transfer",
        "refund": "deal_refund",
        "reversal": "transfer_reversal",
    }
    assert Entry.objects.filter(kind=kind[call]).count() == 1
    assert steps.books().get("held_deals", 0) == (230_000 if call == "payment" else 0)


def test_control_without_the_key_the_same_transfer_would_be_made_twice(
    simulator: Simulator, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: a new key for each try, and the fault after the effect doubles the money."""
    from payments.stripe_gateway import transfers

    real, tries = transfers.transfer, iter(range(100))
    monkeypatch.setattr(transfers, "transfer", lambda **kw: real(**{**kw, "key": f"fresh-{next(tries)}-{kw['key']}"}))
    monkeypatch.setattr(transfers, "find_transfer", lambda **_: None)
    deal = steps.held(simulator)
    steps.account(simulator, deal.executor)
    life.finish(deal)
    # Half of it: a second whole transfer would be more than the charge, which the processor refuses by itself.
    services.offer_part(assignment_id=deal.pk, by=deal.customer, amount=Money(115_000), reason="Половина")
    simulator.fault("error_after", method="POST", path=PATHS["transfer"], count=2)
    services.answer_part(assignment_id=deal.pk, by=deal.executor, agree=True)
    come_to_rest(clock)
    assert len(simulator.dump()["transfer"]) > 1
