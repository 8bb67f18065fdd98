"""Two moderators decide one case, two workers collect one moment: one decision, one case, one refund."""

from functools import partial
from threading import Barrier

import pytest

from fraud import services
from fraud.models import Case, Decision, Evidence
from fraud.services import deciding
from marketplace.accounts.models import User
from marketplace.kit.errors import NotFound
from marketplace.kit.money import Money
from payments.selectors import wallet_balance
from payments.services import pay_due_refunds
from tasks_app.models import Assignment, Cancellation
from tests.conftest import Clock
from tests.fraud.conftest import agreed, cancelled, case, works_all_the_same
from tests.fraud.tracks import at
from tests.journeys import steps
from tests.races.test_rivals import at_once

__all__ = ["agreed", "cancelled", "case"]  # fixtures of the fraud tests

pytestmark = pytest.mark.django_db(transaction=True)
PAID, BACK = Money(88_000), Money(100_000)


def rivals(case: Case, *, keep_fee: bool = True) -> list[partial[Decision]]:
    keep = {"outcome": "confirmed", "reason_code": "worked_after", "keep_fee": keep_fee}
    give = {"outcome": "innocent", "reason_code": "sent_away"}
    return [partial(services.decide_case, case_id=case.pk, by=steps.moderator(), **wish) for wish in (keep, give)]  # type: ignore[arg-type]


def test_two_moderators_make_one_decision(case: Case) -> None:
    outcomes = at_once(rivals(case))
    assert (outcomes["done"], outcomes["case_closed"] + outcomes["stale_state"]) == (1, 1)
    decision = Decision.objects.get()
    assert wallet_balance(case.executor_id) == (PAID if decision.keep_fee else BACK)


def test_without_lock_and_step_both_would_decide(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: both read the open case before either writes, and the step no longer compares."""
    readers = Barrier(2)

    def read(case_id: int) -> Case:
        found = Case.objects.filter(pk=case_id).first()
        readers.wait(timeout=30)
        if found is None:
            raise NotFound
        return found

    def force(found: Case, to: str, _steps: object, **changes: object) -> str:
        Case.objects.filter(pk=found.pk).update(status=to, **changes)
        return to

    monkeypatch.setattr(deciding, "lock_case", read)
    monkeypatch.setattr(deciding, "step", force)
    at_once(rivals(case, keep_fee=False))  # over the money the ledger has a guard of its own
    assert Decision.objects.count() == 2


def test_two_workers_collect_a_moment_once(agreed: Assignment, cancelled: Cancellation, clock: Clock) -> None:
    works_all_the_same(agreed, clock)
    clock.freeze(at(20))
    outcomes = at_once([services.collect_due_evidence] * 3)
    assert outcomes == {"done": 3}
    assert Evidence.objects.exclude(collected_at=None).count() == 3
    assert Case.objects.count() == 1
    assert User.objects.get(pk=agreed.executor_id)
    assert wallet_balance(agreed.executor_id) == PAID


def test_collecting_and_paying_at_once_do_not_block_each_other_and_hold_the_fee(
    agreed: Assignment, cancelled: Cancellation, clock: Clock
) -> None:
    works_all_the_same(agreed, clock)
    clock.freeze(at(43))
    outcomes = at_once([services.collect_due_evidence, pay_due_refunds] * 3)
    assert outcomes == {"done": 6}
    assert not Evidence.objects.filter(collected_at=None).exists()
    assert Case.objects.get(cancellation=cancelled).holds_refund
    assert wallet_balance(agreed.executor_id) == PAID
