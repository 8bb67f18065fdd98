"""What people are told. A row in the transaction that caused it; channels deliver it later."""

from django.db import models

from marketplace.kit.clock import now


class Notification(models.Model):
    """In-app message of a kind (see kinds.py); `params` fill its texts in the reader's language."""

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=100, help_text="the same news is told once")
    params = models.JSONField(default=dict)
    path = models.CharField(max_length=200, help_text="the page it leads to, without the language prefix")
    created_at = models.DateTimeField(default=now)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="notification_told_once")]
        indexes = [models.Index(fields=["user", "-id"])]


class Delivery(models.Model):
    """One try to carry a notification out of the app: due, sent, or given up after several errors."""

    class Channel(models.TextChoices):
        EMAIL = "email"

    notification = models.ForeignKey(Notification, on_delete=models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=8, choices=Channel.choices)
    due_at = models.DateTimeField(default=now)
    tries = models.PositiveIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    given_up_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notification", "channel"], name="one_delivery_per_channel")]
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(sent_at=None, given_up_at=None), name="delivery_waiting")
        ]


class Preference(models.Model):
    """Whether a person wants e-mails; without a row they do."""

    user = models.OneToOneField("accounts.User", on_delete=models.CASCADE, related_name="+")
    email = models.BooleanField(default=True)
