"""Where tasks are: cities, their districts, and the streets of the offline gazetteer."""

from django.contrib.gis.db import models as gis
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tasks_app.models.bilingual import Bilingual
from tasks_app.models.validity import known_currency, known_time_zone, on_the_map


class City(Bilingual, models.Model):
    slug = models.SlugField(pgettext_lazy("admin", "name in addresses"), unique=True)
    name_ru = models.CharField(pgettext_lazy("admin", "name in Russian"), max_length=80)
    name_en = models.CharField(pgettext_lazy("admin", "name in English"), max_length=80)
    name_ru_in = models.CharField(
        pgettext_lazy("admin", "name in Russian, with “in”"), max_length=80, help_text="«в Москве»"
    )
    time_zone = models.CharField(pgettext_lazy("admin", "time zone"), max_length=40, validators=[known_time_zone])
    currency = models.CharField(
        pgettext_lazy("admin", "currency"), max_length=3, default="RUB", validators=[known_currency]
    )
    centre = gis.PointField(pgettext_lazy("admin", "centre"), srid=4326, validators=[on_the_map])
    outline = gis.MultiPolygonField(pgettext_lazy("admin", "outline"), srid=4326, validators=[on_the_map])
    is_active = models.BooleanField(
        pgettext_lazy("admin", "active"),
        default=True,
        help_text=pgettext_lazy("admin", "what is not active is offered nowhere; tasks that exist go on"),
    )
    verification_per_day = models.PositiveIntegerField(
        pgettext_lazy("admin", "verifications a day"),
        default=200,
        help_text=pgettext_lazy("admin", "how many verification requests are taken in a day; 0: none"),
    )
    position = models.PositiveIntegerField(pgettext_lazy("admin", "place in the order"), default=0)

    class Meta:
        verbose_name = pgettext_lazy("admin", "city")
        verbose_name_plural = pgettext_lazy("admin", "cities")
        ordering = ["position"]
        constraints = [
            models.CheckConstraint(condition=Q(currency__regex=r"^[A-Z]{3}$"), name="city_currency_of_three_capitals")
        ]

    def clean(self) -> None:
        """Raises ValidationError where the centre lies outside the outline."""
        if self.centre and self.outline and self.outline.valid and not self.outline.covers(self.centre):
            raise ValidationError({"centre": _("The centre must lie inside the outline.")})


class District(Bilingual, models.Model):
    city = models.ForeignKey(
        City, verbose_name=pgettext_lazy("admin", "city"), on_delete=models.CASCADE, related_name="districts"
    )
    slug = models.SlugField(pgettext_lazy("admin", "name in addresses"))
    name_ru = models.CharField(pgettext_lazy("admin", "name in Russian"), max_length=80)
    name_en = models.CharField(pgettext_lazy("admin", "name in English"), max_length=80)
    outline = gis.MultiPolygonField(pgettext_lazy("admin", "outline"), srid=4326, validators=[on_the_map])

    class Meta:
        verbose_name = pgettext_lazy("admin", "district")
        verbose_name_plural = pgettext_lazy("admin", "districts")
        ordering = ["name_ru"]
        constraints = [models.UniqueConstraint(fields=["city", "slug"], name="district_slug_in_city")]


class Street(Bilingual, models.Model):
    """A street of the offline gazetteer; a house number is placed along the line."""

    city = models.ForeignKey(
        City, verbose_name=pgettext_lazy("admin", "city"), on_delete=models.CASCADE, related_name="streets"
    )
    district = models.ForeignKey(
        District,
        verbose_name=pgettext_lazy("admin", "district"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    name_ru = models.CharField(pgettext_lazy("admin", "name in Russian"), max_length=120)
    name_en = models.CharField(pgettext_lazy("admin", "name in English"), max_length=120)
    line = gis.LineStringField(pgettext_lazy("admin", "line"), srid=4326, validators=[on_the_map])
    last_house = models.PositiveIntegerField(
        pgettext_lazy("admin", "last house number"), default=100, validators=[MinValueValidator(1)]
    )

    class Meta:
        verbose_name = pgettext_lazy("admin", "street")
        verbose_name_plural = pgettext_lazy("admin", "streets")
        constraints = [
            models.UniqueConstraint(fields=["city", "name_ru"], name="street_name_in_city"),
            models.CheckConstraint(condition=Q(last_house__gte=1), name="street_has_a_house"),
        ]
