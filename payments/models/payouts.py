"""Where an executor's money goes: the account at the processor and its payouts to a bank."""

from django.db import models
from django.db.models import Q

from marketplace.kit.clock import now
from marketplace.kit.money import Money


class PayoutAccount(models.Model):
    """The executor as the processor knows them. The row comes before the call: `processor_id` is empty until it answered."""

    class Status(models.TextChoices):
        INCOMPLETE = "incomplete"  # something is still asked of the person
        PENDING = "pending"  # everything is sent, the processor checks
        ENABLED = "enabled"
        RESTRICTED = "restricted"  # it worked, or was checked, and stopped: something is asked

    user = models.OneToOneField("accounts.User", on_delete=models.PROTECT, related_name="+")
    processor_id = models.CharField(max_length=80, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.INCOMPLETE)
    missing = models.JSONField(default=list, help_text="the processor's names of what is asked")
    problem = models.CharField(max_length=80, blank=True, help_text="the processor's reason for a restriction")
    bank_last4 = models.CharField(max_length=4, blank=True)
    created_at = models.DateTimeField(default=now)
    checked_at = models.DateTimeField(null=True, blank=True, help_text="when the processor was last asked")
    reminded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["processor_id"], condition=~Q(processor_id=""), name="one_person_per_payout_account"
            )
        ]


class Payout(models.Model):
    """One transfer from the executor's account at the processor to their bank."""

    account = models.ForeignKey(PayoutAccount, on_delete=models.PROTECT, related_name="payouts")
    processor_id = models.CharField(max_length=80, unique=True)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    status = models.CharField(max_length=12, help_text="pending, in_transit, paid, failed or canceled")
    failure_code = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField()
    arrives_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["account", "-created_at"], name="payout_of_account")]

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)
