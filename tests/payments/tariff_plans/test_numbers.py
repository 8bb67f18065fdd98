"""The preview and the arms of a roll-out, against numbers worked out by hand."""

from datetime import timedelta

import pytest
from django.conf import settings

from marketplace.accounts.models import User
from marketplace.kit.clock import now
from marketplace.kit.money import Money
from payments import selectors, services
from payments.models import Charge
from payments.selectors import Terms
from tests.conftest import Clock
from tests.journeys import steps
from tests.payments.factories import bucket_of, category, city, person, response, tariff
from tests.payments.test_fees import charge, give
from tests.secure_deals.leaves import held_without_processor
from tests.secure_deals.steps import secure_task

pytestmark = pytest.mark.django_db
NOTICE = settings.RULES["tariff_notice_days"]


def answers(executor: User, count: int) -> list[Charge]:
    give(executor.pk, 12_000 * count + count)
    return [charge(executor.pk, response(executor).pk) for _ in range(count)]


def worth(terms: Terms) -> dict[str, tuple[int, int]]:
    found = selectors.preview(category_id=category().pk, city_id=city().pk, terms=terms, fee_now_minor=12_000)
    return {line.model: (line.was.minor, line.would.minor) for line in found.lines}


def test_the_preview_counts_kept_fees_and_subscribers_of_the_past(clock: Clock) -> None:
    tariff(12_000)
    few, many = person(), person()
    answers(few, 2)
    returned = answers(many, 15)[0]
    services.refund_response_fee(response_id=returned.response_id, rule="task_expired")
    on_trial = person()
    services.start_trial(user_id=on_trial.pk)
    charge(on_trial.pk, response(on_trial).pk)
    clock.advance(days=1)
    assert worth(Terms(12_000, 0))["response_fee"] == (16 * 12_000, 16 * 12_000)
    assert worth(Terms(15_000, 0))["response_fee"] == (16 * 12_000, 16 * 15_000)
    mixed = worth(Terms(12_000, 149_000))  # 14 responses would cost 1,680 ₽: the month is cheaper
    assert (mixed["response_fee"][1], mixed["subscription"][1]) == (2 * 12_000, 149_000)
    only = worth(Terms(0, 149_000))
    assert (only["response_fee"][1], only["subscription"][1]) == (0, 149_000)


def test_the_preview_takes_a_stated_share_of_accepted_deals_for_the_commission() -> None:
    deal = steps.assigned()
    for step in (steps.start, steps.finish, steps.accept):
        deal = step(deal)
    found = selectors.preview(
        category_id=deal.task.category_id, city_id=deal.task.city_id, terms=Terms(0, 0, 1_000), fee_now_minor=0
    )
    assert (found.deals, found.deals_worth) == (1, Money(230_000))
    assert found.lines[2].would == Money(230_000 * 1_000 * settings.RULES["preview_secure_share_percent"] // 1_000_000)
    assert str(settings.RULES["preview_secure_share_percent"]) in found.assumptions[-1]


def test_the_share_of_secure_deals_is_the_categorys_own_where_there_is_one() -> None:
    terms = Terms(0, 0, 1_000)
    secure = held_without_processor(steps.respond(secure_task(), price=Money(300_000)))
    direct = steps.assigned(steps.post_task(category=secure.task.category, city=secure.task.city))
    for deal in (direct, secure):
        steps.accept(steps.finish(deal))
    worth_of = {deal.pk: deal.response.price_minor for deal in (direct, secure)}
    place = {"category_id": secure.task.category_id, "city_id": secure.task.city_id}
    found = selectors.preview(**place, terms=terms, fee_now_minor=0)
    share_bp = worth_of[secure.pk] * 10_000 // sum(worth_of.values())
    assert found.lines[2].would == Money(sum(worth_of.values()) * 1_000 * share_bp // 100_000_000)
    elsewhere = selectors.preview(**{**place, "city_id": 0}, terms=terms, fee_now_minor=0)
    assumed = selectors.preview(category_id=0, city_id=0, terms=terms, fee_now_minor=0)
    said = [made.assumptions[-1] for made in (found, elsewhere, assumed)]
    assert len(set(said)) == 3
    assert all(f"{share_bp // 100}" in text for text in said[:2])
    assert str(settings.RULES["preview_secure_share_percent"]) in said[2]


def test_what_is_older_than_the_preview_is_not_counted(clock: Clock) -> None:
    tariff(12_000)
    answers(person(), 1)
    clock.advance(days=settings.RULES["preview_days"], hours=1)
    assert worth(Terms(15_000, 0))["response_fee"] == (0, 0)


def test_the_arms_are_told_apart_by_what_was_charged(clock: Clock) -> None:
    tariff(12_000)
    rollout = services.publish_tariff(
        category_id=category().pk, city_id=city().pk, terms=Terms(20_000, 149_000), by=steps.operator(), share=50,
        valid_from=now() + timedelta(days=NOTICE),
    ).rollout  # fmt: skip
    inside = next(p for p in iter(person, None) if bucket_of(p.pk, rollout.pk) < 50)
    outside = next(p for p in iter(person, None) if bucket_of(p.pk, rollout.pk) >= 50)
    leaver = next(p for p in iter(person, None) if bucket_of(p.pk, rollout.pk) < 50)
    for one in (inside, outside, leaver):
        give(one.pk, 100_000)
        charge(one.pk, response(one).pk)
    clock.advance(days=NOTICE, seconds=1)
    charge(inside.pk, response(inside).pk)
    kept = [charge(outside.pk, response(outside).pk) for _ in range(2)]
    services.refund_response_fee(response_id=kept[0].response_id, rule="task_expired")
    clock.advance(seconds=1)
    new, old = selectors.arms(rollout)
    assert (new.responses, new.executors, new.revenue, new.refunds) == (1, 1, Money(20_000), Money(0))
    assert (old.responses, old.executors, old.revenue, old.refunds) == (2, 1, Money(12_000), Money(12_000))
    assert (new.active_before, new.active_since, new.retention) == (2, 1, 0.5)
    assert (old.active_before, old.active_since) == (1, 1)
