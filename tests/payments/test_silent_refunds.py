"""«Opened but silent»: on the executor's request, within a fifth of what they paid for in 90 days; and fees taken by mistake."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from marketplace.accounts.models import User
from marketplace.chat import services as chat
from marketplace.kit.audit import AuditEvent
from marketplace.kit.errors import DomainError, InvalidInput, NotFound, PolicyDenied
from marketplace.kit.money import Money
from payments import selectors, services
from payments.ledger.reconciliation import mismatches
from payments.models import Refund
from payments.refunds import requests
from tasks_app import selectors as tasks
from tasks_app import services as task_services
from tasks_app.models import Response
from tests.conftest import Clock
from tests.journeys import steps

pytestmark = pytest.mark.django_db


def answered_tasks(executor: User, count: int) -> list[Response]:
    return [steps.respond(steps.post_task(), by=executor) for _ in range(count)]


def opened(response: Response) -> Response:
    steps.open_response(response)
    response.refresh_from_db()
    return response


@pytest.fixture
def executor(clock: Clock) -> User:
    return steps.executor(money=Money(500_000))


@pytest.fixture
def silent(clock: Clock, executor: User) -> list[Response]:
    """Ten paid responses, all opened, nobody wrote, three days went by: two may be asked back."""
    responses = [opened(response) for response in answered_tasks(executor, 10)]
    clock.advance(days=3, minutes=1)
    return responses


def refusal(response: Response) -> str:
    """The code of the refusal; nothing moved by it."""
    before = selectors.wallet_balance(response.executor_id)
    with pytest.raises(PolicyDenied) as error:
        task_services.ask_fee_back(response_id=response.pk, by=response.executor)
    assert selectors.wallet_balance(response.executor_id) == before
    assert tasks.may_ask_fee_back(response).code == error.value.code  # type: ignore[union-attr]
    return error.value.code


def test_the_fee_of_an_opened_unanswered_response_comes_back_on_request_once(
    executor: User, silent: list[Response]
) -> None:
    before = selectors.wallet_balance(executor.pk)
    assert tasks.may_ask_fee_back(silent[0])
    first = task_services.ask_fee_back(response_id=silent[0].pk, by=executor)
    again = task_services.ask_fee_back(response_id=silent[0].pk, by=executor)
    assert first == again
    assert selectors.wallet_balance(executor.pk) == before + steps.FEE
    assert selectors.statement_page(user_id=executor.pk).rows[0].why == str(
        selectors.RULE_SENTENCES[Refund.Rule.OPENED_SILENT]
    )
    assert list(mismatches()) == []


def test_a_fifth_of_the_paid_responses_and_not_more(executor: User, silent: list[Response]) -> None:
    assert selectors.silent_allowance(executor.pk).left == 2
    for response in silent[:2]:
        task_services.ask_fee_back(response_id=response.pk, by=executor)
    assert selectors.silent_allowance(executor.pk).left == 0
    assert refusal(silent[2]) == "allowance_used"


def test_free_responses_do_not_widen_the_allowance(clock: Clock, executor: User) -> None:
    services.start_trial(user_id=executor.pk)
    free = [opened(response) for response in answered_tasks(executor, 5)]
    clock.advance(days=4)
    assert selectors.silent_allowance(executor.pk).total == 0
    assert refusal(free[0]) == "nothing_paid"


def test_the_allowance_grows_back_as_the_ninety_days_pass(clock: Clock, executor: User, silent: list[Response]) -> None:
    for response in silent[:2]:
        task_services.ask_fee_back(response_id=response.pk, by=executor)
    clock.advance(days=91)
    assert refusal(silent[3]) == "too_old"
    fresh = [opened(response) for response in answered_tasks(executor, 5)]
    clock.advance(days=3, minutes=1)
    task_services.ask_fee_back(response_id=fresh[0].pk, by=executor)
    assert selectors.silent_allowance(executor.pk).left == 0


def test_each_refusal_says_why(clock: Clock, executor: User) -> None:
    sent = answered_tasks(executor, 6)
    unopened, early, answered, chosen, withdrawn, back = sent
    for response in sent[1:]:
        opened(response)
    assert refusal(unopened) == "not_opened"
    assert refusal(early) == "too_early"
    thread = chat.open_thread(response_id=answered.pk, by=answered.task.customer)
    chat.send_message(thread_id=thread.pk, by=answered.task.customer, text="Здравствуйте", client_id="first-message")
    steps.choose(chosen)
    task_services.withdraw_response(response_id=withdrawn.pk, by=executor)
    withdrawn.refresh_from_db()
    task_services.cancel_task(task_id=back.task_id, by=back.task.customer, reason="plans_changed")
    clock.advance(days=3, minutes=1)
    assert refusal(answered) == "answered"
    assert refusal(chosen) == "was_chosen"
    assert refusal(withdrawn) == "withdrawn"
    assert refusal(back) == "already_back"


def test_the_executors_own_message_is_no_answer(executor: User, silent: list[Response]) -> None:
    thread = chat.open_thread(response_id=silent[0].pk, by=executor)
    chat.send_message(thread_id=thread.pk, by=executor, text="Ещё нужно?", client_id="my-own-word")
    assert tasks.may_ask_fee_back(silent[0])


def test_when_another_was_chosen_nobody_needs_to_wait(executor: User) -> None:
    mine, *_others = [opened(response) for response in answered_tasks(executor, 5)]
    assert refusal(mine) == "too_early"
    steps.choose(steps.respond(mine.task))
    mine.refresh_from_db()
    assert task_services.ask_fee_back(response_id=mine.pk, by=executor).rule == "opened_silent"


def test_nobody_asks_for_another_persons_fee(silent: list[Response]) -> None:
    with pytest.raises(NotFound):
        task_services.ask_fee_back(response_id=silent[0].pk, by=steps.executor())
    assert not Refund.objects.exists()


def test_a_removed_duplicate_gives_every_fee_back_and_says_so(executor: User) -> None:
    response = opened(answered_tasks(executor, 1)[0])
    task_services.remove_task(task_id=response.task_id, by=steps.moderator(), reason="duplicate")
    assert Refund.objects.get().rule == "task_duplicate"
    assert selectors.wallet_balance(executor.pk) == Money(500_000)


def test_a_blocked_customers_open_tasks_give_every_fee_back(executor: User) -> None:
    from marketplace.accounts import services as accounts

    responses = answered_tasks(executor, 1)
    customer = responses[0].task.customer
    responses += [steps.respond(steps.post_task(by=customer), by=executor)]
    opened(responses[0])
    accounts.restrict(user=customer, kind="blocked", by=steps.moderator(), reason="Обман", until=None)
    steps.sweep_deadlines()
    assert list(Refund.objects.values_list("rule", flat=True)) == ["customer_blocked", "customer_blocked"]
    assert selectors.wallet_balance(executor.pk) == Money(500_000)


def test_an_operator_returns_a_fee_charged_in_error_and_says_why(executor: User) -> None:
    response = opened(answered_tasks(executor, 1)[0])
    with pytest.raises(PolicyDenied):
        services.return_fee_charged_in_error(response_id=response.pk, by=steps.moderator(), why="Списано дважды")
    operator = steps.operator()
    with pytest.raises(InvalidInput):
        services.return_fee_charged_in_error(response_id=response.pk, by=operator, why=" ")
    assert not Refund.objects.exists()
    services.return_fee_charged_in_error(response_id=response.pk, by=operator, why="Списано дважды")
    assert selectors.wallet_balance(executor.pk) == Money(500_000)
    assert AuditEvent.objects.latest("pk").details == {"why": "Списано дважды"}
    with pytest.raises(DomainError) as error:
        services.return_fee_charged_in_error(response_id=response.pk, by=operator, why="Списано дважды")
    assert error.value.code == "nothing_to_return"
    assert selectors.wallet_balance(executor.pk) == Money(500_000)


def at_once(jobs: list[Callable[[], object]]) -> list[object]:
    def run(job: Callable[[], object]) -> object:
        try:
            return job()
        except DomainError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def rivals(clock: Clock) -> int:
    """One place in the allowance is left and four ask at once; how many got it."""
    executor = steps.executor(money=Money(500_000))
    responses = [opened(response) for response in answered_tasks(executor, 5)]
    clock.advance(days=3, minutes=1)
    asked = [lambda pk=response.pk: task_services.ask_fee_back(response_id=pk, by=executor) for response in responses]
    return sum(isinstance(answer, Refund) for answer in at_once(asked))


@pytest.mark.django_db(transaction=True)
def test_rivals_for_the_last_of_the_allowance_get_one_and_without_the_lock_more(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    from threading import Barrier

    assert rivals(clock) == 1
    gate = Barrier(5, timeout=10)
    monkeypatch.setattr(requests, "lock_wallet", lambda *_: None)
    unlocked = requests.may_ask_back
    monkeypatch.setattr(requests, "may_ask_back", lambda **facts: (gate.wait(), unlocked(**facts))[1])
    assert rivals(clock) > 1
