"""The live path: what was scored is kept, what follows is written down, and the queue fits the day's work."""

from collections.abc import Callable

import pytest

from fraud import selectors, services
from fraud.jobs import SCHEDULE
from fraud.learning.capacity import done_today, left_today, state_capacity
from fraud.learning.errors import CapacityOutOfRange
from fraud.models import AuditDraw, Case, DeskCapacity, ModelVersion, Score
from fraud.scoring import by_rule
from fraud.scoring import services as scoring
from fraud.scoring.asked import Asked, Scored
from fraud.scoring.roles import Serving
from fraud.services.opening import rank_of
from marketplace.accounts.models import User
from marketplace.kit.errors import NotFound
from marketplace.kit.money import Money
from payments.selectors import wallet_balance
from tasks_app.models import Assignment, Cancellation
from tests.conftest import Clock
from tests.fraud.conftest import stays_away, sweep, works_all_the_same
from tests.journeys import steps

BACK = Money(100_000)


def test_each_moment_leaves_a_score_with_its_model_and_its_outcome(case: Case, clock: Clock) -> None:
    sweep(clock, hour=19.2)
    rows = Score.objects.filter(cancellation=case.cancellation, role="champion").order_by("as_of")
    assert [(row.moment, row.outcome) for row in rows] == [
        ("cancellation", "nothing"),
        ("window_end", "hold"),
        ("plus_2h", "hold"),
    ]
    assert {row.model_version for row in rows} == {"rule-2"}
    assert rows[1].measures["dwell_150"] > 30
    assert rows[0].verifiable is False


def test_the_flag_is_there_at_the_first_look_after_its_moment(
    agreed: Assignment, cancelled: Cancellation, clock: Clock
) -> None:
    works_all_the_same(agreed, clock)
    sweep(clock, hour=17)
    score = Score.objects.get(cancellation=cancelled, moment="window_end", role="champion")
    assert Case.objects.get().opened_at == score.scored_at == score.as_of
    assert SCHEDULE["fraud.collect_evidence"] <= 30, "seconds between two looks"


def test_scoring_twice_keeps_one_row(case: Case) -> None:
    before = Score.objects.count()
    services.collect_evidence(cancellation_id=case.cancellation_id, moment="window_end")
    assert Score.objects.count() == before


def test_a_case_stands_by_its_expected_loss_and_certainty(case: Case) -> None:
    assert case.stake_minor == 12_000 + 23_000  # the fee, and a tenth of the price
    assert 0.5 <= case.certainty <= 1
    assert case.score is not None
    assert case.rank == pytest.approx(rank_of(case.score, case.stake_minor, case.certainty))
    assert rank_of(0.9, 1000, 1) > rank_of(0.9, 1000, 0.6) > rank_of(0.4, 1000, 0.6)


def scorer(probability: float, *, verifiable: bool = True, version: str = "trained-1") -> scoring.Scorer:
    def score(asked: Asked) -> Scored:
        return Scored(version, probability, verifiable, flagged=True, reasons=[("presence", 1.5)])

    return score


def serves(
    monkeypatch: pytest.MonkeyPatch,
    *,
    champion: scoring.Scorer = by_rule.score,
    shadow: scoring.Scorer | None = None,
    agrees: Callable[[Asked], bool] = lambda asked: True,
) -> None:
    beside = shadow or scorer(0.01, version="trained-0")
    monkeypatch.setattr(scoring, "serving", lambda: Serving(champion, beside, agrees))


def broken(asked: Asked) -> Scored:
    raise ValueError("no such column")


def unreadable(asked: Asked) -> bool:
    raise FileNotFoundError("geography.skops")


def test_a_flag_that_is_little_likely_is_looked_at_while_the_money_goes_back(
    agreed: Assignment, cancelled: Cancellation, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    serves(monkeypatch, champion=scorer(0.4))
    works_all_the_same(agreed, clock)
    sweep(clock, hour=19.2)
    case = Case.objects.get()
    assert (case.kind, case.score, case.holds_refund) == ("flag", 0.4, False)
    assert Score.objects.filter(outcome="case").count() == 3
    assert wallet_balance(agreed.executor_id) == BACK


@pytest.mark.parametrize("champion", [by_rule.score, broken], ids=["the rule", "a model that broke"])
def test_the_rule_flags_only_what_the_model_that_came_with_the_code_holds_for_likely_too(
    agreed: Assignment,
    cancelled: Cancellation,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    champion: scoring.Scorer,
) -> None:
    serves(monkeypatch, champion=champion, shadow=scorer(0.99), agrees=lambda asked: False)
    works_all_the_same(agreed, clock)
    sweep(clock, hour=19.2)
    rows = Score.objects.filter(role="champion")
    assert max(row.probability for row in rows) > 0.9
    assert {(row.flagged, row.outcome) for row in rows} == {(False, "nothing")}
    assert not Case.objects.filter(kind="flag").exists()
    assert wallet_balance(agreed.executor_id) == BACK


def test_what_cannot_be_verified_is_never_flagged(
    agreed: Assignment, cancelled: Cancellation, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    serves(monkeypatch, champion=scorer(0.99, verifiable=False))
    sweep(clock, hour=19.2)
    assert not Case.objects.filter(kind="flag").exists()
    assert wallet_balance(agreed.executor_id) == BACK


def test_a_shadow_is_kept_and_changes_nothing(
    agreed: Assignment, cancelled: Cancellation, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    serves(monkeypatch, shadow=scorer(0.99))
    stays_away(agreed, clock)
    sweep(clock, hour=19.2)
    shadows = Score.objects.filter(role="shadow")
    assert {(row.model_version, row.outcome) for row in shadows} == {("trained-1", "nothing")}
    assert not Case.objects.filter(kind="flag").exists()


def test_the_shipped_model_learns_the_work_in_the_shadow(case: Case, clock: Clock) -> None:
    sweep(clock, hour=19.2)
    rows = Score.objects.filter(cancellation=case.cancellation, role="shadow").order_by("as_of")
    assert [row.moment for row in rows] == ["cancellation", "window_end", "plus_2h"]
    assert {row.model_version.split("-")[0] for row in rows} == {"geography"}
    assert rows[0].probability < 0.06 < rows[2].probability
    assert rows[2].verifiable
    assert rows[2].measures["dwell_150"] > 30
    assert rows[2].reasons[0][0] in ("presence", "timing", "closeness", "usual_place")


def test_an_operator_can_give_the_work_to_the_model(agreed: Assignment, cancelled: Cancellation, clock: Clock) -> None:
    ModelVersion.objects.create(version="geography", path="shipped:geography", role="champion")
    works_all_the_same(agreed, clock)
    sweep(clock, hour=19.2)
    scores = Score.objects.filter(role="champion").order_by("as_of")
    assert {row.model_version.split("-")[0] for row in scores} == {"geography"}
    assert scores[2].rule > 0.5
    shadows = Score.objects.filter(role="shadow")
    assert {row.model_version.split("-")[0] for row in shadows} == {"context"}, (
        "the other shipped model learns beside it"
    )


@pytest.mark.parametrize(
    ("agrees", "holds"),
    [(lambda asked: True, True), (unreadable, False)],
    ids=["asked", "nobody to ask: no money is held"],
)
def test_when_the_model_breaks_the_rule_judges(
    agreed: Assignment,
    cancelled: Cancellation,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    agrees: Callable[[Asked], bool],
    holds: bool,
) -> None:
    serves(monkeypatch, champion=broken, agrees=agrees)
    works_all_the_same(agreed, clock)
    sweep(clock, hour=17.1)
    assert Case.objects.get().holds_refund == holds
    assert set(Score.objects.filter(role="champion").values_list("model_version", flat=True)) == {"rule-2"}


def test_what_the_day_does_not_reach_waits_in_sight(case: Case, moderator: User) -> None:
    operator = steps.operator()
    state_capacity(per_day=1, by=operator)
    assert selectors.queue_page(view="open", by=moderator).rows[0].beyond is False
    services.decide_case(case_id=case.pk, by=moderator, outcome="innocent", reason="x")
    assert (done_today(), left_today()) == (1, 0)
    Case.objects.filter(pk=case.pk).update(status="pending", outcome="", closed_at=None)
    assert selectors.queue_page(view="open", by=moderator).rows[0].beyond is True
    work = selectors.day_of_work()
    assert (work.capacity, work.done, work.left, work.waiting, work.beyond) == (1, 1, 0, 1, 1)


def test_only_operators_state_the_capacity(db: None, moderator: User) -> None:
    with pytest.raises(NotFound):
        state_capacity(per_day=10, by=moderator)
    with pytest.raises(CapacityOutOfRange):
        state_capacity(per_day=0, by=steps.operator())
    assert not DeskCapacity.objects.exists()


def test_the_audit_takes_its_share_of_the_capacity(
    agreed: Assignment, cancelled: Cancellation, clock: Clock, settings: object
) -> None:
    settings.FRAUD = {"audit_share": 0.05, "capacity_per_day": 4, "unflagged_per_case": 0.25}  # type: ignore[attr-defined]
    stays_away(agreed, clock)
    sweep(clock, hour=19.2)
    assert AuditDraw.objects.get().propensity == pytest.approx(0.2)
