"""A secure deal: the customer's money from the choice of a response until it has gone where it belongs."""

from django.db import models
from django.db.models import F, Q

from marketplace.kit.clock import now
from marketplace.kit.money import Money
from payments.models.processor import Intent


class SecureDeal(models.Model):
    """The terms are frozen when the payment begins. The customer pays price + customer's commission; the executor gets
    price − executor's commission. What was decided about the money stands in `to_executor_minor`, `to_customer_minor` and
    `commission_minor`, which together are what was paid."""

    class Status(models.TextChoices):
        AWAITING_PAYMENT = "awaiting_payment"  # the customer has begun to pay
        HELD = "held"  # paid, the executor is chosen, the money lies with the platform
        SETTLING = "settling"  # it is decided who gets what; the money is on its way
        SETTLED = "settled"  # everybody has got theirs
        EXPIRED = "expired"  # not paid in time; nothing moved
        CHARGED_BACK = "charged_back"  # the customer's bank took the money back

    class Payer(models.TextChoices):
        CUSTOMER = "customer"
        EXECUTOR = "executor"
        BOTH = "both"

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted"
        ACCEPTED_BY_TIME = "accepted_by_time"
        PART_AGREED = "part_agreed"
        MODERATOR = "moderator"
        CANCELLED = "cancelled"
        NOT_CHOSEN = "not_chosen"  # paid, but the response could no longer be chosen
        TOO_OLD_RETURNED = "too_old_returned"
        TOO_OLD_PAID = "too_old_paid"
        STAFF = "staff"  # staff gave money back after it was paid out

    task = models.ForeignKey("tasks_app.Task", on_delete=models.PROTECT, related_name="+")
    response = models.ForeignKey("tasks_app.Response", on_delete=models.PROTECT, related_name="+")
    assignment = models.OneToOneField(
        "tasks_app.Assignment", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    customer = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    executor = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=100, help_text="the task's, for the statement")
    operation = models.CharField(max_length=100, help_text="the customer's action; repeating it changes nothing")
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.AWAITING_PAYMENT)

    price_minor = models.BigIntegerField()
    customer_commission_minor = models.BigIntegerField(default=0, help_text="paid on top of the price")
    executor_commission_minor = models.BigIntegerField(default=0, help_text="taken from the price")
    currency = models.CharField(max_length=3)
    tariff = models.ForeignKey("payments.Tariff", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    commission_bp = models.PositiveIntegerField(help_text="basis points of the price: 500 is 5 %")
    commission_payer = models.CharField(max_length=8, choices=Payer.choices)

    created_at = models.DateTimeField(default=now)
    pay_by = models.DateTimeField()
    payment = models.OneToOneField(Intent, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    paid_at = models.DateTimeField(null=True, blank=True)
    warn_at = models.DateTimeField(null=True, blank=True, help_text="both are told then that the end comes")
    end_by = models.DateTimeField(null=True, blank=True, help_text="the money is held no longer than this")

    outcome = models.CharField(max_length=20, choices=Outcome.choices, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    pay_after = models.DateTimeField(null=True, blank=True, help_text="the time to appeal ends; nothing moves before")
    to_executor_minor = models.BigIntegerField(default=0)
    to_customer_minor = models.BigIntegerField(default=0)
    commission_minor = models.BigIntegerField(default=0)
    driven_at = models.DateTimeField(null=True, blank=True, help_text="the job last looked what is missing")
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["customer", "operation"], name="one_secure_deal_per_operation"),
            models.UniqueConstraint(
                fields=["response"],
                condition=Q(status__in=["awaiting_payment", "held"]),
                name="one_open_secure_deal_per_response",
            ),
            models.UniqueConstraint(fields=["task"], condition=Q(status="held"), name="one_held_deal_per_task"),
            models.CheckConstraint(
                condition=Q(price_minor__gt=0, customer_commission_minor__gte=0, executor_commission_minor__gte=0)
                & Q(executor_commission_minor__lt=F("price_minor")),
                name="secure_deal_sums",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["settling", "settled"])
                | Q(
                    to_executor_minor__gte=0,
                    to_customer_minor__gte=0,
                    commission_minor__gte=0,
                    price_minor=F("to_executor_minor")
                    + F("to_customer_minor")
                    + F("commission_minor")
                    - F("customer_commission_minor"),
                ),
                name="secure_deal_shares_are_the_whole",
            ),
            models.CheckConstraint(
                condition=~Q(status="held") | Q(assignment__isnull=False, payment__isnull=False),
                name="held_deal_is_bound",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["awaiting_payment", "held", "settling", "settled", "expired", "charged_back"]),
                name="secure_deal_status_known",
            ),
        ]
        indexes = [
            models.Index(fields=["pay_by"], condition=Q(status="awaiting_payment"), name="secure_deal_unpaid"),
            models.Index(fields=["decided_at"], condition=Q(status="settling"), name="secure_deal_settling"),
            models.Index(fields=["end_by"], condition=Q(status__in=["held", "settling"]), name="secure_deal_ending"),
            models.Index(fields=["customer", "-id"], name="secure_deal_of_customer"),
            models.Index(fields=["executor", "-id"], name="secure_deal_of_executor"),
        ]

    def _money(self, minor: int) -> Money:
        return Money(minor, self.currency)

    @property
    def price(self) -> Money:
        return self._money(self.price_minor)

    @property
    def paid(self) -> Money:
        """What the customer pays."""
        return self._money(self.price_minor + self.customer_commission_minor)

    @property
    def commission(self) -> Money:
        """The whole commission of full acceptance, whoever bears it."""
        return self._money(self.customer_commission_minor + self.executor_commission_minor)

    @property
    def customer_commission(self) -> Money:
        return self._money(self.customer_commission_minor)

    @property
    def executor_commission(self) -> Money:
        return self._money(self.executor_commission_minor)

    @property
    def executor_gets(self) -> Money:
        """What full acceptance brings the executor."""
        return self._money(self.price_minor - self.executor_commission_minor)

    @property
    def to_executor(self) -> Money:
        return self._money(self.to_executor_minor)

    @property
    def to_customer(self) -> Money:
        return self._money(self.to_customer_minor)

    @property
    def kept_commission(self) -> Money:
        """The commission of what was decided."""
        return self._money(self.commission_minor)


class SecureDealEvent(models.Model):
    """One step of the money: who, when, from, to, why."""

    deal = models.ForeignKey(SecureDeal, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField(default=now)
    actor = models.ForeignKey("accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    left = models.CharField(max_length=16, blank=True)
    entered = models.CharField(max_length=16)
    reason = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["at", "id"]


class PartOffer(models.Model):
    """The customer would pay a part of the price and says why; the executor agrees, or a moderator divides."""

    class Answer(models.TextChoices):
        WAITING = "waiting"
        AGREED = "agreed"
        REFUSED = "refused"
        WITHDRAWN = "withdrawn"

    deal = models.ForeignKey(SecureDeal, on_delete=models.PROTECT, related_name="part_offers")
    amount_minor = models.BigIntegerField(help_text="of the price; the commission is taken from it in proportion")
    reason = models.TextField(max_length=1000)
    offered_at = models.DateTimeField(default=now)
    answer = models.CharField(max_length=9, choices=Answer.choices, default=Answer.WAITING)
    answered_at = models.DateTimeField(null=True, blank=True)
    answer_note = models.TextField(max_length=1000, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["deal"], condition=Q(answer="waiting"), name="one_waiting_part_offer"),
            models.CheckConstraint(condition=Q(amount_minor__gte=0), name="part_offer_not_negative"),
        ]

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.deal.currency)


class Split(models.Model):
    """A moderator's division of the held money. The first may be appealed in time; the next one, by another moderator, is final."""

    deal = models.ForeignKey(SecureDeal, on_delete=models.PROTECT, related_name="splits")
    number = models.PositiveSmallIntegerField(default=1)
    price_part_minor = models.BigIntegerField(help_text="of the price, to the executor before the commission")
    reason = models.TextField(max_length=1000)
    decided_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(default=now)
    appealed_by = models.ForeignKey("accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    appealed_at = models.DateTimeField(null=True, blank=True)
    appeal_text = models.TextField(max_length=1000, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["deal", "number"], name="one_split_per_number"),
            models.CheckConstraint(condition=Q(number__gte=1, price_part_minor__gte=0), name="split_sums"),
        ]

    @property
    def price_part(self) -> Money:
        return Money(self.price_part_minor, self.deal.currency)


class Chargeback(models.Model):
    """The customer's bank took money back, or tries to; what it covers and how it ended."""

    class Status(models.TextChoices):
        OPEN = "open"
        WON = "won"
        LOST = "lost"

    deal = models.ForeignKey(SecureDeal, on_delete=models.PROTECT, related_name="chargebacks")
    processor_id = models.CharField(max_length=80, unique=True)
    amount_minor = models.BigIntegerField()
    reason = models.CharField(max_length=60, blank=True)
    status = models.CharField(max_length=4, choices=Status.choices, default=Status.OPEN)
    status_before = models.CharField(max_length=16, help_text="the deal's, to go back to when the bank gives in")
    opened_at = models.DateTimeField(default=now)
    evidence_at = models.DateTimeField(null=True, blank=True, help_text="when we sent the bank what we know")
    closed_at = models.DateTimeField(null=True, blank=True)
