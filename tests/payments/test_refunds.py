"""Fees go back by named rules, once; holds delay; the statement says why."""

from datetime import timedelta

import pytest

from marketplace.accounts.models import User
from marketplace.kit.clock import now
from marketplace.kit.money import Money
from marketplace.notifications.models import Notification
from payments import selectors, services
from payments.ledger.reconciliation import mismatches
from payments.models import Charge, Entry, Hold, Refund
from tests.conftest import Clock
from tests.payments.factories import category, city, person, response, tariff

pytestmark = pytest.mark.django_db

Rule = Refund.Rule


@pytest.fixture
def executor(db: None) -> User:
    tariff(12_000)
    executor = person()
    services.grant_promotion(user_id=executor.pk, amount=Money(12_000), operation="gift", why="Добро пожаловать")
    return executor


@pytest.fixture
def paid(executor: User) -> Charge:
    sent = response(executor)
    return services.charge_response_fee(
        user_id=executor.pk,
        response_id=sent.pk,
        category_id=category().pk,
        city_id=city().pk,
        task_id=sent.task_id,
        title=sent.task.title,
        unopened_until=now() + timedelta(hours=48),
    )


def agrees_with_the_responses_that_were_charged() -> bool:
    """Rows made by these tests' factories stand for sent responses, so every other check must be clean."""
    return [m for m in mismatches() if m.check != "each response was charged"] == []


def test_an_unopened_response_is_refunded_after_48_hours_and_not_before(clock: Clock, paid: Charge) -> None:
    clock.advance(hours=47, minutes=59)
    assert services.refund_unopened() == 0
    clock.advance(minutes=2)
    assert services.refund_unopened() == 1
    assert services.refund_unopened() == 0
    assert selectors.wallet_balance(paid.user_id) == Money(12_000)
    assert Notification.objects.get(user_id=paid.user_id).kind == "fee_refunded"
    assert agrees_with_the_responses_that_were_charged()


def test_an_opened_response_is_not_refunded_by_the_48_hours(clock: Clock, paid: Charge) -> None:
    services.mark_response_opened(response_id=paid.response_id, at=now())
    clock.advance(hours=49)
    assert services.refund_unopened() == 0
    refused = services.refund_response_fee(response_id=paid.response_id, rule=Rule.OTHER_CHOSEN_UNOPENED)
    assert refused is None
    assert selectors.wallet_balance(paid.user_id) == Money(0)


def test_a_response_opened_after_its_48_hours_is_still_refunded(clock: Clock, paid: Charge) -> None:
    clock.advance(hours=48, minutes=5)
    services.mark_response_opened(response_id=paid.response_id, at=now())
    assert services.refund_response_fee(response_id=paid.response_id, rule=Rule.UNOPENED_48H) is not None
    assert selectors.wallet_balance(paid.user_id) == Money(12_000)


@pytest.mark.parametrize(
    "rule",
    [
        Rule.TASK_EXPIRED,
        Rule.CANCELLED_BEFORE_CHOICE,
        Rule.TASK_REMOVED,
        Rule.CUSTOMER_BLOCKED,
        Rule.OTHER_CHOSEN_UNOPENED,
    ],
)
def test_each_rule_gives_the_fee_back_once_and_names_itself(paid: Charge, rule: str) -> None:
    first = services.refund_response_fee(response_id=paid.response_id, rule=rule)
    second = services.refund_response_fee(response_id=paid.response_id, rule=rule)
    assert first is not None
    assert second is None
    assert selectors.wallet_balance(paid.user_id) == Money(12_000)
    newest = selectors.statement_page(user_id=paid.user_id).rows[0]
    assert (newest.amount, newest.why) == (Money(12_000), str(selectors.RULE_SENTENCES[Rule(rule)]))
    assert agrees_with_the_responses_that_were_charged()


def test_a_scheduled_refund_waits_for_its_moment(clock: Clock, paid: Charge) -> None:
    due = now() + timedelta(hours=5)
    services.schedule_refund(response_id=paid.response_id, rule=Rule.CANCELLED_AFTER_ASSIGNMENT, not_before=due)
    assert services.pay_due_refunds() == 0
    view = selectors.charge_for(paid.response_id)
    assert view is not None
    assert (view.status, view.returns_at) == ("refund_pending", due)
    clock.advance(hours=5, seconds=1)
    assert services.pay_due_refunds() == 1
    assert selectors.wallet_balance(paid.user_id) == Money(12_000)


def test_a_hold_delays_the_refund_until_the_decision_for_the_executor(clock: Clock, paid: Charge) -> None:
    services.schedule_refund(
        response_id=paid.response_id, rule=Rule.CANCELLED_AFTER_ASSIGNMENT, not_before=now() + timedelta(hours=1)
    )
    services.hold_refund(response_id=paid.response_id, reference="case:1", until=now() + timedelta(hours=72))
    clock.advance(hours=2)
    assert services.pay_due_refunds() == 0
    assert selectors.wallet_balance(paid.user_id) == Money(0)
    services.release_hold(response_id=paid.response_id, reference="case:1", rule=Rule.MODERATOR_DECISION)
    assert selectors.wallet_balance(paid.user_id) == Money(12_000)


def test_a_hold_that_ended_by_time_leaves_the_refund_its_own_moment(clock: Clock, paid: Charge) -> None:
    due = now() + timedelta(hours=100)
    services.schedule_refund(response_id=paid.response_id, rule=Rule.CANCELLED_AFTER_ASSIGNMENT, not_before=due)
    services.hold_refund(response_id=paid.response_id, reference="case:1", until=now() + timedelta(hours=72))
    clock.advance(hours=72)
    services.release_hold(response_id=paid.response_id, reference="case:1", rule=Rule.HOLD_EXPIRED)
    assert (services.pay_due_refunds(), selectors.wallet_balance(paid.user_id)) == (0, Money(0))
    clock.advance(hours=28, seconds=1)
    assert services.pay_due_refunds() == 1
    assert selectors.wallet_balance(paid.user_id) == Money(12_000)
    assert (Refund.objects.get().rule, Hold.objects.get().outcome) == (Rule.HOLD_EXPIRED, "expired")


def test_a_kept_fee_stays_kept_unless_an_appeal_is_upheld(clock: Clock, paid: Charge) -> None:
    services.schedule_refund(
        response_id=paid.response_id, rule=Rule.CANCELLED_AFTER_ASSIGNMENT, not_before=now() + timedelta(hours=1)
    )
    services.hold_refund(response_id=paid.response_id, reference="case:1", until=now() + timedelta(hours=72))
    services.keep_fee(response_id=paid.response_id, reference="case:1", by=person("Модератор"))
    clock.advance(hours=100)
    assert (services.pay_due_refunds(), services.refund_unopened()) == (0, 0)
    assert services.refund_response_fee(response_id=paid.response_id, rule=Rule.TASK_EXPIRED) is None
    assert selectors.wallet_balance(paid.user_id) == Money(0)
    services.refund_response_fee(response_id=paid.response_id, rule=Rule.APPEAL_UPHELD)
    assert selectors.wallet_balance(paid.user_id) == Money(12_000)
    assert agrees_with_the_responses_that_were_charged()


def test_a_trial_response_has_nothing_to_give_back(executor: User) -> None:
    services.start_trial(user_id=executor.pk)
    sent = response(executor)
    services.charge_response_fee(
        user_id=executor.pk,
        response_id=sent.pk,
        category_id=category().pk,
        city_id=city().pk,
        task_id=sent.task_id,
        title=sent.task.title,
        unopened_until=now(),
    )
    assert services.refund_response_fee(response_id=sent.pk, rule=Rule.TASK_EXPIRED) is None
    assert Entry.objects.filter(kind="fee_refund").count() == 0
    assert selectors.wallet_balance(executor.pk) == Money(12_000)


def test_the_statement_explains_every_line_newest_first_and_pages_by_key(paid: Charge) -> None:
    first = selectors.statement_page(user_id=paid.user_id, size=1)
    assert [line.kind for line in first.rows] == ["response_fee"]
    assert first.rows[0].charge is not None
    assert first.rows[0].task_title == "Повесить люстру"
    second = selectors.statement_page(user_id=paid.user_id, after=first.next_key, size=1)
    assert [(line.kind, line.why) for line in second.rows] == [("promotion", "Добро пожаловать")]
    assert second.next_key is None


def test_the_statement_is_in_the_order_of_time_whatever_was_written_first(clock: Clock, paid: Charge) -> None:
    clock.freeze(now() - timedelta(days=2))
    services.grant_promotion(user_id=paid.user_id, amount=Money(100), operation="late-written", why="Раньше")
    rows, key = [], None
    for _page in range(3):
        page = selectors.statement_page(user_id=paid.user_id, after=key, size=1)
        rows, key = [*rows, *page.rows], page.next_key
    assert [line.why or line.kind for line in rows] == ["response_fee", "Добро пожаловать", "Раньше"]
    assert key is None


def test_nobody_reads_another_persons_line(paid: Charge) -> None:
    line = selectors.statement_page(user_id=paid.user_id).rows[0]
    assert selectors.statement_line(user_id=person().pk, line_id=line.id) is None
    assert selectors.statement_line(user_id=paid.user_id, line_id=line.id) == line


def test_a_hold_makes_no_refund_where_none_was_due(clock: Clock, paid: Charge) -> None:
    """An executor whose own fault ended the deal is not better off for being flagged."""
    assert services.hold_refund(response_id=paid.response_id, reference="case:1", until=now()) is None
    services.mark_response_opened(response_id=paid.response_id, at=now())
    assert services.release_hold(response_id=paid.response_id, reference="case:1", rule=Rule.MODERATOR_DECISION) is None
    assert services.refund_response_fee(response_id=paid.response_id, rule=Rule.APPEAL_UPHELD) is None
    clock.advance(hours=100)
    assert services.pay_due_refunds() == 0
    assert selectors.wallet_balance(paid.user_id) == Money(0)


def test_a_fee_that_is_back_cannot_be_kept(clock: Clock, paid: Charge) -> None:
    services.schedule_refund(
        response_id=paid.response_id, rule=Rule.CANCELLED_AFTER_ASSIGNMENT, not_before=now() + timedelta(hours=1)
    )
    services.hold_refund(response_id=paid.response_id, reference="case:1", until=now() + timedelta(hours=72))
    clock.advance(hours=73)
    services.release_hold(response_id=paid.response_id, reference="case:1", rule=Rule.HOLD_EXPIRED)
    assert services.keep_fee(response_id=paid.response_id, reference="case:1", by=person("Модератор")) is None
    assert selectors.wallet_balance(paid.user_id) == Money(12_000)
    assert agrees_with_the_responses_that_were_charged()
