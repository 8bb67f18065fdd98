"""What we ask the card processor to do, what it told us, and whom it knows. See docs/decisions/0051-intents-before-calls.md."""

from django.db import models
from django.db.models import Q

from marketplace.kit.clock import now
from marketplace.kit.money import Money
from payments.models.ledger import Entry


class Intent(models.Model):
    """One thing that the processor is asked to do with money: written before the call, settled after it.

    `operation` is unique: the same wish twice is one intent. `idempotency_key` is what the processor sees; it is derived
    from the operation once and never changes, so a repeated call cannot repeat the effect.
    """

    class Kind(models.TextChoices):
        TOP_UP_PAGE = "top_up_page"  # by the processor's own page
        TOP_UP_CARD = "top_up_card"  # by a saved card, the person present
        TOP_UP_AUTOMATIC = "top_up_automatic"
        TOP_UP_REFUND = "top_up_refund"  # unused money back to its card
        DEAL_PAYMENT = "deal_payment"
        DEAL_TRANSFER = "deal_transfer"
        DEAL_REFUND = "deal_refund"
        TRANSFER_REVERSAL = "transfer_reversal"

    class Status(models.TextChoices):
        CREATED = "created"  # nothing is known to have reached the processor
        WAITING = "waiting"  # the processor has it: the person pays, or the money is on its way
        SETTLED = "settled"  # done and booked
        FAILED = "failed"  # refused for good; nothing moved
        CANCELLED = "cancelled"  # given up or expired; nothing moved

    operation = models.CharField(max_length=100, unique=True)
    kind = models.CharField(max_length=18, choices=Kind.choices)
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    subject = models.CharField(max_length=80, blank=True, help_text="what it is about, e.g. deal:12")
    details = models.JSONField(
        default=dict, help_text="what the call needs beside the amount: card, account, return path"
    )
    idempotency_key = models.CharField(max_length=64, unique=True)
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.CREATED)
    processor_id = models.CharField(max_length=80, blank=True, help_text="the processor's object, once it answered")
    payment_id = models.CharField(
        max_length=80, blank=True, help_text="the processor's payment behind a page, once known"
    )
    refusal_code = models.CharField(max_length=60, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=now)
    called_at = models.DateTimeField(null=True, blank=True, help_text="the first call; the key holds 24 h from here")
    next_check_at = models.DateTimeField(null=True, blank=True, help_text="when the sweeper looks again")
    settled_at = models.DateTimeField(null=True, blank=True)
    entry = models.OneToOneField(Entry, null=True, blank=True, on_delete=models.PROTECT, related_name="intent")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="intent_moves_something"),
            models.CheckConstraint(
                condition=Q(status="settled", entry__isnull=False) | (~Q(status="settled") & Q(entry=None)),
                name="settled_intent_has_its_entry",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_check_at"], condition=Q(status__in=("created", "waiting")), name="intent_unsettled"
            ),
            models.Index(fields=["user", "-created_at"], name="intent_of_person"),
            models.Index(fields=["subject"], name="intent_subject"),
            models.Index(fields=["processor_id"], name="intent_processor"),
            models.Index(fields=["payment_id"], name="intent_payment"),
        ]

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)


class ProcessorEvent(models.Model):
    """A hint from the processor that something changed: stored once, answered at once, handled by a job that asks again."""

    event_id = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=80)
    object_id = models.CharField(max_length=80)
    account_id = models.CharField(max_length=80, blank=True, help_text="the connected account it happened on")
    happened_at = models.DateTimeField()
    received_at = models.DateTimeField(default=now)
    handled_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(default=now)
    problem = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["next_attempt_at"], condition=Q(handled_at=None), name="processor_event_due"),
            models.Index(fields=["object_id"], name="processor_event_object"),
        ]


class ProcessorCursor(models.Model):
    """How far one of the processor's lists was read to its end: the time of the newest row of the last whole reading. What came
    by other ways, or was stored before a reading broke off, says nothing about it."""

    name = models.CharField(max_length=20, unique=True)
    read_until = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True, help_text="when that reading began, by our clock")


class ProcessorCustomer(models.Model):
    """The person as the processor knows them."""

    user = models.OneToOneField("accounts.User", on_delete=models.PROTECT, related_name="+")
    processor_id = models.CharField(max_length=80, unique=True)
    created_at = models.DateTimeField(default=now)


class SavedCard(models.Model):
    """A card kept at the processor; here only what the person recognises it by."""

    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    processor_id = models.CharField(max_length=80, unique=True)
    brand = models.CharField(max_length=20)
    last4 = models.CharField(max_length=4)
    exp_month = models.PositiveSmallIntegerField()
    exp_year = models.PositiveSmallIntegerField()
    is_default = models.BooleanField(default=False)
    added_at = models.DateTimeField(default=now)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(is_default=True, removed_at=None), name="one_default_card"
            )
        ]


class AutoTopUp(models.Model):
    """When the balance falls below `threshold_minor`, `amount_minor` is taken from the default card, at most
    `monthly_cap_minor` in a calendar month. `paused_code`: why it stopped itself."""

    user = models.OneToOneField("accounts.User", on_delete=models.PROTECT, related_name="+")
    threshold_minor = models.BigIntegerField()
    amount_minor = models.BigIntegerField()
    monthly_cap_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3, default="RUB")
    enabled = models.BooleanField(default=True)
    paused_code = models.CharField(max_length=60, blank=True)
    agreed_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(threshold_minor__gte=0, amount_minor__gt=0, monthly_cap_minor__gte=0),
                name="auto_top_up_sums",
            )
        ]
