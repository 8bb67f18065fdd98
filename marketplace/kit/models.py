"""Rows that every domain may write: live events, the audit log, answers kept for repeated API calls."""

from django.conf import settings
from django.db import models


class LiveTopic(models.Model):
    """The last sequence number given out for a topic; locking this row orders the topic's events."""

    name = models.CharField(max_length=80, primary_key=True)
    sequence = models.BigIntegerField(default=0)


class LiveEvent(models.Model):
    """What happened on a topic (`thread:5`, `task:9`, `user:3`), numbered without gaps; kept for a day."""

    topic = models.CharField(max_length=80)
    sequence = models.BigIntegerField()
    kind = models.CharField(max_length=40)
    payload = models.JSONField(default=dict)
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["topic", "sequence"], name="live_event_topic_sequence")]


class AuditEvent(models.Model):
    """Who looked at or did what. Append-only (a trigger refuses changes), each row hashes the one before."""

    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    action = models.CharField(max_length=60, db_index=True)
    subject = models.CharField(max_length=80, db_index=True)
    details = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)


class KeptAnswer(models.Model):
    """The answer to an API call that carried an Idempotency-Key; the same call again gets it instead of an effect."""

    caller = models.CharField(max_length=64, help_text="SHA-256 of the credentials")
    key = models.CharField(max_length=100)
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of method, path and body")
    status = models.PositiveIntegerField(default=0)
    body = models.TextField(default="")
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["caller", "key"], name="one_answer_per_key")]
