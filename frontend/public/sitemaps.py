"""Every public address in both languages."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from marketplace.accounts.selectors import verified_executors
from tasks_app.catalogue import selectors as catalogue
from tasks_app.public import selectors


class BothLanguages(Sitemap):
    i18n = True
    alternates = True
    x_default = True

    @property
    def protocol(self) -> str:  # type: ignore[override]
        return urlsplit(settings.SITE_URL).scheme

    def get_domain(self, site: Any = None) -> str:
        return urlsplit(settings.SITE_URL).netloc


class Pages(BothLanguages):
    changefreq = "daily"

    def items(self) -> list[str]:
        return ["public:home", "public:categories", "public:rules"]

    def location(self, item: Any) -> str:
        return reverse(item)


class Categories(BothLanguages):
    changefreq = "daily"

    def items(self) -> list[str]:
        return [category.slug for group in catalogue.groups_with_categories() for category in group.categories.all()]

    def location(self, item: Any) -> str:
        return reverse("public:category", args=[item])


class Cities(BothLanguages):
    changefreq = "daily"

    def items(self) -> list[str]:
        return [city.slug for city in catalogue.active_cities()]

    def location(self, item: Any) -> str:
        return reverse("public:city", args=[item])


class CityCategories(BothLanguages):
    changefreq = "daily"

    def items(self) -> list[tuple[str, str]]:
        return [(city, category) for city in Cities().items() for category in Categories().items()]

    def location(self, item: Any) -> str:
        return reverse("public:city_category", args=item)


class OpenTasks(BothLanguages):
    changefreq = "hourly"
    limit = 5000

    def items(self) -> Iterable[tuple[int, datetime]]:
        return selectors.recently_changed()

    def location(self, item: Any) -> str:
        return reverse("deal:task", args=[item[0]])

    def lastmod(self, item: Any) -> datetime:
        posted: datetime = item[1]
        return posted


class Executors(BothLanguages):
    changefreq = "weekly"
    limit = 5000

    def items(self) -> Iterable[int]:
        return verified_executors()

    def location(self, item: Any) -> str:
        return reverse("trust:executor", args=[item])


SECTIONS = {
    "pages": Pages,
    "categories": Categories,
    "cities": Cities,
    "services": CityCategories,
    "executors": Executors,
    "tasks": OpenTasks,
}
