"""The columns and indexes that the feed of open tasks stands on (docs/decisions/0020-feed-indexes.md).

All of them come from what is public already: the centre of the 500 m cell, never the exact point. Coordinates are whole
metres of Web Mercator (EPSG:3857), which stretches the ground by 1 / cos(latitude).
"""

from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Coalesce

NEAR_CELL = 8_192  # 3857 metres: about 4.5 km on the ground at Moscow's latitude
FAR_CELL = 32_768  # four by four of the near ones
CELL_OFFSET = 4_096  # makes the numbers of columns and rows positive
CELL_ROWS = 8_192

_OPEN = Q(status="open")
_TOLD = ["public_x", "public_y", "top_price_minor", "starts_at", "ends_at", "photos_count", "district"]


def _whole(axis: str) -> "models.GeneratedField":
    return models.GeneratedField(
        expression=Func(F("public_point"), template=f"round({axis}(%(expressions)s))::integer"),
        output_field=models.IntegerField(null=True),
        db_persist=True,
        null=True,
    )


def _cell(size: int) -> "models.GeneratedField":
    column = f"(floor(round(ST_X(%(expressions)s)) / {size})::integer + {CELL_OFFSET})"
    row = f"(floor(round(ST_Y(%(expressions)s)) / {size})::integer + {CELL_OFFSET})"
    return models.GeneratedField(
        expression=Func(F("public_point"), template=f"({column} * {CELL_ROWS} + {row})"),
        output_field=models.IntegerField(null=True),
        db_persist=True,
        null=True,
    )


def public_x() -> "models.GeneratedField":
    return _whole("ST_X")


def public_y() -> "models.GeneratedField":
    return _whole("ST_Y")


def near_cell() -> "models.GeneratedField":
    return _cell(NEAR_CELL)


def far_cell() -> "models.GeneratedField":
    return _cell(FAR_CELL)


def top_price() -> "models.GeneratedField":
    """The most that the customer offers, minor units; None where the executor names the price."""
    return models.GeneratedField(
        expression=Coalesce(F("price_high_minor"), F("price_minor")),
        output_field=models.BigIntegerField(null=True),
        db_persist=True,
        null=True,
    )


FEED_INDEXES = [
    GistIndex(fields=["category", "public_point"], condition=_OPEN, name="feed_nearest_in_category"),
    GistIndex(F("public_point"), condition=_OPEN, name="feed_nearest"),  # by fields, the condition would be lost
    models.Index(
        fields=["near_cell", "category", "-created_at", "-id"],
        include=_TOLD,
        condition=_OPEN,
        name="feed_newest_near",
    ),
    models.Index(
        fields=["far_cell", "category", "-created_at", "-id"],
        include=_TOLD,
        condition=_OPEN,
        name="feed_newest_far",
    ),
    models.Index(
        fields=["near_cell", "-created_at", "-id"],
        include=[*_TOLD, "category"],
        condition=_OPEN,
        name="feed_newest_any_category",
    ),
    models.Index(
        fields=["city", "category", "-created_at", "-id"],
        include=[*_TOLD, "is_remote"],
        condition=_OPEN,
        name="feed_newest_in_city",
    ),
    models.Index(
        fields=["district", "category", "-created_at", "-id"],
        include=[name for name in _TOLD if name != "district"],
        condition=_OPEN,
        name="feed_newest_in_district",
    ),
    models.Index(
        fields=["category", "-created_at", "-id"],
        include=["top_price_minor", "starts_at", "ends_at", "photos_count"],
        condition=_OPEN & Q(is_remote=True),
        name="feed_newest_remote",
    ),
]
