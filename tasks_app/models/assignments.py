"""The bond created when a customer chooses a response, and how it ends."""

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from marketplace.kit.clock import now


class Assignment(models.Model):
    class Status(models.TextChoices):
        ASSIGNED = "assigned", pgettext_lazy("deal", "agreed")
        ON_THE_WAY = "on_the_way", pgettext_lazy("deal", "on the way")
        STARTED = "started", pgettext_lazy("deal", "work started")
        DONE = "done", pgettext_lazy("deal", "done, waiting for acceptance")
        ACCEPTED = "accepted", pgettext_lazy("deal", "accepted")
        DISPUTED = "disputed", pgettext_lazy("deal", "disputed")
        CANCELLED = "cancelled", pgettext_lazy("deal", "cancelled")

    task = models.ForeignKey("tasks_app.Task", on_delete=models.PROTECT, related_name="assignments")
    response = models.OneToOneField("tasks_app.Response", on_delete=models.PROTECT, related_name="assignment")
    customer = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    executor = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="assignments")
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.ASSIGNED)
    # Frozen at the choice: the time window in which the work was agreed (presence evidence stands on it).
    window_start = models.DateTimeField()
    window_end = models.DateTimeField()
    chosen_at = models.DateTimeField(default=now)
    on_the_way_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    accept_by = models.DateTimeField(null=True, blank=True, help_text="accepted by itself at this moment")
    closed_at = models.DateTimeField(null=True, blank=True)
    # After the agreed time, while nobody has called the work done.
    reminders = models.PositiveSmallIntegerField(default=0, help_text="how many were sent")
    settles_at = models.DateTimeField(null=True, blank=True, help_text="both were asked; settled by itself then")
    dispute_due_at = models.DateTimeField(null=True, blank=True, help_text="without a decision it is settled by itself")
    accepted_automatically = models.BooleanField(default=False)
    dispute_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["task"], condition=~Q(status="cancelled"), name="one_standing_assignment_per_task"
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=["assigned", "on_the_way", "started", "done", "accepted", "disputed", "cancelled"]
                ),
                name="assignment_status_known",
            ),
        ]
        indexes = [
            models.Index(fields=["executor", "-chosen_at"]),
            models.Index(fields=["customer", "-chosen_at"]),
            models.Index(fields=["accept_by"], condition=Q(status="done"), name="assignment_accept_due"),
            models.Index(
                fields=["window_end"],
                condition=Q(status__in=["assigned", "on_the_way", "started"], settles_at=None),
                name="assignment_reminder_due",
            ),
            models.Index(
                fields=["settles_at"],
                condition=Q(status__in=["assigned", "on_the_way", "started"], settles_at__isnull=False),
                name="assignment_settle_due",
            ),
            models.Index(
                fields=["dispute_due_at", "id"], condition=Q(status="disputed"), name="assignment_dispute_due"
            ),
        ]


class AssignmentEvent(models.Model):
    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField(default=now)
    actor = models.ForeignKey("accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    left = models.CharField(max_length=12, blank=True)
    entered = models.CharField(max_length=12)
    reason = models.CharField(max_length=60, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["at", "id"]


class Cancellation(models.Model):
    """The end of an assignment before acceptance. Both sides say why; fault stands only where the two agree
    or a moderator decides."""

    class Fault(models.TextChoices):
        NOBODY = "nobody", pgettext_lazy("fault", "nobody")
        CUSTOMER = "customer", pgettext_lazy("fault", "the customer")
        EXECUTOR = "executor", pgettext_lazy("fault", "the executor")
        UNKNOWN = "unknown", pgettext_lazy("fault", "not agreed")

    class Side(models.TextChoices):
        CUSTOMER = "customer", pgettext_lazy("side", "the customer")
        EXECUTOR = "executor", pgettext_lazy("side", "the executor")
        MODERATOR = "moderator", pgettext_lazy("side", "a moderator")
        NOBODY = "nobody", pgettext_lazy("side", "nobody: the time was over")

    assignment = models.OneToOneField(Assignment, on_delete=models.PROTECT, related_name="cancellation")
    by_side = models.CharField(max_length=10, choices=Side.choices)
    stage = models.CharField(max_length=12, help_text="the assignment's status when it was cancelled")
    at = models.DateTimeField(default=now)
    customer_reason = models.CharField(max_length=40, blank=True)
    customer_fault = models.CharField(max_length=10, choices=Fault.choices, blank=True, help_text="whom they name")
    customer_note = models.TextField(max_length=1000, blank=True)
    executor_reason = models.CharField(max_length=40, blank=True)
    executor_fault = models.CharField(max_length=10, choices=Fault.choices, blank=True)
    executor_note = models.TextField(max_length=1000, blank=True)
    fault = models.CharField(max_length=10, choices=Fault.choices, default=Fault.UNKNOWN)
    fault_note = models.TextField(max_length=1000, blank=True, help_text="a moderator's reason; both sides read it")
    fault_decided_by = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
