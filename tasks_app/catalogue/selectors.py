"""Reads of the catalogue and of places."""

from typing import TypeVar

from django.contrib.gis.db.models import GeometryField
from django.contrib.gis.geos import Point
from django.db import models
from django.db.models import F, FloatField, Func, Prefetch, QuerySet, Value

from marketplace.kit.errors import NotFound
from tasks_app.models import Category, CategoryGroup, City, District

Row = TypeVar("Row", Category, City)


def groups_with_categories() -> QuerySet[CategoryGroup]:
    """Groups in order, each with its active `categories` in order (two queries)."""
    active = Category.objects.filter(is_active=True).order_by("position", "id")
    return CategoryGroup.objects.prefetch_related(Prefetch("categories", queryset=active)).order_by("position", "id")


def category_by_slug(slug: str) -> Category:
    """An active category with its group and `questions`. Raises NotFound."""
    rows = Category.objects.filter(is_active=True).select_related("group").prefetch_related("questions")
    return _one(rows, slug)


def active_cities() -> QuerySet[City]:
    return City.objects.filter(is_active=True).order_by("position", "id")


def city_by_slug(slug: str) -> City:
    """An active city. Raises NotFound."""
    return _one(active_cities(), slug)


def is_needed(row: models.Model) -> bool:
    """Whether rows that must stay (tasks, prices, subscriptions…) need this one, so that it cannot be deleted."""
    needs = [link for link in row._meta.related_objects if getattr(link, "on_delete", None) is models.PROTECT]
    return any(link.related_model._base_manager.filter(**{link.field.name: row.pk}).exists() for link in needs)


def city_at(point: Point) -> City | None:
    """The active city whose outline holds the point (any SRID), or None."""
    return active_cities().filter(outline__covers=point).first()


def district_at(point: Point, *, city: City) -> District | None:
    """The district of the city that holds the point (any SRID), or None between districts."""
    return District.objects.filter(city=city, outline__covers=point).order_by("id").first()


def district_of_cell(public_point: Point, *, city: City) -> District | None:
    """The district a grid cell is said to be in: the one at its centre, else the nearest of the city.

    It is the cell's and not the exact point's on purpose: a cell cut by a district's border would otherwise
    tell on which side of it the exact point lies.
    """
    place = public_point.clone()
    place.transform(4326)
    if inside := district_at(place, city=city):
        return inside
    gap = Func(
        F("outline"),
        Value(place, output_field=GeometryField(srid=4326)),
        function="ST_Distance",
        output_field=FloatField(),
    )
    return District.objects.filter(city=city).annotate(gap=gap).order_by("gap", "id").first()


def _one(rows: "QuerySet[Row]", slug: str) -> Row:
    found = rows.filter(slug=slug).first()
    if found is None:
        raise NotFound
    return found
