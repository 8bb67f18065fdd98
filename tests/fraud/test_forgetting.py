"""What is kept of positions, and for how long: a canary coordinate is looked for in every table."""

import re
import struct
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from fraud import jobs, selectors, services
from fraud.evidence.situation import Fix
from fraud.models import Case, CaseTrack, Evidence, Score
from fraud.services import forgetting
from marketplace.accounts import services as accounts
from marketplace.accounts.models import User
from marketplace.kit.errors import NotFound, PolicyDenied
from tasks_app import selectors as tasks
from tasks_app.models import Assignment, Cancellation
from tasks_app.tracking import services as tracking
from tasks_app.tracking.errors import HeldByCase
from tasks_app.tracking.jobs import forget_days
from tests.conftest import Clock
from tests.fraud.conftest import place_of, sweep, walk
from tests.fraud.tracks import DAY, FAR, joined, moved, ride, stand
from tests.journeys import steps

ALL_OF_IT = {"tasks_app_ping", "fraud_keptstay", "fraud_keptday"}
COPY = {"fraud_casetrack"}


@pytest.fixture(autouse=True)
def _no_chance(settings: Any) -> None:
    settings.FRAUD = {"audit_share": 0.0, "second_share": 0.0}


def canary_of(deal: Assignment) -> tuple[float, float]:
    return moved(place_of(deal), 20)


def stands_there(deal: Assignment, clock: Clock, start: float = 14.1, end: float = 15.5) -> None:
    """Positions of one and the same coordinates, near the task."""
    place = place_of(deal)
    there = stand(canary_of(deal), start, end, error=0)
    walk(
        deal.executor,
        joined(
            stand(FAR, 13.3, 13.6), ride(FAR, place, 13.6, 14), there, ride(place, FAR, 15.5, 16), stand(FAR, 16, 17)
        ),
        clock,
    )


def kept_in(deal: Assignment) -> set[str]:
    """Every table in which the canary stands: as a number in text, or as the bytes of one."""
    lon = canary_of(deal)[0]
    needle = f"{re.escape(str(lon)[:7])}|{struct.pack('<d', lon).hex()}"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public' "
            "AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname <> 'spatial_ref_sys'"
        )
        tables = [row[0] for row in cursor.fetchall()]
        found = set()
        for table in tables:
            cursor.execute(f'SELECT EXISTS (SELECT 1 FROM "{table}" AS r WHERE r::text ~ %s)', [needle])
            if cursor.fetchone()[0]:
                found.add(table)
    return found


def delete_the_day(person: User) -> int:
    return tracking.delete_track(user=person, day=DAY.date())


@pytest.fixture
def flagged(agreed: Assignment, cancelled: Cancellation, clock: Clock) -> Case:
    stands_there(agreed, clock)
    sweep(clock, hour=19.2)
    return Case.objects.get()


@pytest.fixture
def confirmed(flagged: Case, moderator: User) -> Case:
    services.decide_case(
        case_id=flagged.pk, by=moderator, outcome="confirmed", reason="Видно по месту.", strike=True, restrict_days=30
    )
    flagged.refresh_from_db()
    return flagged


def test_without_a_case_nothing_is_copied_and_a_deleted_day_is_gone(
    agreed: Assignment, cancelled: Cancellation, clock: Clock
) -> None:
    stands_there(agreed, clock, end=14.2)
    sweep(clock, hour=19.2)
    assert not Case.objects.exists()
    assert kept_in(agreed) <= ALL_OF_IT
    assert [row.facts[0]["kind"] for row in Score.objects.filter(moment="plus_2h")] == ["stayed", "stayed"]
    delete_the_day(agreed.executor)
    assert kept_in(agreed) == set()
    assert [row.findings for row in Evidence.objects.all()] == [{}, {}, {}]
    assert {str(row.facts) for row in Score.objects.all()} == {"[]"}, "nor how long somebody was near"


def test_a_deletion_leaves_what_was_found_on_other_days(
    agreed: Assignment, cancelled: Cancellation, clock: Clock
) -> None:
    stands_there(agreed, clock, end=14.2)
    sweep(clock, hour=19.2)
    tracking.delete_track(user=agreed.executor, day=(DAY - timedelta(days=2)).date())
    assert {} not in [row.findings for row in Evidence.objects.all()]
    assert kept_in(agreed) <= ALL_OF_IT


def test_positions_of_the_day_before_are_read_as_ever(
    agreed: Assignment, cancelled: Cancellation, clock: Clock
) -> None:
    """What the deleted day's moments looked at is known without their findings."""
    stands_there(agreed, clock, end=14.2)
    sweep(clock, hour=19.2)
    delete_the_day(agreed.executor)
    assert {str(row.findings) for row in Evidence.objects.all()} == {"{}"}
    before = [Fix(fix.at - timedelta(days=1), fix.lon, fix.lat, 15) for fix in stand(FAR, 9, 10)]
    walk(agreed.executor, before, clock, sent=DAY + timedelta(hours=20))
    services.read_positions(person_id=agreed.executor_id)
    assert tasks.people_with_unread(limit=5) == []
    assert not Evidence.objects.exclude(late_at=None).exists()


def test_the_last_place_goes_too_when_nothing_else_is_left(agreed: Assignment, clock: Clock) -> None:
    walk(agreed.executor, stand(canary_of(agreed), 9, 10, error=0), clock)
    services.read_all_positions()
    for days in (0, 2, 3, 4, 5, 6):
        tracking.delete_track(user=agreed.executor, day=(DAY - timedelta(days=days)).date())
    assert kept_in(agreed) == set()


def test_an_open_case_holds_the_day_and_nothing_changes(flagged: Case, agreed: Assignment) -> None:
    assert kept_in(agreed) == ALL_OF_IT | COPY
    before = list(CaseTrack.objects.values_list("moment", "points"))
    assert [moment for moment, _points in before] == ["cancellation", "window_end", "plus_2h"]
    with pytest.raises(HeldByCase):
        delete_the_day(agreed.executor)
    with pytest.raises(PolicyDenied, match="track_held"):
        services.forget_case_track(case_id=flagged.pk, by=agreed.executor)
    assert list(CaseTrack.objects.values_list("moment", "points")) == before
    assert kept_in(agreed) == ALL_OF_IT | COPY
    assert Evidence.objects.exclude(findings={}).count() == 3


def test_decided_in_favour_the_day_is_free_at_once(flagged: Case, moderator: User, agreed: Assignment) -> None:
    services.decide_case(case_id=flagged.pk, by=moderator, outcome="innocent", reason_code="sent_away")
    assert delete_the_day(agreed.executor) > 20
    assert kept_in(agreed) == set()
    own = selectors.own_case(agreed.executor, flagged.pk)
    assert own.for_facts, "what was decided on stays in words"
    assert (own.copy.points, own.place.evidence.track) == (0, [])
    assert flagged.events.last().kind == "positions_deleted"


def test_decided_against_it_is_held_until_nobody_can_appeal(confirmed: Case, agreed: Assignment, clock: Clock) -> None:
    clock.freeze(confirmed.closed_at + timedelta(days=13, hours=23))
    jobs.forget_evidence()
    with pytest.raises(HeldByCase):
        delete_the_day(agreed.executor)
    clock.freeze(confirmed.closed_at + timedelta(days=14))
    assert jobs.forget_evidence() == 1
    assert jobs.forget_evidence() == 0
    assert delete_the_day(agreed.executor) > 20
    assert kept_in(agreed) == set()


def test_an_appeal_holds_it_until_it_is_decided(confirmed: Case, agreed: Assignment, clock: Clock) -> None:
    clock.freeze(confirmed.closed_at + timedelta(days=13))
    appeal = services.appeal_case(case_id=confirmed.pk, by=agreed.executor, text="Я был у соседей.")
    clock.advance(days=2)
    jobs.forget_evidence()
    with pytest.raises(HeldByCase):
        delete_the_day(agreed.executor)
    accounts.decide_appeal(appeal=appeal, by=steps.moderator("Пётр Второй"), upheld=False, reason="Факты те же.")
    assert delete_the_day(agreed.executor) > 20


def test_an_appeal_of_its_restriction_holds_it_too(confirmed: Case, agreed: Assignment, clock: Clock) -> None:
    restriction = agreed.executor.restrictions.get()
    clock.freeze(confirmed.closed_at + timedelta(days=364))
    appeal = accounts.appeal_restriction(user=agreed.executor, restriction_id=restriction.pk, text="Слишком долго.")
    clock.advance(days=2)
    jobs.forget_evidence()
    assert CaseTrack.objects.count() == 3
    accounts.decide_appeal(appeal=appeal, by=steps.moderator("Пётр Второй"), upheld=False, reason="Факты те же.")
    jobs.forget_evidence()
    assert not CaseTrack.objects.exists()


def test_a_second_look_is_waited_for_two_weeks(
    flagged: Case, moderator: User, agreed: Assignment, clock: Clock, settings: Any
) -> None:
    settings.FRAUD = {"second_share": 1.0}
    services.decide_case(case_id=flagged.pk, by=moderator, outcome="innocent", reason_code="sent_away")
    with pytest.raises(HeldByCase):
        delete_the_day(agreed.executor)
    clock.advance(days=14)
    jobs.forget_evidence()
    assert delete_the_day(agreed.executor) > 20


def test_a_second_look_that_agrees_frees_it_at_once(
    flagged: Case, moderator: User, agreed: Assignment, settings: Any
) -> None:
    settings.FRAUD = {"second_share": 1.0}
    services.decide_case(case_id=flagged.pk, by=moderator, outcome="innocent", reason_code="sent_away")
    review = flagged.second_review
    services.decide_second(review_id=review.pk, by=steps.moderator("Пётр Второй"), outcome="innocent")
    assert delete_the_day(agreed.executor) > 20


def test_positions_live_60_days_and_the_copy_of_a_case_a_year(
    confirmed: Case, agreed: Assignment, clock: Clock
) -> None:
    clock.freeze(DAY + timedelta(days=61, hours=3))
    forget_days()
    jobs.forget_evidence()
    assert kept_in(agreed) == COPY
    clock.freeze(confirmed.closed_at + timedelta(days=364))
    jobs.forget_evidence()
    assert kept_in(agreed) == COPY
    clock.freeze(confirmed.closed_at + timedelta(days=365))
    assert jobs.forget_evidence() == 4
    assert jobs.forget_evidence() == 0
    assert kept_in(agreed) == set()
    assert not Evidence.objects.exclude(findings={}).exists()
    scores = Score.objects.exclude(model_version__startswith="rule")
    assert scores.filter(measures__has_key="fixes").count() == 3, "what a model learns from stays"
    assert not scores.filter(measures__has_any_keys=["stay_begin", "stay_finish"]).exists()
    assert not Score.objects.exclude(facts=[]).exists()
    own = selectors.own_case(agreed.executor, confirmed.pk)
    assert (own.outcome, own.reason, own.forgotten) == ("confirmed", "Видно по месту.", True)
    assert own.opening == own.for_facts == own.against_facts == own.notes == []


def test_what_was_found_without_a_case_lives_as_long_as_positions(
    agreed: Assignment, cancelled: Cancellation, clock: Clock
) -> None:
    sweep(clock, hour=19.2)
    last = Evidence.objects.get(moment="plus_2h").due_at
    clock.freeze(last + timedelta(days=60) - timedelta(minutes=1))
    assert jobs.forget_evidence() == 2
    clock.freeze(last + timedelta(days=60))
    assert jobs.forget_evidence() == 1
    assert not Evidence.objects.exclude(findings={}).exists()


def test_an_undecided_appeal_keeps_it_beyond_the_year(confirmed: Case, agreed: Assignment, clock: Clock) -> None:
    services.appeal_case(case_id=confirmed.pk, by=agreed.executor, text="Я был у соседей.")
    clock.advance(days=500)
    jobs.forget_evidence()
    assert CaseTrack.objects.count() == 3
    assert Evidence.objects.exclude(findings={}).count() == 3


def test_a_job_that_dies_leaves_the_rest_to_the_next(
    confirmed: Case, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.advance(days=400)

    def dies(_edge: object) -> None:
        raise OSError("the worker dies")

    monkeypatch.setattr(forgetting, "_old_findings", dies)
    with pytest.raises(OSError, match="dies"):
        jobs.forget_evidence()
    assert Evidence.objects.exclude(findings={}).count() == 3
    monkeypatch.undo()
    jobs.forget_evidence()
    assert not CaseTrack.objects.exists()
    assert not Evidence.objects.exclude(findings={}).exists()


def test_the_executor_sees_and_deletes_the_copy_when_the_day_itself_is_long_forgotten(
    confirmed: Case, agreed: Assignment, clock: Clock
) -> None:
    clock.freeze(DAY + timedelta(days=70))
    forget_days()
    jobs.forget_evidence()
    (copy,) = selectors.own_copies(agreed.executor)
    assert (copy.case_id, copy.until, copy.may_delete) == (
        confirmed.pk, confirmed.closed_at + timedelta(days=365), True
    )  # fmt: skip
    assert services.forget_case_track(case_id=confirmed.pk, by=agreed.executor) == copy.points > 20
    assert kept_in(agreed) == set()
    assert selectors.own_copies(agreed.executor) == []
    assert services.forget_case_track(case_id=confirmed.pk, by=agreed.executor) == 0


def test_only_the_executor_deletes_the_copy(confirmed: Case, moderator: User, clock: Clock) -> None:
    clock.advance(days=20)
    jobs.forget_evidence()
    for person in (confirmed.customer, steps.customer(), moderator):
        with pytest.raises(PolicyDenied, match="not_found"):
            services.forget_case_track(case_id=confirmed.pk, by=person)
        assert selectors.own_copies(person) == []
    with pytest.raises(NotFound):
        services.forget_case_track(case_id=confirmed.pk + 1, by=confirmed.executor)
    assert CaseTrack.objects.count() == 3


def test_of_a_night_only_the_deleted_day_goes(flagged: Case, moderator: User, agreed: Assignment) -> None:
    track = CaseTrack.objects.get(moment="plus_2h")
    after = [(DAY + timedelta(hours=25)).isoformat(), *track.points[0][1:]]
    CaseTrack.objects.filter(pk=track.pk).update(points=[*track.points, after])
    services.decide_case(case_id=flagged.pk, by=moderator, outcome="innocent", reason_code="sent_away")
    delete_the_day(agreed.executor)
    track.refresh_from_db()
    assert track.points == [after]
