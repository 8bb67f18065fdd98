"""What one staff member asks for and another one has to agree to."""

from django.db import models
from django.db.models import F, Q

from marketplace.kit.clock import now
from marketplace.kit.money import Money


class StaffApproval(models.Model):
    """A refund above the limit waits here for a second person."""

    class Outcome(models.TextChoices):
        WAITING = "waiting"
        APPROVED = "approved"
        REFUSED = "refused"

    operation = models.CharField(max_length=100, unique=True)
    kind = models.CharField(max_length=40, help_text="who carries it out: see payments.approvals.services.on_decision")
    subject = models.CharField(max_length=80)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    reason = models.TextField(max_length=1000)
    details = models.JSONField(default=dict)
    requested_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(default=now)
    outcome = models.CharField(max_length=8, choices=Outcome.choices, default=Outcome.WAITING)
    decided_by = models.ForeignKey("accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    note = models.TextField(max_length=1000, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("requested_by")), name="approval_by_another"
            ),
            models.CheckConstraint(
                condition=Q(outcome="waiting", decided_by=None) | (~Q(outcome="waiting") & Q(decided_by__isnull=False)),
                name="approval_has_its_decider",
            ),
        ]
        indexes = [
            models.Index(fields=["requested_at"], condition=Q(outcome="waiting"), name="approval_waiting"),
            models.Index(fields=["subject"], name="approval_subject"),
        ]

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)
