"""Which terms hold where, for whom and when: the one place that answers it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.db.models import OuterRef, QuerySet, Subquery

from marketplace.kit.clock import now
from marketplace.kit.money import Money
from marketplace.kit.rows import rows
from payments.models import RolloutStep, Tariff, TariffRollout

Place = tuple[int, int]  # category id, city id

# The latest begun tariff of each place that reaches the executor: one with a roll-out only those of its share at that
# moment. Parameters: category ids, city ids, moment, executor id, moment.
IN_FORCE: Final = """
SELECT DISTINCT ON (place.category, place.city) place.category, place.city, tariff.id, tariff.response_fee_minor,
       tariff.subscription_minor, tariff.currency
FROM unnest(%s::bigint[], %s::bigint[]) AS place(category, city)
JOIN payments_tariff AS tariff ON tariff.category_id = place.category AND tariff.city_id = place.city
LEFT JOIN payments_tariffrollout AS rollout ON rollout.tariff_id = tariff.id
WHERE tariff.valid_from <= %s AND (rollout.id IS NULL OR payments_bucket(%s, rollout.id) < COALESCE((
    SELECT share_percent FROM payments_rolloutstep AS step
    WHERE step.rollout_id = rollout.id AND step.at <= %s ORDER BY step.at DESC LIMIT 1), 0))
ORDER BY place.category, place.city, tariff.valid_from DESC
"""


def in_force_params(places: Iterable[Place], executor_id: int | None, at: datetime) -> list[object]:
    wanted = list(places)
    return [[place[0] for place in wanted], [place[1] for place in wanted], at, executor_id, at]


def tariffs_in_force(
    places: Iterable[Place], at: datetime | None = None, *, executor_id: int | None = None
) -> dict[Place, Tariff]:
    """The terms of each (category, city) for an executor at a moment; places without any are absent. Without an executor
    the terms that hold for everybody. One query."""
    wanted = set(places)
    if not wanted:
        return {}
    found = Tariff.objects.raw(
        f"SELECT * FROM payments_tariff WHERE id IN (SELECT terms.id FROM ({IN_FORCE}) AS terms)",  # noqa: S608  constants
        in_force_params(wanted, executor_id, at or now()),
    )
    return {(tariff.category_id, tariff.city_id): tariff for tariff in found}


def tariff_in_force(
    *, category_id: int, city_id: int, executor_id: int | None = None, at: datetime | None = None
) -> Tariff | None:
    """The terms of one place for one executor; what has begun under them keeps them (see Charge, Subscription)."""
    place = (category_id, city_id)
    return tariffs_in_force([place], at, executor_id=executor_id).get(place)


def usual_fee(*, city_id: int, executor_id: int | None, at: datetime) -> Money | None:
    """The middle response fee over the categories of a city, by the terms that hold for the executor; None where no
    response costs anything."""
    categories = Tariff.objects.filter(city_id=city_id).order_by().values_list("category_id", flat=True).distinct()
    places = [(category_id, city_id) for category_id in categories]
    fees = sorted(
        (Money(fee, currency) for *_place, fee, _month, currency in rows(IN_FORCE, in_force_params(places, executor_id, at))
         if fee), key=lambda fee: fee.minor,
    )  # fmt: skip
    return fees[(len(fees) - 1) // 2] if fees else None


def running_rollouts(category_id: int | None = None, city_id: int | None = None) -> "QuerySet[TariffRollout]":
    """Roll-outs that have neither been stopped nor reached everybody; a later tariff for everybody ends one too."""
    ended = RolloutStep.objects.filter(share_percent__in=(0, 100)).values("rollout")
    rollouts = TariffRollout.objects.exclude(pk__in=ended).select_related("tariff", "tariff__category", "tariff__city")
    if category_id is not None and city_id is not None:
        rollouts = rollouts.filter(tariff__category_id=category_id, tariff__city_id=city_id)
    return rollouts.order_by("pk")


def rollout_by_id(rollout_id: int) -> TariffRollout | None:
    return (
        TariffRollout.objects.select_related("tariff", "tariff__category", "tariff__city").filter(pk=rollout_id).first()
    )


def rollout_shares(at: datetime) -> list[tuple[TariffRollout, int]]:
    """Running roll-outs with the share of executors each reaches at a moment."""
    last = RolloutStep.objects.filter(rollout=OuterRef("pk"), at__lte=at).order_by("-at").values("share_percent")[:1]
    return [(rollout, rollout.share or 0) for rollout in running_rollouts().annotate(share=Subquery(last))]


def tariffs_of_place(category_id: int, city_id: int) -> "QuerySet[Tariff]":
    """All terms of a place, newest first, with roll-outs."""
    tariffs = Tariff.objects.filter(category_id=category_id, city_id=city_id)
    return tariffs.select_related("rollout").prefetch_related("rollout__steps").order_by("-valid_from")


def planned_tariffs(at: datetime | None = None) -> "QuerySet[Tariff]":
    """Terms that have not begun yet."""
    return Tariff.objects.filter(valid_from__gt=at or now()).order_by("valid_from")
