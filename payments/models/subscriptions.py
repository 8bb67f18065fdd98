"""A month of responses in a category of a city, and everything that happens to it."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from marketplace.kit.clock import now
from marketplace.kit.money import Money
from payments.models.fees import Tariff
from payments.models.ledger import Entry
from payments.models.processor import SavedCard

LIVING = ("pending", "active", "past_due", "paused")


class ProcessorPrice(models.Model):
    """A price as the processor knows it; prices there are never changed, only replaced."""

    category = models.ForeignKey("tasks_app.Category", on_delete=models.PROTECT, related_name="+")
    city = models.ForeignKey("tasks_app.City", on_delete=models.PROTECT, related_name="+")
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    processor_id = models.CharField(max_length=80, unique=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["category", "city", "amount_minor", "currency"], name="one_processor_price_per_amount"
            )
        ]


class Subscription(models.Model):
    """The terms are frozen at the beginning; a new price reaches it only through an announced PriceChange.

    `period_end` is the end of what is paid for (or of the trial, or of the time kept through a pause). `covered_until` is
    how long responses are covered whatever the processor says next: the grace period is in it.
    """

    class Status(models.TextChoices):
        PENDING = "pending"  # wished for; the first payment is not confirmed
        ACTIVE = "active"
        PAST_DUE = "past_due"  # a renewal failed; covered until the grace ends
        PAUSED = "paused"  # covers nothing; the time left is kept
        ENDED = "ended"
        ABANDONED = "abandoned"  # never begun

    class EndReason(models.TextChoices):
        ASKED = "asked"
        UNPAID = "unpaid"
        REFUNDED = "refunded"
        NEVER_PAID = "never_paid"
        AT_PROCESSOR = "at_processor"

    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    category = models.ForeignKey("tasks_app.Category", on_delete=models.PROTECT, related_name="+")
    city = models.ForeignKey("tasks_app.City", on_delete=models.PROTECT, related_name="+")
    tariff = models.ForeignKey(Tariff, on_delete=models.PROTECT, related_name="+")
    price_minor = models.BigIntegerField(help_text="minor units a month, as agreed")
    currency = models.CharField(max_length=3)
    card = models.ForeignKey(SavedCard, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    with_trial = models.BooleanField(default=False)
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.PENDING)
    processor_id = models.CharField(max_length=80, blank=True)
    page_id = models.CharField(max_length=120, blank=True, help_text="the processor's page to pay on")
    action_url = models.TextField(blank=True, help_text="where the person has to go: to pay, or to confirm by the bank")
    refusal_code = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField(default=now)
    began_at = models.DateTimeField(null=True, blank=True)
    period_start = models.DateTimeField(null=True, blank=True)
    period_end = models.DateTimeField(null=True, blank=True)
    covered_until = models.DateTimeField(null=True, blank=True)
    on_trial = models.BooleanField(default=False, help_text="the present period is the free day")
    ends_at_period_end = models.BooleanField(default=False)
    grace_until = models.DateTimeField(null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    left_seconds = models.BigIntegerField(null=True, blank=True, help_text="paid time kept through a pause")
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=12, choices=EndReason.choices, blank=True)
    next_check_at = models.DateTimeField(default=now, help_text="when the sweeper asks the processor again")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "category", "city"], condition=Q(status__in=LIVING), name="one_living_subscription"
            ),
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(with_trial=True) & ~Q(status="abandoned"),
                name="one_subscription_with_trial",
            ),
            models.UniqueConstraint(
                fields=["processor_id"], condition=~Q(processor_id=""), name="one_subscription_per_processor_id"
            ),
            models.CheckConstraint(condition=Q(price_minor__gt=0), name="subscription_has_a_price"),
            models.CheckConstraint(
                condition=~Q(status__in=("active", "past_due"))
                | Q(period_end__isnull=False, covered_until__isnull=False),
                name="covering_subscription_has_a_period",
            ),
            models.CheckConstraint(
                condition=Q(status="paused", left_seconds__isnull=False) | (~Q(status="paused") & Q(left_seconds=None)),
                name="paused_subscription_keeps_its_time",
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-id"], name="subscription_of_person"),
            models.Index(fields=["next_check_at"], condition=Q(status__in=LIVING), name="subscription_check_due"),
            models.Index(fields=["page_id"], condition=~Q(page_id=""), name="subscription_page"),
        ]

    @property
    def price(self) -> Money:
        return Money(self.price_minor, self.currency)

    @property
    def paid_until(self) -> datetime:
        """The end of what is paid; ValueError for one that never began."""
        if self.period_end is None:
            raise ValueError("This subscription has not begun.")
        return self.period_end


class SubscriptionEvent(models.Model):
    """The history: who took it from one state to another, when and why."""

    subscription = models.ForeignKey(Subscription, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField(default=now)
    actor = models.ForeignKey("accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    left = models.CharField(max_length=9)
    entered = models.CharField(max_length=9)
    why = models.CharField(max_length=40)


class SubscriptionCall(models.Model):
    """Something that the processor has to be told: a row in the transaction that decided it, called after the commit
    with its own key, repeated by the sweeper until it is answered."""

    class Verb(models.TextChoices):
        BEGIN_PAGE = "begin_page"
        BEGIN_CARD = "begin_card"
        CLOSE_PAGE = "close_page"
        END_LATER = "end_later"
        KEEP = "keep"
        PAUSE = "pause"
        RESUME = "resume"
        REPRICE = "reprice"
        END_NOW = "end_now"
        REFUND = "refund"
        CHANGE_CARD = "change_card"

    class Status(models.TextChoices):
        DUE = "due"
        DONE = "done"
        REFUSED = "refused"

    subscription = models.ForeignKey(Subscription, on_delete=models.PROTECT, related_name="calls")
    verb = models.CharField(max_length=12, choices=Verb.choices)
    params = models.JSONField(default=dict)
    key = models.CharField(max_length=80, unique=True, help_text="the idempotency key at the processor")
    status = models.CharField(max_length=7, choices=Status.choices, default=Status.DUE)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=now)
    called_at = models.DateTimeField(null=True, blank=True, help_text="the first call; the key holds 24 h from here")
    next_attempt_at = models.DateTimeField(default=now)
    done_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=120, blank=True)

    class Meta:
        indexes = [models.Index(fields=["next_attempt_at"], condition=Q(status="due"), name="subscription_call_due")]


class SubscriptionPayment(models.Model):
    """A paid invoice of the processor, booked once."""

    subscription = models.ForeignKey(Subscription, on_delete=models.PROTECT, related_name="payments")
    tariff = models.ForeignKey(Tariff, on_delete=models.PROTECT, related_name="+")
    invoice_id = models.CharField(max_length=80, unique=True)
    payment_id = models.CharField(max_length=80, blank=True)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    agreed_minor = models.BigIntegerField(help_text="what the person had agreed to pay for this month")
    period_start = models.DateTimeField()
    period_end = models.DateTimeField()
    paid_at = models.DateTimeField()
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="subscription_payment")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount_minor__gt=0), name="subscription_payment_positive")]

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def kept(self) -> Money:
        """What no refund takes, made or on its way."""
        return self.amount - Money(sum(refund.amount_minor for refund in self.refunds.all()), self.currency)


class SubscriptionRefund(models.Model):
    """A refund of a payment, or of a part of it, by a named rule; one for each rule."""

    class Rule(models.TextChoices):
        UNUSED_MONTH = "unused_month"
        CHARGED_AFTER_END = "charged_after_end"
        CHARGED_WHILE_PAUSED = "charged_while_paused"
        ABOVE_AGREED = "above_agreed"

    payment = models.ForeignKey(SubscriptionPayment, on_delete=models.PROTECT, related_name="refunds")
    rule = models.CharField(max_length=20, choices=Rule.choices)
    amount_minor = models.BigIntegerField()
    asked_at = models.DateTimeField(default=now)
    processor_id = models.CharField(max_length=80, blank=True)
    paid_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    entry = models.OneToOneField(
        Entry, null=True, blank=True, on_delete=models.PROTECT, related_name="subscription_refund"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(paid_at=None, entry=None) | Q(paid_at__isnull=False, entry__isnull=False),
                name="subscription_refund_has_its_entry",
            ),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="subscription_refund_gives_something"),
            models.UniqueConstraint(fields=["payment", "rule"], name="one_subscription_refund_by_each_rule"),
        ]


class PriceChange(models.Model):
    """A new price that the person was told of: it holds from the first month that begins at `not_before` or later."""

    subscription = models.ForeignKey(Subscription, on_delete=models.PROTECT, related_name="price_changes")
    tariff = models.ForeignKey(Tariff, on_delete=models.PROTECT, related_name="+")
    old_minor = models.BigIntegerField()
    new_minor = models.BigIntegerField()
    announced_at = models.DateTimeField(default=now)
    not_before = models.DateTimeField()
    applied_at = models.DateTimeField(null=True, blank=True)
    dropped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subscription"], condition=Q(applied_at=None, dropped_at=None), name="one_price_change_ahead"
            )
        ]
