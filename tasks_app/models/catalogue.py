"""What can be asked for: groups, categories, and the questions of a category."""

from django.db import models
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from tasks_app.models.bilingual import Bilingual


class CategoryGroup(Bilingual, models.Model):
    slug = models.SlugField(unique=True)
    name_ru = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    icon = models.CharField(max_length=40)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = pgettext_lazy("admin", "category group")
        verbose_name_plural = pgettext_lazy("admin", "category groups")
        ordering = ["position"]


class Category(Bilingual, models.Model):
    class Place(models.TextChoices):
        ONSITE = "onsite", _("at the customer's place")
        REMOTE = "remote", _("remotely")
        EITHER = "either", _("on site or remotely")
        ROUTE = "route", _("from point to point")

    group = models.ForeignKey(CategoryGroup, on_delete=models.PROTECT, related_name="categories")
    slug = models.SlugField(unique=True)
    name_ru = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    icon = models.CharField(max_length=40)
    place = models.CharField(max_length=8, choices=Place.choices, default=Place.ONSITE)
    default_minutes = models.PositiveIntegerField(default=120)
    max_responses = models.PositiveIntegerField(default=10)
    keywords_ru = models.TextField(blank=True, help_text="what people type, one phrase a line")
    keywords_en = models.TextField(blank=True)
    usual_low_minor = models.BigIntegerField(default=0, help_text="minor units")
    usual_high_minor = models.BigIntegerField(default=0, help_text="minor units")
    position = models.PositiveIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        verbose_name = pgettext_lazy("admin", "category")
        verbose_name_plural = pgettext_lazy("admin", "categories")
        ordering = ["position"]


class Question(models.Model):
    class Kind(models.TextChoices):
        CHOICE = "choice", _("one of several")
        NUMBER = "number", _("a number")
        TEXT = "text", _("a line of text")
        YES_NO = "yes_no", _("yes or no")

    category = models.ForeignKey(Category, on_delete=models.CASCADE, related_name="questions")
    key = models.SlugField()
    text_ru = models.CharField(max_length=200)
    text_en = models.CharField(max_length=200)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    options = models.JSONField(default=list, blank=True, help_text='[{"key": "new", "ru": "новая", "en": "new"}]')
    required = models.BooleanField(default=False)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = pgettext_lazy("admin", "question")
        verbose_name_plural = pgettext_lazy("admin", "questions")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["category", "key"], name="question_key_in_category")]

    @property
    def text(self) -> str:
        return self.text_en if (get_language() or "ru").startswith("en") else self.text_ru
