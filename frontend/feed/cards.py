"""Cards of tasks: what everybody sees alike is rendered once per (task, version, language, day) and kept as a string; what
belongs to the reader (the distance, the fee, "you answered") is put into its two gaps when the page is made."""

from collections.abc import Sequence
from datetime import datetime

import structlog
from django.core.cache import cache
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from frontend import words
from marketplace.accounts.selectors import customer_standings
from marketplace.kit.clock import now
from marketplace.kit.contacts import mask_contacts
from marketplace.trust.selectors import ratings_of
from tasks_app.feed.reference import Reference
from tasks_app.feed.selectors import FeedRow
from tasks_app.selectors import customer_records

log = structlog.get_logger()
SECONDS = 3600  # a customer's record on a card may be this old
GAP = "\x00"  # separates the three parts of a kept card: before the distance, before the action, the rest
Parts = list[str]


def card_parts(rows: Sequence[FeedRow], known: Reference, base: str) -> dict[int, Parts]:
    """Task id → the three parts. `base`: the path that the language's pages begin with ("/" or "/en/")."""
    language, at = words.language(), now()
    keys = {row.id: _key(row, known, language, at) for row in rows}
    kept = _read(list(keys.values()))
    missing = [row for row in rows if keys[row.id] not in kept]
    if missing:
        fresh = _render(missing, known, base)
        _write({keys[pk]: card for pk, card in fresh.items()})
        kept |= {keys[pk]: card for pk, card in fresh.items()}
    return {pk: kept[key].split(GAP) for pk, key in keys.items()}


def when(timing: str, starts_at: datetime | None, ends_at: datetime | None, zone: str) -> str:
    """«tomorrow, 18:00–21:00», «any time»."""
    if starts_at is None:
        return _("any time")
    return words.window(starts_at, ends_at, zone)


def price_words(row: FeedRow) -> str:
    """«2 500 ₽», «2 000 – 3 000 ₽», «offer your price»."""
    price, high = row.price, row.price_high
    if price is None:
        return _("offer your price")
    if high is None:
        return price.format()
    return words.price_range(price, high)


def _key(row: FeedRow, known: Reference, language: str, at: datetime) -> str:
    """Words such as "tomorrow" are true for one day of the city."""
    city = known.cities.get(row.city_id)
    day = at.astimezone(city.zone if city else None).toordinal()
    return f"card:4:{language}:{row.id}:{row.version}:{row.responses_count}:{day}"


def _render(rows: Sequence[FeedRow], known: Reference, base: str) -> dict[int, str]:
    customers = {row.customer_id for row in rows}
    standings, records = customer_standings(customers), customer_records(customers)
    ratings = ratings_of(customers, "customer")
    cards: dict[int, str] = {}
    for row in rows:
        city = known.cities.get(row.city_id)
        district = known.districts.get(row.district_id or 0)
        context = {
            "row": row,
            "title": mask_contacts(row.title).text,
            "path": f"{base}tasks/{row.id}/",
            "price": price_words(row),
            "place": district.name if district else (city.name if city else ""),
            "when": when(row.timing, row.starts_at, row.ends_at, city.time_zone if city else ""),
            "category": known.categories.get(row.category_id),
            "standing": standings.get(row.customer_id),
            "record": records[row.customer_id],
            "rating": ratings[row.customer_id],
            "gap": GAP,
        }
        cards[row.id] = render_to_string("feed/card.html", context)
    return cards


def _read(keys: list[str]) -> dict[str, str]:
    try:
        kept: dict[str, str] = cache.get_many(keys)
    except Exception as error:  # Redis away: cards are rendered anew
        log.warning("cards_not_read", error=type(error).__name__)
        return {}
    return kept


def _write(cards: dict[str, str]) -> None:
    try:
        cache.set_many(cards, SECONDS)
    except Exception as error:
        log.warning("cards_not_kept", error=type(error).__name__)
