"""Papers for people who keep books: requisites, numbers without gaps, documents that never change once issued."""

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from marketplace.kit.clock import now
from marketplace.kit.money import Money


class Requisites(models.Model):
    """What a document says of a side: a company or an entrepreneur as a customer, a self-employed executor."""

    class Kind(models.TextChoices):
        COMPANY = "company", pgettext_lazy("requisites", "company")
        ENTREPRENEUR = "entrepreneur", pgettext_lazy("requisites", "individual entrepreneur")
        SELF_EMPLOYED = "self_employed", pgettext_lazy("requisites", "self-employed")

    user = models.OneToOneField("accounts.User", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=13, choices=Kind.choices)
    name = models.CharField(max_length=200)
    inn = models.CharField(max_length=12, help_text="taxpayer number, check digits proven")
    kpp = models.CharField(max_length=9, blank=True, help_text="a company's registration reason code")
    address = models.CharField(max_length=300, blank=True)
    changed_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="company", inn__regex=r"^\d{10}$", kpp__regex=r"^\d{4}[\dA-Z]{2}\d{3}$")
                | (~Q(kind="company") & Q(inn__regex=r"^\d{12}$", kpp="")),
                name="requisites_have_their_numbers",
            )
        ]


class DocumentSeries(models.Model):
    """The last number given in a series and a year. Its row is locked while a document is issued: no gaps, no doubles."""

    series = models.CharField(max_length=7)
    year = models.PositiveSmallIntegerField()
    last_number = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["series", "year"], name="one_count_per_series_and_year")]


class Document(models.Model):
    """An issued act or invoice. `content` is frozen at the issue, the PDF is drawn from it; triggers refuse any change."""

    class Series(models.TextChoices):
        ACT = "act", pgettext_lazy("document", "act")
        INVOICE = "invoice", pgettext_lazy("document", "invoice")

    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    series = models.CharField(max_length=7, choices=Series.choices)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    subject = models.CharField(max_length=40, help_text="deal:12 or month:2026-10")
    issued_at = models.DateTimeField(default=now)
    total_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    content = models.JSONField(help_text="the two sides, the lines, the date: what the paper says")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series", "year", "number"], name="document_number_given_once"),
            models.UniqueConstraint(fields=["user", "series", "subject"], name="one_document_per_subject"),
            models.CheckConstraint(condition=Q(total_minor__gt=0), name="document_is_about_money"),
        ]
        indexes = [models.Index(fields=["user", "-id"])]

    @property
    def total(self) -> Money:
        return Money(self.total_minor, self.currency)

    @property
    def title_number(self) -> str:
        """«17/2026»."""
        return f"{self.number}/{self.year}"
