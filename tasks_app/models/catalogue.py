"""What can be asked for: groups, categories, and the questions of a category."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from tasks_app.models.bilingual import Bilingual
from tasks_app.models.validity import fitting_options, known_icon

LONGEST_MINUTES = 30 * 24 * 60


class CategoryGroup(Bilingual, models.Model):
    slug = models.SlugField(pgettext_lazy("admin", "name in addresses"), unique=True)
    name_ru = models.CharField(pgettext_lazy("admin", "name in Russian"), max_length=80)
    name_en = models.CharField(pgettext_lazy("admin", "name in English"), max_length=80)
    icon = models.CharField(pgettext_lazy("admin", "icon"), max_length=40, validators=[known_icon])
    position = models.PositiveIntegerField(pgettext_lazy("admin", "place in the order"), default=0)

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

    group = models.ForeignKey(
        CategoryGroup,
        verbose_name=pgettext_lazy("admin", "category group"),
        on_delete=models.PROTECT,
        related_name="categories",
    )
    slug = models.SlugField(pgettext_lazy("admin", "name in addresses"), unique=True)
    name_ru = models.CharField(pgettext_lazy("admin", "name in Russian"), max_length=80)
    name_en = models.CharField(pgettext_lazy("admin", "name in English"), max_length=80)
    icon = models.CharField(pgettext_lazy("admin", "icon"), max_length=40, validators=[known_icon])
    place = models.CharField(
        pgettext_lazy("admin", "where the work is done"), max_length=8, choices=Place.choices, default=Place.ONSITE
    )
    default_minutes = models.PositiveIntegerField(
        pgettext_lazy("admin", "usual duration, minutes"),
        default=120,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_MINUTES)],
    )
    max_responses = models.PositiveIntegerField(
        pgettext_lazy("admin", "responses to a task, at most"), default=10, validators=[MinValueValidator(1)]
    )
    keywords_ru = models.TextField(
        pgettext_lazy("admin", "words for the search, in Russian"),
        blank=True,
        help_text=pgettext_lazy("admin", "what people type, one phrase a line"),
    )
    keywords_en = models.TextField(
        pgettext_lazy("admin", "words for the search, in English"),
        blank=True,
        help_text=pgettext_lazy("admin", "what people type, one phrase a line"),
    )
    usual_low_minor = models.BigIntegerField(
        pgettext_lazy("admin", "usual price, from"),
        default=0,
        validators=[MinValueValidator(0)],
        help_text=pgettext_lazy("admin", "in minor units: kopecks, cents"),
    )
    usual_high_minor = models.BigIntegerField(
        pgettext_lazy("admin", "usual price, to"),
        default=0,
        validators=[MinValueValidator(0)],
        help_text=pgettext_lazy("admin", "in minor units: kopecks, cents"),
    )
    position = models.PositiveIntegerField(pgettext_lazy("admin", "place in the order"), default=0)
    is_active = models.BooleanField(
        pgettext_lazy("admin", "active"),
        default=True,
        help_text=pgettext_lazy("admin", "what is not active is offered nowhere; tasks that exist go on"),
    )

    class Meta:
        verbose_name = pgettext_lazy("admin", "category")
        verbose_name_plural = pgettext_lazy("admin", "categories")
        ordering = ["position"]
        constraints = [
            models.CheckConstraint(condition=Q(default_minutes__gte=1), name="category_takes_a_minute"),
            models.CheckConstraint(condition=Q(max_responses__gte=1), name="category_takes_a_response"),
            models.CheckConstraint(
                condition=Q(usual_low_minor__gte=0, usual_high_minor__gte=F("usual_low_minor")),
                name="category_prices_in_order",
                violation_error_message=_("The usual price “from” must not be above the usual price “to”."),
            ),
        ]


class Question(models.Model):
    class Kind(models.TextChoices):
        CHOICE = "choice", _("one of several")
        NUMBER = "number", _("a number")
        TEXT = "text", _("a line of text")
        YES_NO = "yes_no", _("yes or no")

    category = models.ForeignKey(
        Category, verbose_name=pgettext_lazy("admin", "category"), on_delete=models.CASCADE, related_name="questions"
    )
    key = models.SlugField(pgettext_lazy("admin", "key"))
    text_ru = models.CharField(pgettext_lazy("admin", "question in Russian"), max_length=200)
    text_en = models.CharField(pgettext_lazy("admin", "question in English"), max_length=200)
    kind = models.CharField(pgettext_lazy("admin", "kind of answer"), max_length=8, choices=Kind.choices)
    options = models.JSONField(
        pgettext_lazy("admin", "options"),
        default=list,
        blank=True,
        help_text='[{"key": "new", "ru": "новая", "en": "new"}]',
    )
    required = models.BooleanField(pgettext_lazy("admin", "must be answered"), default=False)
    position = models.PositiveIntegerField(pgettext_lazy("admin", "place in the order"), default=0)

    class Meta:
        verbose_name = pgettext_lazy("admin", "question")
        verbose_name_plural = pgettext_lazy("admin", "questions")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["category", "key"], name="question_key_in_category")]

    def __str__(self) -> str:
        return self.text

    def clean(self) -> None:
        """Raises ValidationError where the options do not fit the kind; an emptied field means none."""
        if self.options is None:
            self.options = []
        try:
            fitting_options(self.options, choice=self.kind == self.Kind.CHOICE)
        except ValidationError as wrong:
            raise ValidationError({"options": wrong}) from wrong

    @property
    def text(self) -> str:
        return self.text_en if (get_language() or "ru").startswith("en") else self.text_ru
