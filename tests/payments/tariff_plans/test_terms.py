"""Which terms hold for whom: dates, notice, roll-outs, and what in flight keeps."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection

from marketplace.accounts.models import User
from marketplace.kit.clock import now
from marketplace.kit.errors import PolicyDenied
from marketplace.kit.models import AuditEvent
from marketplace.kit.money import Money
from marketplace.notifications.models import Notification
from payments import selectors, services
from payments.models import Charge, RolloutStep, Tariff
from payments.selectors import Terms
from payments.tariff_plans import policies
from payments.tariff_plans.announcements import announce_due
from tests.conftest import Clock
from tests.journeys import steps
from tests.payments.factories import bucket_of, category, city, person, tariff
from tests.payments.test_fees import charge, give, response

pytestmark = pytest.mark.django_db
NOTICE = settings.RULES["tariff_notice_days"]


@pytest.fixture
def operator(db: None) -> User:
    tariff(12_000)
    return steps.operator()


def publish(
    by: User, *, fee: int = 20_000, month: int = 149_000, in_days: float = NOTICE, share: int = 100, **more: object
) -> Tariff:
    return services.publish_tariff(
        category_id=category().pk, city_id=city().pk, terms=Terms(fee, month, **more), by=by, share=share,  # type: ignore[arg-type]
        valid_from=now() + timedelta(days=in_days),
    )  # fmt: skip


def fee_of(executor_id: int | None) -> int:
    held = selectors.tariff_in_force(category_id=category().pk, city_id=city().pk, executor_id=executor_id)
    assert held is not None
    return held.response_fee_minor


def refused(code: str) -> "pytest.RaisesExc[PolicyDenied]":
    return pytest.raises(PolicyDenied, match=f"^{code}:")


def test_new_terms_hold_from_their_day_and_not_an_hour_before(operator: User, clock: Clock) -> None:
    executor = person()
    publish(operator)
    clock.advance(days=NOTICE, hours=-1)
    assert fee_of(executor.pk) == 12_000
    clock.advance(hours=2)
    assert fee_of(executor.pk) == fee_of(None) == 20_000
    assert AuditEvent.objects.get(action="tariff.added").actor_id == operator.pk


def test_a_price_rise_without_notice_is_refused_and_nothing_is_written(operator: User) -> None:
    with refused("notice_too_short"):
        publish(operator, in_days=NOTICE - 1)
    assert Tariff.objects.count() == 1
    assert not AuditEvent.objects.filter(action="tariff.added").exists()


def test_control_without_the_notice_rule_the_rise_would_begin_at_once(
    operator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(policies, "is_dearer", lambda terms, before: False)
    publish(operator, in_days=0)  # control
    assert fee_of(person().pk) == 20_000


@pytest.mark.parametrize(
    ("terms", "dearer"),
    [
        (Terms(12_000, 149_000), False),
        (Terms(11_999, 149_000), False),
        (Terms(12_001, 149_000), True),
        (Terms(12_000, 149_001), True),
        (Terms(12_000, 0), True),  # whoever subscribed pays by the response
        (Terms(12_000, 149_000, 500, "customer"), False),
        (Terms(12_000, 149_000, 1, "both"), True),
        (Terms(0, 0), True),  # the month is withdrawn
        (Terms(0, 149_000), True),  # whoever paid by the response has to buy a month
        (Terms(0, 99_000), True),  # also where the month becomes cheaper
    ],
)
def test_what_counts_as_dearer_for_executors(operator: User, terms: Terms, dearer: bool) -> None:
    before = selectors.tariff_in_force(category_id=category().pk, city_id=city().pk)
    assert selectors.is_dearer(terms, before) is dearer


def test_paying_by_the_response_is_not_withdrawn_without_notice(operator: User, clock: Clock) -> None:
    executor = person()
    with refused("notice_too_short"):
        publish(operator, fee=0, in_days=NOTICE - 1)
    assert Tariff.objects.count() == 1
    publish(operator, fee=0, in_days=NOTICE)
    clock.advance(days=NOTICE, hours=-1)
    assert fee_of(executor.pk) == 12_000


def test_both_models_together_are_no_dearer_than_one_of_them_was(operator: User) -> None:
    only_month = Tariff(category=category(), city=city(), response_fee_minor=0, subscription_minor=149_000)
    assert not selectors.is_dearer(Terms(0, 149_000), only_month)
    only_responses = Tariff(category=category(), city=city(), response_fee_minor=12_000, subscription_minor=0)
    assert not selectors.is_dearer(Terms(12_000, 149_000), only_responses)
    assert not selectors.is_dearer(Terms(0, 0), only_responses)
    assert selectors.is_dearer(Terms(0, 149_000), only_responses)


def test_a_dearer_month_needs_the_longer_notice(operator: User) -> None:
    long = settings.RULES["subscription_price_notice_days"]
    with refused("notice_too_short"):
        publish(operator, fee=12_000, month=199_000, in_days=long - 1)
    assert Tariff.objects.count() == 1
    publish(operator, fee=12_000, month=199_000, in_days=long)
    assert Tariff.objects.count() == 2


@pytest.mark.parametrize("terms", [{"fee": -1}, {"month": -1}, {"commission_bp": 1501}, {"share": 0}, {"share": 101}])
def test_impossible_terms_are_refused(operator: User, terms: dict[str, int]) -> None:
    with refused("bad_terms"):
        publish(operator, **terms)  # type: ignore[arg-type]
    assert Tariff.objects.count() == 1


def test_the_past_is_not_rewritten_and_announced_terms_are_not_overtaken(operator: User) -> None:
    with refused("tariff_in_the_past"):
        publish(operator, fee=1_000, in_days=-1)
    publish(operator, in_days=20)
    with refused("later_tariff_stands"):
        publish(operator, fee=1_000, in_days=3)
    assert Tariff.objects.count() == 2


def test_only_operators_switch_models(operator: User) -> None:
    for somebody in (steps.moderator(), person()):
        with refused("staff_only"):
            publish(somebody)
    assert Tariff.objects.count() == 1


def test_a_response_keeps_the_terms_it_was_charged_by(operator: User, clock: Clock) -> None:
    executor = person()
    give(executor.pk, 90_000)
    before = charge(executor.pk, response(executor).pk)
    publish(operator)
    clock.advance(days=NOTICE, seconds=1)
    after = charge(executor.pk, response(executor).pk)
    before.refresh_from_db()
    assert (before.amount, after.amount) == (Money(12_000), Money(20_000))


def test_where_only_subscriptions_hold_a_response_without_one_is_refused_and_the_free_day_still_covers(
    operator: User, clock: Clock
) -> None:
    with refused("notice_too_short"):
        publish(operator, fee=0, in_days=0)
    publish(operator, fee=0, in_days=NOTICE)
    clock.advance(days=NOTICE, seconds=1)
    executor = person()
    give(executor.pk, 90_000)
    sent = response(executor)
    quote = selectors.quote_response_fee(user_id=executor.pk, category_id=category().pk, city_id=city().pk)
    assert quote.refusal is not None
    assert quote.refusal.code == "subscription_needed"
    with pytest.raises(Exception, match="subscription_needed"):
        charge(executor.pk, sent.pk)
    assert not Charge.objects.exists()
    services.start_trial(user_id=executor.pk)
    assert charge(executor.pk, sent.pk).covered_by == "trial"


# Roll-outs


def people(count: int) -> list[int]:
    return [person(f"Мастер {n}").pk for n in range(count)]


def test_a_rollout_reaches_a_stable_share_and_visitors_see_the_earlier_terms(operator: User, clock: Clock) -> None:
    publish(operator, share=30)
    clock.advance(days=NOTICE, seconds=1)
    fees = {n: fee_of(n) for n in range(1, 401)}
    reached = {n for n, fee in fees.items() if fee == 20_000}
    assert 80 <= len(reached) <= 160
    assert {n for n in fees if fee_of(n) == 20_000} == reached
    assert fee_of(None) == 12_000


def test_widening_only_adds_people_and_a_hundred_reaches_everybody(operator: User, clock: Clock) -> None:
    rollout = publish(operator, share=20).rollout
    clock.advance(days=NOTICE, seconds=1)
    first = {n for n in range(1, 201) if fee_of(n) == 20_000}
    services.widen_rollout(rollout_id=rollout.pk, share=60, begins=now() + timedelta(days=NOTICE), by=operator)
    assert {n for n in range(1, 201) if fee_of(n) == 20_000} == first
    clock.advance(days=NOTICE, seconds=1)
    second = {n for n in range(1, 201) if fee_of(n) == 20_000}
    assert first < second
    services.widen_rollout(rollout_id=rollout.pk, share=100, begins=now() + timedelta(days=NOTICE), by=operator)
    clock.advance(days=NOTICE, seconds=1)
    assert {fee_of(n) for n in [None, *range(1, 50)]} == {20_000}


def test_those_who_join_later_are_given_notice_too(operator: User, clock: Clock) -> None:
    rollout = publish(operator, share=20).rollout
    clock.advance(days=NOTICE, seconds=1)
    with refused("notice_too_short"):
        services.widen_rollout(rollout_id=rollout.pk, share=50, begins=now() + timedelta(hours=1), by=operator)
    with refused("share_not_wider"):
        services.widen_rollout(rollout_id=rollout.pk, share=20, begins=now() + timedelta(days=30), by=operator)
    assert RolloutStep.objects.count() == 1


def test_stopping_brings_the_earlier_terms_back_to_everybody_at_once(operator: User, clock: Clock) -> None:
    rollout = publish(operator, share=50).rollout
    clock.advance(days=NOTICE, seconds=1)
    services.stop_rollout(rollout_id=rollout.pk, by=operator)
    clock.advance(seconds=1)
    assert {fee_of(n) for n in range(1, 60)} == {12_000}
    with refused("rollout_ended"):
        services.widen_rollout(rollout_id=rollout.pk, share=90, begins=now() + timedelta(days=30), by=operator)


def test_a_rollout_stopped_before_it_began_never_begins(operator: User, clock: Clock) -> None:
    rollout = publish(operator, share=50).rollout
    services.stop_rollout(rollout_id=rollout.pk, by=operator)
    clock.advance(days=NOTICE, seconds=1)
    assert {fee_of(n) for n in range(1, 60)} == {12_000}


def test_no_second_tariff_under_a_running_rollout(operator: User) -> None:
    publish(operator, share=50)
    with refused("rollout_runs"):
        publish(operator, in_days=40)
    assert Tariff.objects.count() == 2


def test_the_bucket_of_the_database_is_even_and_differs_between_rollouts() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT payments_bucket(n, 7), payments_bucket(n, 8) FROM generate_series(1, 20000) AS n")
        found = cursor.fetchall()
    counts = [sum(a == part for a, _ in found) for part in range(100)]
    assert min(counts) > 140
    assert max(counts) < 260
    assert sum(a == b for a, b in found) < 400


# Telling


def concerned(reached: bool, rollout_id: int, share: int) -> User:
    """An executor of the category in the city, inside or outside of the share."""
    while True:
        executor = steps.executor(category=category(), money=Money(0))
        User.objects.filter(pk=executor.pk).update(city=city())
        if (bucket_of(executor.pk, rollout_id) < share) is reached:
            return executor


def test_executors_concerned_are_told_once_before_the_day(operator: User) -> None:
    executor = concerned(True, 1, 100)
    stranger = person()
    publish(operator)
    assert announce_due() == 1
    assert announce_due() == 0
    told = Notification.objects.get(kind="tariff_changes")
    assert told.user_id == executor.pk != stranger.pk
    assert told.params["fee"] == {"minor": 20_000, "currency": "RUB"}


def test_an_interrupted_announcement_goes_on_where_it_stopped(operator: User, monkeypatch: pytest.MonkeyPatch) -> None:
    from payments.tariff_plans import announcements

    both = [concerned(True, 1, 100), concerned(True, 1, 100)]
    publish(operator)
    real, calls = announcements.notify, []

    def dies_after_one(**told: object) -> object:
        if calls:
            raise ConnectionError
        calls.append(told)
        return real(**told)  # type: ignore[arg-type]

    monkeypatch.setattr(announcements, "notify", dies_after_one)
    with pytest.raises(ConnectionError):
        announce_due()
    monkeypatch.setattr(announcements, "notify", real)
    announce_due()
    assert sorted(Notification.objects.filter(kind="tariff_changes").values_list("user_id", flat=True)) == sorted(
        one.pk for one in both
    )


def test_a_rollout_tells_only_those_it_reaches(operator: User) -> None:
    rollout = publish(operator, share=50).rollout
    inside, outside = concerned(True, rollout.pk, 50), concerned(False, rollout.pk, 50)
    announce_due()
    told = set(Notification.objects.filter(kind="tariff_changes").values_list("user_id", flat=True))
    assert inside.pk in told
    assert outside.pk not in told
