"""Subscribing from a phone: the row is there before the processor hears of it, and the same key is the same subscription."""

from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from marketplace.accounts.models import User
from marketplace.accounts.services import issue_device_token
from payments.models import SavedCard, Subscription
from payments.subscriptions import outcomes
from tests.payments.factories import category, city
from tests.payments.subscriptions.steps import Life, again, booked
from tests.payments.subscriptions.test_faults import Killed

pytestmark = pytest.mark.django_db


def ask(executor: User, card: SavedCard, *, key: str = "subscribe-1", agreed: int = 149_000) -> Any:
    _device, token = issue_device_token(user=executor, name="phone")
    body = {"category_id": category().pk, "city_id": city().pk, "agreed_minor": agreed, "card_id": card.pk}
    headers = {"Authorization": f"Bearer {TOKENS.setdefault(executor.pk, token)}", "Idempotency-Key": key}
    return Client(headers=headers).post("/api/v1/wallet/subscriptions", body, content_type="application/json")


TOKENS: dict[int, str] = {}


@pytest.fixture(autouse=True)
def _fresh_tokens() -> None:
    TOKENS.clear()


def test_the_same_key_is_the_same_subscription(life: Life) -> None:
    executor = life.executor()
    card = life.card(executor)
    first, second = ask(executor, card), ask(executor, card)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["id"] == second.json()["id"]
    assert life.charges() == [149_000]


def test_the_same_key_for_another_wish_is_refused(life: Life) -> None:
    executor = life.executor()
    card = life.card(executor)
    ask(executor, card)
    refusal = ask(executor, card, agreed=1)
    assert (refusal.status_code, refusal.json()["code"]) == (422, "idempotency_key_reused")
    assert Subscription.objects.count() == 1


def test_a_refused_wish_leaves_its_key_free(life: Life) -> None:
    executor = life.executor()
    card = life.card(executor)
    assert ask(executor, card, agreed=1).status_code == 409
    assert ask(executor, card).status_code == 201


def test_a_server_that_dies_after_the_charge_has_the_subscription_all_the_same(
    life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Were the processor called inside the transaction of the key, the charge would stand at the processor for nothing."""
    executor = life.executor()
    card = life.card(executor)

    def dies(*args: Any) -> None:
        raise Killed

    with monkeypatch.context() as broken:
        broken.setattr(outcomes, "apply", dies)
        with pytest.raises(Killed):
            ask(executor, card)
    mine = Subscription.objects.get()
    assert life.charges() == [149_000]
    life.live(minutes=2)
    assert ask(executor, card).json()["id"] == mine.pk
    assert (again(mine).status, life.charges(), booked()) == ("active", [149_000], 149_000)


@pytest.mark.books_differ
def test_control_inside_one_transaction_the_charge_would_stand_for_nothing(
    life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    executor = life.executor()
    card = life.card(executor)

    def dies(*args: Any) -> None:
        raise Killed

    monkeypatch.setattr(outcomes, "apply", dies)
    with pytest.raises(Killed), transaction.atomic():
        ask(executor, card)
    assert (Subscription.objects.count(), life.charges()) == (0, [149_000])
