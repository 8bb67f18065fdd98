"""Reviews are tied to deals, blind until both are written or their days pass, one a side, one reply."""

import pytest
from django.test import Client

from marketplace.kit.errors import DomainError, InvalidInput, NotFound, PolicyDenied
from marketplace.notifications.models import Notification
from marketplace.trust import selectors, services
from marketplace.trust.models import Review, ReviewWindow
from tasks_app.models import Assignment
from tests.conftest import Clock
from tests.journeys import steps
from tests.people import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def deal() -> Assignment:
    return steps.finished()


def review(deal: Assignment, *, by: str = "customer", stars: int = 5, text: str = "Всё сделал аккуратно.") -> Review:
    return services.write_review(
        assignment_id=deal.pk, by=getattr(deal, by), stars=stars, criteria={"quality": stars}, text=text
    )


def test_the_first_review_is_hidden_and_the_second_reveals_both(deal: Assignment) -> None:
    review(deal, stars=4)
    assert selectors.rating_of(deal.executor_id).count == 0
    assert selectors.reviews_of(deal.executor_id).rows == []
    review(deal, by="executor", text="Вежливая заказчица, всё как в описании.")
    assert selectors.rating_of(deal.executor_id) == selectors.Rating(4.0, 1)
    assert selectors.rating_of(deal.customer_id, "customer").count == 1
    told = Notification.objects.filter(kind="review_revealed").values_list("user_id", flat=True)
    assert set(told) == {deal.customer_id, deal.executor_id}


def test_each_side_sees_the_own_hidden_review_and_not_the_others(deal: Assignment) -> None:
    written = review(deal)
    window = ReviewWindow.objects.get()
    assert selectors.reviews_in(window, deal.customer) == [written]
    assert selectors.reviews_in(window, deal.executor) == []


def test_after_14_days_a_single_review_is_shown_and_no_more_are_taken(deal: Assignment, clock: Clock) -> None:
    review(deal)
    clock.advance(days=13, hours=23)
    assert services.reveal_due_reviews() == 0
    clock.advance(hours=2)
    assert services.reveal_due_reviews() == 1
    assert selectors.rating_of(deal.executor_id).count == 1
    with pytest.raises(PolicyDenied) as refusal:
        review(deal, by="executor")
    assert refusal.value.code == "review_window_closed"
    assert Review.objects.count() == 1


def test_a_side_reviews_once(deal: Assignment) -> None:
    review(deal)
    with pytest.raises(PolicyDenied) as refusal:
        review(deal, stars=1)
    assert refusal.value.code == "already_reviewed"
    assert Review.objects.get().stars == 5


def test_a_dispute_that_nobody_decided_leaves_both_the_word(clock: Clock, client: Client) -> None:
    deal = steps.dispute(steps.finish(steps.assigned()))
    with pytest.raises(PolicyDenied) as refusal:
        review(deal)
    assert refusal.value.code == "no_review_yet"
    clock.advance(days=5)
    steps.sweep_deadlines()
    path = f"/deals/{deal.pk}/review/"
    assert f'href="{path}"' in sign_in(client, deal.customer).get(f"/deals/{deal.pk}/").content.decode()
    assert review(deal, stars=2).stars == 2
    told = Notification.objects.filter(kind="review_open", path=path)
    assert {row.user_id for row in told} == {deal.customer_id, deal.executor_id}


def test_no_review_without_an_accepted_deal_and_none_by_strangers(deal: Assignment) -> None:
    fresh = steps.assigned()
    with pytest.raises(PolicyDenied) as refusal:
        review(fresh)
    assert refusal.value.code == "no_review_yet"
    steps.cancel(fresh)
    with pytest.raises(PolicyDenied) as refusal:
        review(fresh)
    assert refusal.value.code == "deal_cancelled"
    with pytest.raises(NotFound):
        services.write_review(assignment_id=deal.pk, by=steps.customer(), stars=5, criteria={}, text="")
    assert Review.objects.count() == 0


@pytest.mark.parametrize("stars", [0, 6, -1, True])
def test_stars_are_one_to_five(deal: Assignment, stars: int) -> None:
    with pytest.raises(InvalidInput):
        review(deal, stars=stars)
    assert Review.objects.count() == 0


def test_a_text_repeated_by_the_same_hand_is_noted(deal: Assignment) -> None:
    review(deal, text="Отличный мастер, рекомендую всем!")
    second = steps.finished(steps.post_task(by=deal.customer))
    repeated = review(second, text="отличный мастер — рекомендую   всем")
    assert repeated.repeats_own_text
    assert selectors.repeated_reviews_of(deal.customer_id) == [repeated]


def test_one_public_reply_by_the_person_it_is_about(deal: Assignment) -> None:
    written = review(deal)
    with pytest.raises(PolicyDenied):
        services.reply_to_review(review_id=written.pk, by=deal.executor, text="Спасибо")
    review(deal, by="executor")
    services.reply_to_review(review_id=written.pk, by=deal.executor, text="Спасибо за доверие")
    for by, code in ((deal.executor, "already_replied"), (deal.customer, "not_found")):
        with pytest.raises(DomainError) as refusal:
            services.reply_to_review(review_id=written.pk, by=by, text="Ещё раз")
        assert refusal.value.code == code
    written.refresh_from_db()
    assert written.reply == "Спасибо за доверие"
