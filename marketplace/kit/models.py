"""Rows that every domain may write: live events and the audit log."""

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
