"""From a cancellation to a flag: three moments, a hold on the refund, a case; and nothing for who stayed away."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from fraud import services
from fraud.evidence.gather import gather
from fraud.model.services import Measured
from fraud.models import AuditDraw, Case, CaseTrack, Evidence, Score, Signal
from fraud.scoring.measuring import measured
from fraud.selectors import evidence_of
from marketplace.kit.money import Money
from marketplace.notifications.models import Notification
from payments.hooks import refund_due
from payments.selectors import charge_for, wallet_balance
from payments.services import pay_due_refunds
from tasks_app.models import Assignment, Cancellation, DeletedDay
from tasks_app.selectors import cancelled_assignment
from tasks_app.tracking import services as tracking
from tasks_app.tracking.errors import HeldByCase
from tests.conftest import Clock
from tests.fraud.conftest import stays_away, sweep, walk, works_all_the_same
from tests.fraud.tracks import DAY, FAR, stand
from tests.journeys import steps

PAID = Money(88_000)
BACK = Money(100_000)


def test_a_cancellation_plans_three_moments(cancelled: Cancellation) -> None:
    planned = Evidence.objects.filter(cancellation=cancelled).order_by("due_at", "id")
    assert [(row.moment, (row.due_at - DAY) / timedelta(hours=1)) for row in planned] == [
        ("cancellation", 13.2),
        ("window_end", 17),
        ("plus_2h", 19),
    ]


def test_who_worked_all_the_same_is_flagged_and_the_refund_waits(
    agreed: Assignment, cancelled: Cancellation, clock: Clock
) -> None:
    works_all_the_same(agreed, clock)
    sweep(clock, hour=17.1)
    case = Case.objects.get(cancellation=cancelled)
    assert (case.status, case.kind, case.holds_refund) == ("pending", "flag", True)
    assert case.score is not None
    assert case.score > 0.8
    assert Signal.objects.get().evidence.moment == "window_end"
    assert [e.kind for e in case.events.all()] == ["opened", "refund_held"]
    assert Notification.objects.filter(user=agreed.executor, kind="case_opened").count() == 1

    sweep(clock, hour=24)
    assert wallet_balance(agreed.executor_id) == PAID
    charge = charge_for(agreed.response_id)
    assert charge is not None
    assert charge.status == "refund_pending"


def test_jobs_that_are_behind_do_not_pay_before_anybody_looked(
    agreed: Assignment, cancelled: Cancellation, clock: Clock
) -> None:
    works_all_the_same(agreed, clock)
    clock.freeze(DAY + timedelta(hours=24))
    assert pay_due_refunds() == 0
    assert wallet_balance(agreed.executor_id) == PAID
    sweep(clock, hour=24)
    assert Case.objects.get(cancellation=cancelled).holds_refund
    assert wallet_balance(agreed.executor_id) == PAID


def test_without_that_guard_the_fee_is_gone_before_the_look(
    agreed: Assignment, cancelled: Cancellation, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refund_due, "handlers", [])
    works_all_the_same(agreed, clock)
    clock.freeze(DAY + timedelta(hours=24))
    assert pay_due_refunds() == 1
    assert wallet_balance(agreed.executor_id) == BACK


def test_a_look_that_never_comes_keeps_the_fee_no_longer_than_a_hold(
    agreed: Assignment, cancelled: Cancellation, clock: Clock
) -> None:
    last = Evidence.objects.get(cancellation=cancelled, moment="plus_2h").due_at
    clock.freeze(last + timedelta(hours=72) - timedelta(minutes=1))
    assert pay_due_refunds() == 0
    clock.freeze(last + timedelta(hours=72))
    assert pay_due_refunds() == 1
    assert wallet_balance(agreed.executor_id) == BACK


def test_who_stayed_away_gets_the_fee_back_and_no_case(
    agreed: Assignment, cancelled: Cancellation, clock: Clock
) -> None:
    stays_away(agreed, clock)
    sweep(clock, hour=19.01)
    assert wallet_balance(agreed.executor_id) == PAID
    sweep(clock, hour=19.2)
    assert wallet_balance(agreed.executor_id) == BACK
    assert not Signal.objects.exists()
    assert {row.verdict for row in Evidence.objects.all()} == {"unverifiable", "does_not_match"}


def test_no_positions_at_all_is_no_case(agreed: Assignment, cancelled: Cancellation, clock: Clock) -> None:
    sweep(clock, hour=19.2)
    assert wallet_balance(agreed.executor_id) == BACK
    assert not Signal.objects.exists()
    assert Evidence.objects.get(moment="plus_2h").verdict == "unverifiable"


def test_a_restart_loses_no_moment(agreed: Assignment, cancelled: Cancellation, clock: Clock) -> None:
    works_all_the_same(agreed, clock)
    clock.freeze(DAY + timedelta(days=1))
    assert services.collect_due_evidence() == 3
    assert services.collect_due_evidence() == 0
    assert Case.objects.count() == 1


def test_an_early_moment_does_not_see_what_comes_later(
    agreed: Assignment, cancelled: Cancellation, clock: Clock
) -> None:
    works_all_the_same(agreed, clock)
    clock.freeze(DAY + timedelta(days=1))
    services.collect_due_evidence()
    assert Evidence.objects.get(moment="cancellation").score == 0
    points = {track.moment: len(track.points) for track in CaseTrack.objects.all()}
    assert points["cancellation"] == 0
    assert points["plus_2h"] > 20


def test_collecting_twice_changes_nothing(case: Case) -> None:
    row = services.collect_evidence(cancellation_id=case.cancellation_id, moment="window_end")
    again = services.collect_evidence(cancellation_id=case.cancellation_id, moment="window_end")
    assert row.collected_at == again.collected_at
    assert Case.objects.count() == 1


def test_what_is_not_due_is_not_collected(cancelled: Cancellation) -> None:
    row = services.collect_evidence(cancellation_id=cancelled.pk, moment="plus_2h")
    assert row.collected_at is None


def test_the_track_cannot_be_deleted_before_the_check_is_over(
    agreed: Assignment, cancelled: Cancellation, clock: Clock
) -> None:
    works_all_the_same(agreed, clock)
    with pytest.raises(HeldByCase):
        tracking.delete_track(user=agreed.executor, day=DAY.date())
    sweep(clock, hour=19.2)
    with pytest.raises(HeldByCase):
        tracking.delete_track(user=agreed.executor, day=DAY.date())


def test_without_a_flag_the_track_is_free_after_the_last_moment(
    agreed: Assignment, cancelled: Cancellation, clock: Clock, settings: object
) -> None:
    settings.FRAUD = {"audit_share": 0.0}  # type: ignore[attr-defined]
    stays_away(agreed, clock)
    sweep(clock, hour=19.2)
    assert tracking.delete_track(user=agreed.executor, day=DAY.date()) > 0


def test_an_unflagged_cancellation_may_be_drawn_for_a_blind_look(
    agreed: Assignment, cancelled: Cancellation, clock: Clock, settings: object
) -> None:
    settings.FRAUD = {"audit_share": 1.0, "unflagged_per_case": 1}  # type: ignore[attr-defined]
    stays_away(agreed, clock)
    sweep(clock, hour=19.2)
    case = Case.objects.get()
    draw = AuditDraw.objects.get()
    assert (case.kind, case.score, case.holds_refund) == ("audit", None, False)
    assert (draw.propensity, draw.drawn) == (1.0, True)
    assert wallet_balance(agreed.executor_id) == BACK
    assert not Notification.objects.filter(kind="case_opened").exists()


def test_a_flagged_cancellation_is_never_drawn(case: Case, clock: Clock, settings: object) -> None:
    settings.FRAUD = {"audit_share": 1.0, "unflagged_per_case": 1}  # type: ignore[attr-defined]
    sweep(clock, hour=19.2)
    assert not AuditDraw.objects.exists()
    assert Case.objects.count() == 1


def test_a_neighbour_on_other_days_is_not_flagged(agreed: Assignment, clock: Clock) -> None:
    """The same stay, but the person stands here every day."""
    place = (agreed.task.point.x, agreed.task.point.y)
    for days in (4, 3, 2, 1):
        fixes = stand(place, 19, 23, every=15)
        walk(agreed.executor, [type(f)(f.at - timedelta(days=days), f.lon, f.lat, f.accuracy_m) for f in fixes], clock)
    clock.freeze(DAY + timedelta(hours=13.2))
    steps.cancel(agreed)
    works_all_the_same(agreed, clock)
    sweep(clock, hour=19.2)
    assert not Signal.objects.exists()
    facts = {fact["kind"] for fact in Score.objects.get(moment="plus_2h", role="champion").facts}
    assert {"rests_here", "here_before", "stayed"} <= facts
    assert place != FAR


def test_a_day_deleted_before_the_cancellation_is_a_named_gap_and_proves_nothing(
    agreed: Assignment, clock: Clock
) -> None:
    walk(agreed.executor, stand(FAR, 9, 12), clock)
    clock.freeze(DAY + timedelta(hours=12.5))
    assert tracking.delete_track(user=agreed.executor, day=DAY.date()) > 0
    clock.freeze(DAY + timedelta(hours=13.2))
    cancellation = steps.cancel(agreed)
    sweep(clock, hour=19.2)
    row = Evidence.objects.get(cancellation=cancellation, moment="plus_2h")
    for score in Score.objects.filter(cancellation=cancellation, moment="plus_2h"):
        (fact,) = [fact for fact in score.facts if fact["kind"] == "deleted"]
        assert (fact["side"], fact["params"]) == ("note", {"days": [DAY.date().isoformat()]})
    assert (row.score, row.verdict, Case.objects.filter(kind="flag").count()) == (0.0, "unverifiable", 0)
    view = evidence_of(cancellation.pk, ZoneInfo("Europe/Moscow"))
    assert view is not None
    assert view.notes == ["Пробел: человек сам удалил положения за 20.11.2026. Это ничего не доказывает"]
    assert wallet_balance(agreed.executor_id) == BACK


def test_a_deletion_changes_no_score(agreed: Assignment, cancelled: Cancellation, clock: Clock) -> None:
    works_all_the_same(agreed, clock)
    clock.freeze(DAY + timedelta(hours=17))
    services.read_positions(person_id=agreed.executor_id)
    before = at_the_end(cancelled)
    DeletedDay.objects.create(executor=agreed.executor, day=DAY.date())
    after = at_the_end(cancelled)
    assert after.rule == before.rule > 0.8
    assert after.measures == pytest.approx(before.measures, nan_ok=True)
    assert len(after.facts) == len(before.facts) + 1


def at_the_end(cancellation: Cancellation) -> Measured:
    as_of = DAY + timedelta(hours=17)
    gathered = gather(cancelled_assignment(cancellation.pk), as_of=as_of)
    assert gathered is not None
    return measured(gathered, moment="window_end", as_of=as_of)
