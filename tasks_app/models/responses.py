"""An executor's answer to a task."""

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from marketplace.kit.clock import now
from marketplace.kit.money import Money


class Response(models.Model):
    class Status(models.TextChoices):
        SENT = "sent", pgettext_lazy("response", "sent")
        WITHDRAWN = "withdrawn", pgettext_lazy("response", "withdrawn")
        ACCEPTED = "accepted", pgettext_lazy("response", "chosen")
        NOT_CHOSEN = "not_chosen", pgettext_lazy("response", "another was chosen")
        CLOSED = "closed", pgettext_lazy("response", "closed without a choice")

    task = models.ForeignKey("tasks_app.Task", on_delete=models.PROTECT, related_name="responses")
    executor = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="responses")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.SENT)
    operation = models.CharField(max_length=64, help_text="the person's action; repeating it changes nothing")
    message = models.TextField(max_length=2000)
    price_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3, default="RUB")
    available_at = models.DateTimeField(null=True, blank=True, help_text="when the executor can come, UTC")
    created_at = models.DateTimeField(default=now)
    edited_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True, help_text="first opened by the customer")
    free_withdrawal_until = models.DateTimeField(
        null=True, blank=True, help_text="the task changed after this response: withdrawing by then returns the fee"
    )
    unopened_due_at = models.DateTimeField(help_text="the fee is refunded at this moment when it was never opened")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["task", "executor"], name="one_response_per_executor"),
            models.UniqueConstraint(fields=["executor", "operation"], name="one_response_per_operation"),
            models.UniqueConstraint(fields=["task"], condition=Q(status="accepted"), name="one_accepted_response"),
            models.CheckConstraint(condition=Q(price_minor__gt=0), name="response_price_positive"),
            models.CheckConstraint(
                condition=Q(status__in=["sent", "withdrawn", "accepted", "not_chosen", "closed"]),
                name="response_status_known",
            ),
        ]
        indexes = [
            models.Index(fields=["executor", "-created_at"]),
            models.Index(fields=["unopened_due_at"], condition=Q(seen_at=None), name="response_unopened_due"),
        ]

    @property
    def price(self) -> Money:
        return Money(self.price_minor, self.currency)


class ResponseEvent(models.Model):
    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField(default=now)
    actor = models.ForeignKey("accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    left = models.CharField(max_length=10, blank=True)
    entered = models.CharField(max_length=10)
    reason = models.CharField(max_length=60, blank=True)
    before = models.JSONField(default=dict, blank=True, help_text="what an edit replaced")

    class Meta:
        ordering = ["at", "id"]
