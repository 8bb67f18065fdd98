"""Operators govern the models at the desk: adopt, let into the shadow, promote by figures, step back; each with a word before it."""

import re
from random import Random
from typing import Any

import pytest
from django.test import Client

from fraud.learning.models import ModelVersion, Score
from marketplace.accounts.models import User
from marketplace.kit.models import AuditEvent
from tests.fraud.test_retrain import decided, keep_scores, serves
from tests.journeys import steps
from tests.people import sign_in

__all__ = ["decided"]  # a fixture: many decided cancellations
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
PAGE, CHANGE = "/en/desk/learning/", "/en/desk/learning/model/"


@pytest.fixture
def desk(client: Client) -> Client:
    return sign_in(client, steps.operator())


def done() -> list[str]:
    return list(AuditEvent.objects.filter(action__startswith="model.").order_by("pk").values_list("action", flat=True))


def text(page: Any) -> str:
    return re.sub(r"\s+", " ", page.content.decode())


def test_the_shipped_model_is_adopted_and_let_into_the_shadow(desk: Client) -> None:
    page = text(desk.get(PAGE))
    assert "No model has been adopted yet" in page
    assert "Adopt the model that comes with the code?" in page
    for _again in range(2):
        assert desk.post(CHANGE, {"action": "adopt", "feature_set": "geography"}).status_code == 302
    model = ModelVersion.objects.get()
    assert (model.path, model.role) == ("shipped:geography", "challenger")
    assert desk.post(CHANGE, {"action": "shadow", "version": model.version}).status_code == 302
    assert serves() == {model.version: "shadow"}
    assert done() == ["model.adopted", "model.adopted", "model.shadow"]
    assert f"Give the work to {model.version}?" in text(desk.get(PAGE))


def test_what_does_not_come_with_the_code_is_not_adopted(desk: Client) -> None:
    for name in ("", "../../etc/passwd", "everything"):
        assert desk.post(CHANGE, {"action": "adopt", "feature_set": name}).status_code == 404
    assert not ModelVersion.objects.exists()
    assert done() == []


def test_without_figures_a_promotion_is_refused_with_the_reason(desk: Client) -> None:
    ModelVersion.objects.create(version="m-1", path="shipped:geography")
    answer = desk.post(CHANGE, {"action": "promote", "version": "m-1"})
    assert answer.status_code == 409
    assert "what serves have scored: 0. At least 30 are needed" in text(answer)
    assert serves() == {"m-1": "challenger"}
    assert done() == []


def test_a_weaker_model_is_refused_with_the_figures_and_a_better_one_gets_the_work_and_gives_it_back(
    desk: Client,
    decided: list[Any],
) -> None:
    dice, count = Random(5), len(decided)
    truth = [0.9 if n % 2 == 0 else 0.1 for n in range(count)]
    for version, chances in (("coin", [dice.random() for _row in decided]), ("right", truth)):
        ModelVersion.objects.create(version=version, path="shipped:geography")
        keep_scores(version, Score.Role.SHADOW, decided, chances)
    keep_scores("rule-2", Score.Role.CHAMPION, decided, [0.5] * count)

    answer = desk.post(CHANGE, {"action": "promote", "version": "coin"})
    assert answer.status_code == 409
    assert re.search(r"\(140\): this model .* in \d\d cases of 100, what serves in 50; at least 70", text(answer))
    assert set(serves().values()) == {"challenger"}
    assert done() == []

    assert desk.post(CHANGE, {"action": "promote", "version": "right"}).status_code == 302
    assert serves() == {"coin": "challenger", "right": "champion"}
    page = text(desk.get(PAGE))
    assert "right judges." in page
    assert "From now on the readable rule judges again." in page
    assert desk.post(CHANGE, {"action": "roll_back"}).status_code == 302
    assert serves() == {"coin": "challenger", "right": "challenger"}
    assert desk.post(CHANGE, {"action": "roll_back"}).status_code == 409
    assert done() == ["model.champion", "model.rolled_back"]


@pytest.mark.parametrize("action", ["adopt", "shadow", "promote", "roll_back"])
def test_moderators_govern_no_models(client: Client, moderator: User, action: str) -> None:
    ModelVersion.objects.create(version="m-1", path="shipped:geography", role="champion")
    given = {"action": action, "version": "m-1", "feature_set": "context"}
    assert sign_in(client, moderator).post(CHANGE, given).status_code == 404
    assert serves() == {"m-1": "champion"}
    assert done() == []


@pytest.fixture
def moderator() -> User:
    return steps.moderator()
