"""A case shows the facts of whatever opened it, to the moderator and to the executor: a model's when a model did, in words
that its own measures bear out; the same whoever judged."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from fraud import selectors, services
from fraud.evidence.situation import Fix
from fraud.models import Case, Evidence, Score
from fraud.scoring import by_model, by_rule
from fraud.scoring import services as scoring
from fraud.scoring.asked import Asked, Scored
from fraud.scoring.roles import Serving
from fraud.selectors.evidence import facts_of_score
from fraud.selectors.scores import weightiest
from tasks_app.models import Assignment, Cancellation
from tests.conftest import Clock
from tests.fraud.conftest import place_of, sweep, walk
from tests.fraud.tracks import FAR, joined, moved, ride, stand
from tests.journeys import steps
from tests.people import sign_in

Walk = Callable[[Assignment, Clock], None]
NEAR = "Your phone was near the address"


def parks(deal: Assignment, clock: Clock) -> None:
    """Eighty minutes at 210 m from the address, after the cancellation."""
    there = moved(place_of(deal), 210)
    walk(deal.executor, joined(stand(FAR, 13.3, 13.6), ride(FAR, there, 13.6, 14), stand(there, 14.1, 15.4), ride(there, FAR, 15.5, 16),
                               stand(FAR, 16, 18.9)), clock)  # fmt: skip


def replays(deal: Assignment, clock: Clock) -> None:
    """The way of the day before once more, far away from the address."""
    other = moved(FAR, 6000)
    way = joined(ride(FAR, other, 13.3, 14, every=1), stand(other, 14, 15), ride(other, FAR, 15, 15.7, every=1))
    walk(deal.executor, [Fix(fix.at - timedelta(days=1), fix.lon, fix.lat, fix.accuracy_m) for fix in way], clock)
    walk(deal.executor, way, clock)


def falls_silent(deal: Assignment, clock: Clock) -> None:
    """Seen coming up to 300 m from the door, and again 80 minutes later."""
    near = moved(place_of(deal), 300)
    walk(deal.executor, joined(stand(FAR, 13.3, 13.6), ride(FAR, near, 13.6, 14, every=4), stand(near, 14, 14.05, every=1),
                               ride(near, FAR, 15.4, 15.9, every=4), stand(FAR, 16, 18.9)), clock)  # fmt: skip


SEEN: dict[str, tuple[Walk, str, str, str]] = {
    "parked": (
        parks,
        "min close by, about 21",
        "Your phone was some way from the address for a while although the deal was cancelled.",
        "Ваш телефон некоторое время был неподалёку от адреса, хотя сделка отменена.",
    ),
    "replayed": (
        replays,
        "% of the way repeats positions of an earlier day exactly",
        "Part of the positions that your phone sent repeats those of an earlier day.",
        "Часть координат, которые прислал телефон, повторяет координаты другого дня.",
    ),
    "silent": (
        falls_silent,
        "Silence that left",
        "Your phone sent no positions for a while, and was near the address before or after that.",
        "Некоторое время телефон не присылал координат, а перед этим или после этого был рядом с адресом.",
    ),
}


def model(asked: Asked) -> Scored:
    """The shipped one, with a lower line, so that every track here becomes a case."""
    answer = by_model.scorer("shipped:geography")(asked)
    seen = asked.moment == "plus_2h"
    return replace(answer, flagged=seen, verifiable=seen, probability=0.93 if seen else 0.01)


@pytest.fixture
def model_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scoring, "serving", lambda: Serving(model, by_rule.score, lambda asked: True))


def opened(deal: Assignment, clock: Clock, way: Walk) -> Case:
    way(deal, clock)
    sweep(clock, hour=19.2)
    return Case.objects.get()


@pytest.mark.parametrize("name", SEEN)
def test_a_case_of_a_model_shows_what_the_model_measured(
    agreed: Assignment, cancelled: Cancellation, clock: Clock, model_serves: None, client: Client, name: str
) -> None:
    way, fact, opening, opening_ru = SEEN[name]
    case = opened(agreed, clock, way)
    with translation.override("en"):
        file = selectors.case_file(case)
        own = selectors.own_case(case.executor, case.pk)
    assert any(fact in told for told in file.for_facts), file.for_facts
    assert (own.for_facts, own.opening) == (file.evidence.for_facts if file.evidence else [], [opening])
    assert file.evidence is not None
    assert file.evidence.moment
    assert not file.evidence.by_rule
    model, rule = Score.objects.filter(moment="plus_2h").order_by("role")
    assert (model.facts, model.measures) == (rule.facts, rule.measures), "one set of measures and words, whoever judges"
    assert file.score is None, "before it is decided"
    page = sign_in(client, case.executor).get(f"/my/cases/{case.pk}/").content.decode()
    assert opening_ru in page
    assert "Ваш телефон был рядом с адресом" not in page
    assert "Дело открыло не правило" in desk_page(case)
    case.refresh_from_db()
    score = selectors.case_file(case).score
    assert score is not None
    assert score.reasons


def test_what_the_rule_opens_is_told_by_the_rule(case: Case) -> None:
    with translation.override("en"):
        told = selectors.own_case(case.executor, case.pk)
    assert told.for_facts[0].startswith("Stayed")
    assert told.opening == [f"{NEAR} although the deal was cancelled."]
    desk = desk_page(case)
    assert "Оценка правила" in desk
    assert "Дело открыло не правило" not in desk


def test_the_words_are_of_the_moment_that_opened_the_case(
    agreed: Assignment, cancelled: Cancellation, clock: Clock, model_serves: None
) -> None:
    """Also when the rule found another one stronger."""
    case = opened(agreed, clock, parks)
    Evidence.objects.filter(moment="window_end").update(score=0.9)
    told = selectors.evidence_of(case.cancellation_id, tasks_zone(case))
    assert told is not None
    assert told.looked[1] == Evidence.objects.get(moment="plus_2h").due_at


def test_a_score_from_before_its_facts_were_kept_tells_them_from_its_measures(
    agreed: Assignment, cancelled: Cancellation, clock: Clock, model_serves: None
) -> None:
    case = opened(agreed, clock, parks)
    kept = kinds(case)
    Score.objects.update(facts=[])
    assert kinds(case) == kept
    Score.objects.update(measures={})
    assert kinds(case) == [], "nothing is told of nothing"


def test_a_case_that_the_first_rule_opened_is_told_by_the_model_beside_it(case: Case) -> None:
    """That rule had measures and sentences of its own, which are gone."""
    with translation.override("en"):
        now = selectors.own_case(case.executor, case.pk)
    old = {"fixes": 30.0, "after": 84.0, "before": 0.0, "seen": 160.0, "dwell_150": 84.0}
    Score.objects.filter(role="champion").update(model_version="rule-1", facts=[], measures=old)
    fact = {"kind": "stay", "side": "for", "params": {"low": 85}}
    for row in Evidence.objects.all():
        Evidence.objects.filter(pk=row.pk).update(findings={**row.findings, "version": "rule-1", "facts": [fact]})
    with translation.override("en"):
        then = selectors.own_case(case.executor, case.pk)
    assert then.for_facts[0].startswith("Stayed")
    assert (then.for_facts, then.against_facts, then.notes) == (now.for_facts, now.against_facts, now.notes)
    desk = desk_page(case)
    assert "Дело открыло не правило" not in desk
    assert "Оценка правила" in desk
    Score.objects.filter(role="shadow").delete()
    assert selectors.own_case(case.executor, case.pk).for_facts == [], "nothing is told of nothing"


def test_a_usual_place_stands_on_the_other_side(
    agreed: Assignment, cancelled: Cancellation, clock: Clock, model_serves: None
) -> None:
    there = moved(place_of(agreed), 210)
    for days in (4, 3, 2):
        way = joined(stand(there, 12, 14.6, every=8), stand(FAR, 16, 17, every=10))
        walk(agreed.executor, [Fix(fix.at - timedelta(days=days), fix.lon, fix.lat, 15) for fix in way], clock)
    case = opened(agreed, clock, parks)
    with translation.override("en"):
        told = selectors.own_case(case.executor, case.pk)
    assert any(fact.startswith("Stayed here on 3 of ") for fact in told.against_facts), told.against_facts
    assert not any("no stay here" in fact.lower() for fact in told.for_facts)


def desk_page(case: Case) -> str:
    """Once it is decided: before that a moderator sees no score."""
    moderator = steps.moderator()
    services.decide_case(case_id=case.pk, by=moderator, outcome="cannot_tell", reason="Неясно.")
    return sign_in(Client(), moderator).get(f"/desk/cases/{case.pk}/").content.decode()


def kinds(case: Case) -> list[tuple[str, str]]:
    told = weightiest(case.cancellation_id)
    assert told is not None
    return [(fact.kind, fact.side) for fact in facts_of_score(told)]


def tasks_zone(case: Case) -> Any:
    return selectors.case_file(case).deal.time_zone
