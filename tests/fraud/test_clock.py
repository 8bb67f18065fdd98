"""A phone's clock beside ours: evidence when it was turned, counter-evidence when it is only wrong."""

from datetime import timedelta

from django.utils import translation

from fraud import selectors
from fraud.evidence.situation import Fix
from fraud.models import Case, Score
from tasks_app import selectors as tasks
from tasks_app.models import Assignment, Cancellation
from tests.conftest import Clock
from tests.fraud.conftest import place_of, sweep, walk
from tests.fraud.tracks import DAY, FAR, joined, moved, ride, stand

SLOW = timedelta(minutes=17)


def halves(deal: Assignment) -> tuple[list[Fix], list[Fix]]:
    place = place_of(deal)
    there = joined(stand(FAR, 13.3, 13.6), ride(FAR, place, 13.6, 14), stand(moved(place, 20), 14.1, 14.8))
    return there, joined(stand(moved(place, 20), 15, 15.6), ride(place, FAR, 15.7, 16), stand(FAR, 16, 17))


def sentences(cancellation: Cancellation, language: str) -> tuple[list[str], list[str]]:
    zone = tasks.cancelled_assignment(cancellation.pk).time_zone
    with translation.override(language):
        told = selectors.evidence_of(cancellation.pk, zone)
    assert told is not None
    return told.for_facts, told.against_facts


def measured(moment: str = "plus_2h") -> dict[str, float]:
    rule, model = Score.objects.filter(moment=moment).order_by("role")
    assert (rule.model_version, rule.measures) == ("rule-2", model.measures), (
        "one definition for the rule and the model"
    )
    return model.measures


def test_an_even_clock_that_is_wrong_is_nobodys_fault(
    agreed: Assignment, cancelled: Cancellation, clock: Clock
) -> None:
    for part in halves(agreed):
        walk(agreed.executor, part, clock, slow=SLOW)
    sweep(clock, hour=19.2)
    live = measured()
    assert (live["clock_off_min"], live["clock_turned_min"]) == (17, 0)
    assert live["dwell_150"] > 60, "the times were put right"
    assert (
        "The phone's clock is evenly 17 min off, which is nobody's fault: the times were put right"
        in sentences(cancelled, "en")[1]
    )
    assert (
        "Часы телефона всё время расходятся с нашими на 17 мин, это ничья не вина: время исправлено"
        in sentences(cancelled, "ru")[1]
    )


def test_a_clock_that_was_turned_is_told(agreed: Assignment, cancelled: Cancellation, clock: Clock) -> None:
    first, second = halves(agreed)
    walk(agreed.executor, first, clock)
    walk(agreed.executor, second, clock, slow=SLOW)
    sweep(clock, hour=19.2)
    assert measured()["clock_turned_min"] == 17
    assert "The phone's clock was turned by 17 min between its reports" in sentences(cancelled, "en")[0]
    assert "Часы телефона между отправками перевели на 17 мин" in sentences(cancelled, "ru")[0]


def test_a_right_clock_needs_no_words(case: Case) -> None:
    texts = " ".join(fact for side in sentences(case.cancellation, "en") for fact in side)
    assert "clock" not in texts
    assert case.opened_at > DAY
