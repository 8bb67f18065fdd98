"""Every movement by card is a line of the statement that says what it is."""

import pytest

from marketplace.accounts.models import User
from marketplace.kit.money import Money
from payments import selectors, services
from payments.events.inbox import handle_due, poll
from payments.ledger.selectors import _TITLES
from payments.models import Entry
from tests.payments.topups.steps import by_page
from tests.simulator import Simulator


def test_every_kind_of_entry_has_its_title() -> None:
    assert set(Entry.Kind.values) - set(_TITLES) == set()


@pytest.mark.django_db
def test_money_in_back_and_taken_back_is_read_on_the_statement(simulator: Simulator, andrey: User) -> None:
    first, second = (by_page(simulator, andrey, Money(minor)) for minor in (100_000, 50_000))
    services.return_top_up(user_id=andrey.pk, top_up_id=first.id, amount=Money(30_000), operation="one-return")
    simulator.dispute(next(row["id"] for row in simulator.dump()["charge"] if row["amount"] == 50_000))
    poll()
    handle_due()
    lines = selectors.statement_page(user_id=andrey.pk).rows
    told = [(line.kind, line.amount.minor) for line in lines]
    assert told == [("chargeback", -50_000), ("top_up_refund", -30_000), ("top_up", 50_000), ("top_up", 100_000)]
    assert sum(line.amount.minor for line in lines) == selectors.wallet_balance(andrey.pk).minor
    assert second.stage == "paid"
