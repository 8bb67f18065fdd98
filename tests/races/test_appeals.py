"""A moderator answers an appeal at the very moment when its time is over: it ends one way, and what follows agrees."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db.models.query import QuerySet

from marketplace.accounts import policies, services
from marketplace.accounts.models import Appeal, Restriction, User
from marketplace.kit.models import AuditEvent
from marketplace.notifications.models import Notification
from tests.accounts.test_appeals import first, moderator, person, restriction
from tests.accounts.test_appeals_by_time import appeal
from tests.conftest import Clock
from tests.races.test_forgetting import between
from tests.races.test_rivals import at_once

__all__ = ["appeal", "first", "person", "restriction"]  # fixtures
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def answers(appeal: Appeal, clock: Clock) -> Callable[[], object]:
    clock.freeze(appeal.due_at - timedelta(seconds=1))
    return partial(services.decide_appeal, appeal=appeal, by=moderator("nina"), upheld=False, reason="Это рассылка.")


def while_answered(appeal: Appeal, answers: Any, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """The moderator may still decide; before the answer is written the time is over and the sweep comes by."""

    def sweep() -> None:
        clock.freeze(appeal.due_at)
        services.uphold_unanswered_appeals()

    return at_once([answers, between(monkeypatch, policies, "may_decide_appeal", sweep)])


def ends(person: User) -> tuple[str, bool, list[str], list[str]]:
    told = Notification.objects.filter(user=person, kind__startswith="appeal_").order_by("pk")
    written = AuditEvent.objects.filter(action__startswith="appeal.").order_by("pk")
    return (
        Appeal.objects.get().outcome,
        Restriction.objects.get().lifted_at is None,
        list(told.values_list("kind", flat=True)),
        list(written.values_list("action", flat=True)),
    )


def test_an_answer_that_began_in_time_stands(
    appeal: Appeal, person: User, answers: Callable[[], object], clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert while_answered(appeal, answers, clock, monkeypatch) == {"done": 2}
    assert ends(person) == ("dismissed", True, ["appeal_dismissed"], ["appeal.decided"])
    assert services.uphold_unanswered_appeals() == 0


def test_without_the_lock_it_would_end_both_ways(
    appeal: Appeal, person: User, answers: Callable[[], object], clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: dismissed, and the restriction lifted."""
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_: rows)
    while_answered(appeal, answers, clock, monkeypatch)
    outcome, restricted, _told, written = ends(person)
    assert (outcome, restricted) == ("dismissed", False)
    assert sorted(written) == ["appeal.decided", "appeal.unanswered"]


def test_once_the_time_is_over_many_sweeps_and_an_answer_make_one_end(
    appeal: Appeal, person: User, answers: Callable[[], object], clock: Clock
) -> None:
    clock.freeze(appeal.due_at)
    outcomes = at_once([*[services.uphold_unanswered_appeals] * 3, answers])
    assert outcomes["done"] == 3
    assert outcomes["appeal_overdue"] + outcomes["stale_state"] == 1
    assert ends(person) == ("upheld", False, ["appeal_upheld"], ["appeal.unanswered"])
