"""Threads between a customer and an executor about one response."""

from django.db import models

from marketplace.kit.clock import now


class Thread(models.Model):
    response = models.OneToOneField("tasks_app.Response", on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    executor = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=now)
    last_message_at = models.DateTimeField(default=now)
    masked_contacts = models.PositiveIntegerField(default=0, help_text="contacts hidden in the thread so far")
    # Up to which message each side has read.
    customer_read_id = models.BigIntegerField(default=0)
    executor_read_id = models.BigIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["customer", "-last_message_at"]),
            models.Index(fields=["executor", "-last_message_at"]),
        ]


class Message(models.Model):
    """`text` is as it may be read: contacts written before the assignment are masked for good."""

    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="messages")
    sender = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    client_id = models.CharField(max_length=64, help_text="made by the sender's device; the same one is kept once")
    text = models.TextField(max_length=2000)
    masked_contacts = models.PositiveIntegerField(default=0)
    at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["thread", "sender", "client_id"], name="message_kept_once")]
        indexes = [models.Index(fields=["thread", "-id"])]
