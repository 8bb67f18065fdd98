"""The first price list, from the reference files; from then on operators switch models at /desk/tariffs/."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from marketplace.kit.clock import now
from marketplace.kit.money import Money
from payments.models import Tariff


@dataclass(frozen=True)
class ListPrice:
    """What a category costs in a city: a response, and a month of them."""

    category_id: int
    city_id: int
    response_fee: Money
    subscription: Money


def publish_tariffs(*, prices: Sequence[ListPrice], valid_from: datetime, overwrite: bool = False) -> int:
    """Publish a price list from a moment on and answer how many rows were written. A price that already stands from that very
    moment is left alone unless `overwrite`; fees already charged are frozen and never change."""
    known = set(Tariff.objects.filter(valid_from=valid_from).values_list("category_id", "city_id"))
    rows = [
        Tariff(
            category_id=price.category_id,
            city_id=price.city_id,
            valid_from=valid_from,
            response_fee_minor=price.response_fee.minor,
            subscription_minor=price.subscription.minor,
            currency=price.response_fee.currency,
            announced_at=now(),
        )
        for price in prices
        if overwrite or (price.category_id, price.city_id) not in known
    ]
    Tariff.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["category", "city", "valid_from"],
        update_fields=["response_fee_minor", "subscription_minor", "currency"],
    )
    return len(rows)
