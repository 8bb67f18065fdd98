"""Twenty identical charges and rivals for the last rouble, on real connections."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from marketplace.accounts.models import User
from marketplace.kit.clock import now
from marketplace.kit.errors import DomainError
from marketplace.kit.money import Money
from payments import selectors, services
from payments.fees import services as fee_services
from payments.fees import taking
from payments.ledger import services as ledger
from payments.models import Account, Charge, Entry
from tests.payments.factories import category, city, person, response, tariff

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(jobs: list[Callable[[], object]]) -> list[object]:
    """Run all on threads of their own; a refusal or an error is an answer too."""

    def run(job: Callable[[], object]) -> object:
        try:
            return job()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def charge(executor: User, response_id: int) -> Charge:
    return services.charge_response_fee(
        user_id=executor.pk,
        response_id=response_id,
        category_id=category().pk,
        city_id=city().pk,
        task_id=1,
        title="Повесить люстру",
        unopened_until=now() + timedelta(hours=48),
    )


@pytest.fixture
def executor(transactional_db: None) -> User:
    tariff(12_000)
    executor = person()
    services.grant_promotion(user_id=executor.pk, amount=Money(60_000), operation="gift", why="test")
    return executor


def test_ten_responses_at_once_spend_what_there_is_and_not_more(executor: User) -> None:
    sent = [response(executor).pk for _ in range(10)]
    answers = at_once([lambda pk=pk: charge(executor, pk) for pk in sent])
    assert sum(isinstance(answer, Charge) for answer in answers) == 5
    assert all(isinstance(answer, Charge | DomainError) for answer in answers)
    assert selectors.wallet_balance(executor.pk) == Money(0)


def test_twenty_bookings_of_one_operation_are_booked_once(executor: User) -> None:
    wallet, revenue = ledger.wallet_of(executor.pk), ledger.platform_account(Account.Kind.REVENUE)
    legs = [(wallet, Money(-100)), (revenue, Money(100))]
    answers = at_once([lambda: ledger.book(operation="one", kind="response_fee", legs=legs) for _ in range(20)])
    assert {answer.pk for answer in answers if isinstance(answer, Entry)} == {Entry.objects.get(operation="one").pk}
    assert selectors.wallet_balance(executor.pk) == Money(59_900)


def test_without_the_lock_a_cap_would_be_overrun(executor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the same rivals pass the spending cap once the wallet's lock is taken away."""
    services.set_spending_cap(user_id=executor.pk, daily=Money(12_000), weekly=None)
    guarded = [response(executor).pk for _ in range(4)]
    answers = at_once([lambda pk=pk: charge(executor, pk) for pk in guarded])
    assert sum(isinstance(answer, Charge) for answer in answers) == 1

    rival = person()
    services.grant_promotion(user_id=rival.pk, amount=Money(60_000), operation="gift:2", why="test")
    services.set_spending_cap(user_id=rival.pk, daily=Money(12_000), weekly=None)
    monkeypatch.setattr(taking, "LOCKED", taking.LOCKED.sql.replace("FOR UPDATE OF wallet", ""))
    monkeypatch.setattr(fee_services, "take_fee", _slowly(fee_services.take_fee))
    unguarded = [response(rival).pk for _ in range(4)]
    answers = at_once([lambda pk=pk: charge(rival, pk) for pk in unguarded])
    assert sum(isinstance(answer, Charge) for answer in answers) > 1


def _slowly(take: Callable[..., Charge]) -> Callable[..., Charge]:
    """Give every rival time to pass the check before anybody writes."""
    from threading import Barrier

    gate = Barrier(4, timeout=10)

    def waits(**kwargs: object) -> Charge:
        gate.wait()
        return take(**kwargs)

    return waits
