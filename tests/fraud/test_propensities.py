"""How likely a cancellation was to be looked at: logged for random checks, by the queue's order for flags; its inverse weighs."""

from collections.abc import Sequence
from datetime import timedelta
from random import Random

import pytest

from fraud import services
from fraud.learning import auditing, chances
from fraud.learning.auditing import draw_for_audit, propensity
from fraud.learning.labels import Label, labels
from fraud.learning.training import _examples
from fraud.models import AuditDraw, Case
from marketplace.accounts.models import User
from marketplace.kit.clock import now
from tasks_app.models import Assignment, Cancellation
from tests.conftest import Clock
from tests.fraud.conftest import stays_away, sweep
from tests.fraud.test_retrain import copies
from tests.journeys import steps

CERTAIN = {"audit_share": 1.0, "unflagged_per_case": 1, "second_share": 0.0}


def many(count: int) -> list[Cancellation]:
    one = steps.cancel(steps.assigned())
    return [one, *copies(one, count - 1)]


def case_of(cancellation: Cancellation, kind: str, rank: float = 1.0, *, days: int = 3) -> Case:
    deal = cancellation.assignment
    return Case.objects.create(
        cancellation=cancellation, executor=deal.executor, customer=deal.customer, response=deal.response,
        kind=kind, rank=rank, opened_at=now(), due_at=now() + timedelta(days=days),
    )  # fmt: skip


def decide(cases: Sequence[Case], by: User) -> None:
    for case in cases:
        services.decide_case(case_id=case.pk, by=by, outcome="innocent", reason="Не был там.")


def chance_of(told: Sequence[Label]) -> dict[int, float]:
    return {one.cancellation_id: one.propensity for one in told}


def test_where_nothing_can_be_seen_the_chance_is_a_tenth_and_logged(
    agreed: Assignment, cancelled: Cancellation, clock: Clock, settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.FRAUD = CERTAIN  # type: ignore[attr-defined]
    monkeypatch.setattr(auditing, "_dice", Random(3))
    sweep(clock, hour=19.2)  # no positions at all
    draw = AuditDraw.objects.get()
    assert (draw.verifiable, draw.propensity, draw.drawn) == (False, pytest.approx(0.1), False)
    assert not Case.objects.exists()


def test_with_positions_it_has_the_whole_chance(
    agreed: Assignment, cancelled: Cancellation, clock: Clock, settings: object
) -> None:
    settings.FRAUD = CERTAIN  # type: ignore[attr-defined]
    stays_away(agreed, clock)
    sweep(clock, hour=19.2)
    draw = AuditDraw.objects.get()
    assert (draw.verifiable, draw.propensity, draw.drawn) == (True, 1.0, True)
    assert Case.objects.get().kind == "audit"


def test_so_drawn_most_looks_go_where_something_can_be_seen(
    db: None, settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.FRAUD = {"audit_share": 1.0, "capacity_per_day": 40, "unflagged_per_case": 1}  # type: ignore[attr-defined]
    monkeypatch.setattr(auditing, "_dice", Random(1))
    rows = many(90)
    for n, cancellation in enumerate(rows):
        draw_for_audit(cancellation.pk, verifiable=n % 2 == 0)
    drawn = [AuditDraw.objects.filter(drawn=True, verifiable=kind).count() for kind in (True, False)]
    assert drawn[0] > 5 * drawn[1] > 0
    before = AuditDraw.objects.order_by("pk").values_list("propensity", "drawn")
    again = list(before)
    assert not any(draw_for_audit(one.pk, verifiable=True) for one in rows)
    assert list(before) == again, "a cancellation is drawn once, with the chance that it had then"


def test_the_first_days_are_looked_at_no_more_than_later_ones(db: None, clock: Clock, settings: object) -> None:
    """Twenty a day for a desk of ten cases a day: random checks are within their share of the work from the first one on."""
    settings.FRAUD = {"audit_share": 0.04, "capacity_per_day": 10}  # type: ignore[attr-defined]
    rows = iter(many(100))
    assert propensity(verifiable=True) == pytest.approx(0.004)
    by_day = []
    for _day in range(5):
        for _n in range(20):
            draw_for_audit(next(rows).pk, verifiable=True)
            clock.advance(hours=1.2)
        by_day.append(sum(AuditDraw.objects.order_by("-pk").values_list("propensity", flat=True)[:20]))
    assert max(by_day) <= 0.4 * 1.05
    assert by_day == sorted(by_day)
    assert by_day[-1] > 0.15


def test_a_label_weighs_by_the_chance_that_was_logged(
    db: None, clock: Clock, moderator: User, settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.FRAUD = {"audit_share": 0.5, "capacity_per_day": 2, "unflagged_per_case": 1, "second_share": 0.0}  # type: ignore[attr-defined]
    monkeypatch.setattr(auditing, "_dice", Random(1))
    monkeypatch.setattr(auditing._dice, "random", lambda: 0.0)
    seen, unseen, missed, unread = many(4)
    logged = {}
    for cancellation in (seen, unseen, missed, unread):
        assert draw_for_audit(cancellation.pk, verifiable=cancellation is not unseen)
        logged[cancellation.pk] = AuditDraw.objects.get(cancellation=cancellation).propensity
        case_of(cancellation, "audit", days=7)
    decide(Case.objects.filter(cancellation__in=[seen, unseen, missed]), moderator)
    clock.advance(days=8)
    services.expire_overdue_holds()
    settings.FRAUD = {"audit_share": 0.9, "capacity_per_day": 500}  # type: ignore[attr-defined]
    told = list(labels())
    assert chance_of(told) == {one.pk: pytest.approx(0.75 * logged[one.pk]) for one in (seen, unseen, missed)}
    assert logged[unseen.pk] < 0.2 * logged[seen.pk]
    weights = _examples([(label, {}) for label in told]).weight
    assert list(weights) == [pytest.approx(1 / (0.75 * logged[label.cancellation_id])) for label in told]


def test_a_flag_weighs_by_the_share_decided_of_its_third_of_the_queue(
    db: None, clock: Clock, moderator: User, settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.FRAUD = {"second_share": 0.0}  # type: ignore[attr-defined]
    ranked = [case_of(cancellation, "flag", rank=n) for n, cancellation in enumerate(many(30))]
    low, middle, high = ranked[:10], ranked[10:20], ranked[20:]
    decide([*high, *middle[:5], low[0]], moderator)
    assert set(chance_of(list(labels())).values()) == {1.0}, "whom time has not taken yet, nobody has missed"
    clock.advance(days=4)
    assert services.expire_overdue_holds() == 14
    told = chance_of(list(labels()))
    for cases, decided in ((high, 10), (middle[:5], 5), (low[:1], 1)):
        expected = (decided + 20 * 16 / 30) / 30
        assert [told[case.cancellation_id] for case in cases] == [pytest.approx(expected)] * len(cases)
    monkeypatch.setattr(chances, "ALIKE", 0)
    assert chance_of(list(labels()))[low[0].cancellation_id] == pytest.approx(0.1)
    monkeypatch.setattr(chances, "LEAST", 0.2)
    assert chance_of(list(labels()))[low[0].cancellation_id] == 0.2


def test_flags_of_long_ago_say_nothing_of_todays_queue(
    db: None, clock: Clock, moderator: User, settings: object
) -> None:
    settings.FRAUD = {"second_share": 0.0}  # type: ignore[attr-defined]
    old, *_rest = [case_of(cancellation, "flag", rank=5) for cancellation in many(3)]
    decide([old], moderator)
    clock.advance(days=4)
    services.expire_overdue_holds()
    assert chance_of(list(labels()))[old.cancellation_id] == pytest.approx(1 / 3)
    clock.advance(days=90)
    assert chance_of(list(labels()))[old.cancellation_id] == 1.0
