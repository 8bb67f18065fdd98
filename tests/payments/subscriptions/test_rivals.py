"""At once, on real connections: two clicks, a pause against a response, sweeps against each other."""

from threading import Barrier
from typing import Any

import pytest

from marketplace.kit.errors import DomainError
from marketplace.kit.money import Money
from payments import selectors
from payments.fees import services as fees
from payments.models import Charge, Subscription, Trial
from payments.subscriptions import services as subscriptions
from payments.subscriptions.following import look_again
from tests.payments.factories import category, city
from tests.payments.subscriptions.steps import MONTH, Life, answer, booked, jobs, subscribe
from tests.payments.test_charge_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def wish(life: Life, executor: Any, card: Any) -> Subscription:
    return subscriptions.subscribe(by=executor, category_id=category().pk, city_id=city().pk, agreed=MONTH, card=card)


def test_ten_clicks_at_once_are_one_subscription_charged_once(life: Life) -> None:
    executor = life.executor()
    card = life.card(executor)
    answers = at_once([lambda: wish(life, executor, card) for _ in range(10)])
    assert all(isinstance(answer, Subscription | DomainError) for answer in answers)
    assert Subscription.objects.count() == 1
    life.live(minutes=1)
    assert (life.charges(), booked()) == ([149_000], 149_000)


def test_the_index_alone_keeps_two_from_living(life: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control of the lock: without it the database still refuses the second one."""
    gate = Barrier(2, timeout=10)
    real = subscriptions._living

    def waits(*args: Any) -> Any:
        found = real(*args)
        gate.wait()
        return found

    monkeypatch.setattr(subscriptions, "_one_at_a_time", lambda user_id: None)
    monkeypatch.setattr(subscriptions, "_living", waits)
    executor = life.executor()
    card = life.card(executor)
    answers = at_once([lambda: wish(life, executor, card) for _ in range(2)])
    assert sum(isinstance(answer, Subscription) for answer in answers) == 1
    assert [getattr(answer, "code", "") for answer in answers if not isinstance(answer, Subscription)] == [
        "already_subscribed"
    ]


def test_two_places_at_once_have_one_free_day(life: Life) -> None:
    from tests.factories import make_city
    from tests.journeys.steps import price_list

    executor = life.executor(had_trial=False)
    card = life.card(executor)
    other = price_list(
        category=category(), city=make_city(slug="kazan", name_ru="Казань", bounds=(49.0, 55.7, 49.3, 55.9))
    )

    def elsewhere() -> Subscription:
        return subscriptions.subscribe(
            by=executor, category_id=other.category_id, city_id=other.city_id, agreed=other.subscription, card=card
        )

    at_once([lambda: wish(life, executor, card), elsewhere])
    life.live(minutes=1)
    assert sorted(Subscription.objects.values_list("with_trial", flat=True)) == [False, True]
    assert (Trial.objects.count(), life.charges()) == (1, [149_000])


def rivals(life: Life, monkeypatch: pytest.MonkeyPatch, *, guarded: bool) -> Charge | DomainError:
    """A pause is written between the terms of a response and its charge."""
    executor = life.executor()
    mine = subscribe(executor, life.card(executor))
    real = fees.charge_terms
    paused: list[bool] = []

    def pauses_after_the_terms(**place: Any) -> Any:
        terms = real(**place)
        if not paused:
            paused.append(True)
            at_once([lambda: subscriptions.pause(subscription_id=mine.pk, by=executor)])
        return terms

    monkeypatch.setattr(fees, "charge_terms", pauses_after_the_terms)
    if not guarded:
        monkeypatch.setattr(fees, "_still_covers", lambda subscription_id: True)
    try:
        return answer(executor, agreed=Money(0))
    except DomainError as error:
        return error


def test_a_response_at_the_moment_of_the_pause_is_not_charged_by_surprise(
    life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = rivals(life, monkeypatch, guarded=True)
    assert getattr(refused, "code", "") == "fee_changed"
    assert not Charge.objects.exists()
    jobs()


def test_control_without_the_lock_a_paused_subscription_would_still_cover(
    life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert isinstance(rivals(life, monkeypatch, guarded=False), Charge)
    jobs()


def test_a_response_at_the_moment_of_expiry_asks_again_instead_of_charging(life: Life) -> None:
    executor = life.executor()
    mine = subscribe(executor, life.card(executor))
    subscriptions.cancel(subscription_id=mine.pk, by=executor)
    jobs()
    quote = selectors.quote_response_fee(user_id=executor.pk, category_id=category().pk, city_id=city().pk)
    assert quote.amount == Money(0)
    life.clock.freeze(mine.paid_until)
    with pytest.raises(DomainError, match="fee_changed"):
        answer(executor, agreed=quote.amount)
    assert not Charge.objects.exists()


def test_many_sweeps_at_once_book_once(life: Life) -> None:
    executor = life.executor()
    mine = subscribe(executor)
    life.simulator.pay(mine.action_url)
    answers = at_once([lambda: look_again(subscription_id=mine.pk) for _ in range(6)])
    assert all(isinstance(answer, Subscription) for answer in answers), answers
    assert booked() == 149_000
