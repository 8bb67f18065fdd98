"""Where tasks are: cities, their districts, and the streets of the offline gazetteer."""

from django.contrib.gis.db import models as gis
from django.db import models
from django.utils.translation import pgettext_lazy

from tasks_app.models.bilingual import Bilingual


class City(Bilingual, models.Model):
    slug = models.SlugField(unique=True)
    name_ru = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    name_ru_in = models.CharField(max_length=80, help_text="«в Москве»")
    time_zone = models.CharField(max_length=40)
    currency = models.CharField(max_length=3, default="RUB")
    centre = gis.PointField(srid=4326)
    outline = gis.MultiPolygonField(srid=4326)
    is_active = models.BooleanField(default=True)
    verification_per_day = models.PositiveIntegerField(
        default=200, help_text="how many verification requests are taken in a day"
    )
    position = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = pgettext_lazy("admin", "city")
        verbose_name_plural = pgettext_lazy("admin", "cities")
        ordering = ["position"]


class District(Bilingual, models.Model):
    city = models.ForeignKey(City, on_delete=models.CASCADE, related_name="districts")
    slug = models.SlugField()
    name_ru = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    outline = gis.MultiPolygonField(srid=4326)

    class Meta:
        verbose_name = pgettext_lazy("admin", "district")
        verbose_name_plural = pgettext_lazy("admin", "districts")
        ordering = ["name_ru"]
        constraints = [models.UniqueConstraint(fields=["city", "slug"], name="district_slug_in_city")]


class Street(Bilingual, models.Model):
    """A street of the offline gazetteer; a house number is placed along the line."""

    city = models.ForeignKey(City, on_delete=models.CASCADE, related_name="streets")
    district = models.ForeignKey(District, null=True, on_delete=models.SET_NULL, related_name="+")
    name_ru = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    line = gis.LineStringField(srid=4326)
    last_house = models.PositiveIntegerField(default=100)

    class Meta:
        verbose_name = pgettext_lazy("admin", "street")
        verbose_name_plural = pgettext_lazy("admin", "streets")
        constraints = [models.UniqueConstraint(fields=["city", "name_ru"], name="street_name_in_city")]
