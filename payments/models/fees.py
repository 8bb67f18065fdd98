"""What a response costs, what was charged, and what became of it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from marketplace.kit.clock import now
from marketplace.kit.money import Money
from payments.models.ledger import Entry


class Tariff(models.Model):
    """The terms of a category in a city from a moment on: which models hold, and their prices.

    The latest begun one holds; one with a roll-out holds only for the executors that the roll-out has reached. A price of
    0 switches its model off. Where responses have no price but a subscription does, responding needs the subscription.
    """

    class Payer(models.TextChoices):
        CUSTOMER = "customer", pgettext_lazy("pays the commission", "the customer")
        EXECUTOR = "executor", pgettext_lazy("pays the commission", "the executor")
        BOTH = "both", pgettext_lazy("pays the commission", "both, half each")

    category = models.ForeignKey(
        "tasks_app.Category",
        verbose_name=pgettext_lazy("admin", "category"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    city = models.ForeignKey(
        "tasks_app.City", verbose_name=pgettext_lazy("admin", "city"), on_delete=models.PROTECT, related_name="+"
    )
    valid_from = models.DateTimeField(pgettext_lazy("admin", "holds from"), default=now)
    response_fee_minor = models.BigIntegerField(
        pgettext_lazy("admin", "price of a response"),
        help_text=pgettext_lazy("admin", "in minor units; 0: responses are free"),
    )
    subscription_minor = models.BigIntegerField(
        pgettext_lazy("admin", "price of a subscription"),
        help_text=pgettext_lazy("admin", "in minor units a month; 0: none is offered"),
    )
    currency = models.CharField(pgettext_lazy("admin", "currency"), max_length=3, default="RUB")
    commission_bp = models.PositiveSmallIntegerField(
        pgettext_lazy("admin", "commission"),
        default=0,
        help_text=pgettext_lazy(
            "admin", "of the price of a secure deal, in hundredths of a percent, 0 to 1500; 0: none"
        ),
    )
    commission_payer = models.CharField(
        pgettext_lazy("admin", "who pays the commission"),
        max_length=8,
        choices=Payer.choices,
        default=Payer.EXECUTOR,
    )
    announced_at = models.DateTimeField(
        pgettext_lazy("admin", "announced"),
        null=True,
        blank=True,
        help_text=pgettext_lazy("admin", "when the executors concerned were told"),
    )

    class Meta:
        verbose_name = pgettext_lazy("admin", "tariff")
        verbose_name_plural = pgettext_lazy("admin", "tariffs")
        constraints = [
            models.UniqueConstraint(fields=["category", "city", "valid_from"], name="one_tariff_from_a_moment"),
            models.CheckConstraint(condition=Q(commission_bp__lte=1500), name="tariff_commission_to_15_percent"),
            models.CheckConstraint(
                condition=Q(response_fee_minor__gte=0, subscription_minor__gte=0), name="tariff_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category} · {self.city} · {self.response_fee}"

    @property
    def response_fee(self) -> Money:
        return Money(self.response_fee_minor, self.currency)

    @property
    def subscription(self) -> Money:
        """A month of responses; zero when none is offered."""
        return Money(self.subscription_minor, self.currency)

    @property
    def needs_subscription(self) -> bool:
        return self.subscription_minor > 0 and self.response_fee_minor == 0


class Charge(models.Model):
    """The frozen fee of one response: what it cost, who covered it, what became of it."""

    class CoveredBy(models.TextChoices):
        WALLET = "wallet"
        TRIAL = "trial"
        SUBSCRIPTION = "subscription"
        FREE = "free"

    class Status(models.TextChoices):
        CHARGED = "charged"
        REFUND_PENDING = "refund_pending"
        REFUNDED = "refunded"
        KEPT = "kept"  # a moderator decided against the refund

    response = models.OneToOneField("tasks_app.Response", on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    tariff = models.ForeignKey(Tariff, null=True, on_delete=models.PROTECT, related_name="+")
    covered_by = models.CharField(max_length=12, choices=CoveredBy.choices)
    subscription = models.ForeignKey(
        "payments.Subscription", null=True, blank=True, on_delete=models.PROTECT, related_name="charges"
    )
    amount_minor = models.BigIntegerField(help_text="taken from the wallet; 0 when covered otherwise")
    currency = models.CharField(max_length=3)
    entry = models.OneToOneField(Entry, null=True, on_delete=models.PROTECT, related_name="charge")
    status = models.CharField(max_length=14, choices=Status.choices, default=Status.CHARGED)
    charged_at = models.DateTimeField(default=now)
    unopened_until = models.DateTimeField(help_text="refunded when the customer has not opened the response by then")
    opened_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(covered_by="wallet", amount_minor__gt=0, entry__isnull=False)
                | (~Q(covered_by="wallet") & Q(amount_minor=0, entry=None)),
                name="charge_has_its_entry",
            ),
            models.CheckConstraint(
                condition=Q(covered_by="subscription", subscription__isnull=False)
                | (~Q(covered_by="subscription") & Q(subscription=None)),
                name="charge_has_its_subscription",
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-charged_at"]),
            models.Index(
                fields=["unopened_until"], condition=Q(status="charged", opened_at=None), name="charge_unopened_due"
            ),
        ]

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)


class Refund(models.Model):
    """The one refund of a charge, by a named rule; pending until `not_before` and while a hold stands."""

    class Rule(models.TextChoices):
        UNOPENED_48H = "unopened_48h"
        TASK_EXPIRED = "task_expired"
        CANCELLED_BEFORE_CHOICE = "cancelled_before_choice"
        TASK_REMOVED = "task_removed"
        CUSTOMER_BLOCKED = "customer_blocked"
        OTHER_CHOSEN_UNOPENED = "other_chosen_unopened"
        CANCELLED_AFTER_ASSIGNMENT = "cancelled_after_assignment"
        HOLD_EXPIRED = "hold_expired"
        MODERATOR_DECISION = "moderator_decision"
        APPEAL_UPHELD = "appeal_upheld"
        REVIEWED_AGAIN = "reviewed_again"
        TASK_CHANGED = "task_changed"
        DEAL_LAPSED = "deal_lapsed"
        DISPUTE_UNDECIDED = "dispute_undecided"
        TASK_DUPLICATE = "task_duplicate"
        OPENED_SILENT = "opened_silent"
        CHARGED_IN_ERROR = "charged_in_error"

    charge = models.OneToOneField(Charge, on_delete=models.PROTECT, related_name="refund")
    rule = models.CharField(max_length=28, choices=Rule.choices)
    created_at = models.DateTimeField(default=now)
    not_before = models.DateTimeField()
    paid_at = models.DateTimeField(null=True, blank=True)
    entry = models.OneToOneField(Entry, null=True, blank=True, on_delete=models.PROTECT, related_name="refund")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(paid_at=None, entry=None) | Q(paid_at__isnull=False, entry__isnull=False),
                name="refund_has_its_entry",
            )
        ]
        indexes = [models.Index(fields=["not_before"], condition=Q(paid_at=None), name="refund_due")]


class Hold(models.Model):
    """Delays the refund of a charge until a case is decided, at most until `until`."""

    class Outcome(models.TextChoices):
        STANDING = "standing"
        RELEASED = "released"
        KEPT = "kept"
        EXPIRED = "expired"

    charge = models.ForeignKey(Charge, on_delete=models.PROTECT, related_name="holds")
    reference = models.CharField(max_length=80, help_text="what holds it, e.g. case:12")
    placed_at = models.DateTimeField(default=now)
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=8, choices=Outcome.choices, default=Outcome.STANDING)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["charge", "reference"], name="one_hold_per_reference"),
            models.UniqueConstraint(fields=["charge"], condition=Q(outcome="standing"), name="one_standing_hold"),
        ]


class Trial(models.Model):
    """The free first day of responses, once in a person's life."""

    user = models.OneToOneField("accounts.User", on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(default=now)
    ends_at = models.DateTimeField()


class SpendingCap(models.Model):
    """What an executor allows to be spent on responses in 24 hours and in 7 days (None: no cap)."""

    user = models.OneToOneField("accounts.User", on_delete=models.CASCADE, related_name="+")
    daily_minor = models.BigIntegerField(null=True, blank=True)
    weekly_minor = models.BigIntegerField(null=True, blank=True)
    currency = models.CharField(max_length=3, default="RUB")
