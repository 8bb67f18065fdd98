"""Two operators promote two models at the same moment: one works, the other is retired, nothing breaks."""

from functools import partial
from threading import Barrier
from typing import Any

import pytest
from django.db.models.query import QuerySet

from fraud.learning import models_at_work
from fraud.learning.models import ModelVersion
from tests.races.test_forgetting import between
from tests.races.test_rivals import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def promoted_at_once(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """The second one begins when the first has read who is who."""
    for version in ("m-1", "m-2"):
        models_at_work.register(version=version, path="shipped:geography")
    one, other = (partial(models_at_work.promote, version=version, force=True) for version in ("m-1", "m-2"))
    return at_once([one, between(monkeypatch, models_at_work, "_locked", other)])


def test_one_of_two_works_and_the_other_is_retired(monkeypatch: pytest.MonkeyPatch) -> None:
    assert promoted_at_once(monkeypatch) == {"done": 2}
    assert dict(ModelVersion.objects.values_list("version", "role")) == {"m-1": "retired", "m-2": "champion"}


def test_without_the_lock_one_of_them_breaks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: both have read who is who before either enters; the database lets no second champion in, by an error."""
    both, enter = Barrier(2), models_at_work._enter

    def entered(*args: Any) -> ModelVersion:
        both.wait(timeout=30)
        return enter(*args)

    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_: rows)
    monkeypatch.setattr(models_at_work, "_enter", entered)
    assert promoted_at_once(monkeypatch) == {"done": 1, "IntegrityError": 1}
