"""The audit log: append-only and hash-chained, so that a removed or altered row is found by `verify_chain`."""

import hashlib
import json
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction

from marketplace.kit.clock import now
from marketplace.kit.models import AuditEvent

if TYPE_CHECKING:
    from marketplace.accounts.models import User

GENESIS = "0" * 64
_CHAIN_LOCK = 7_215_001  # advisory lock number: one writer at a time extends the chain


def record(*, actor: "User | None", action: str, subject: str, details: dict[str, Any] | None = None) -> AuditEvent:
    """Append one event, e.g. action="track.viewed", subject="case:12".

    The chain has one writer until the caller commits: record last, after every other lock of the service.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_CHAIN_LOCK])
        last = AuditEvent.objects.order_by("-id").values_list("hash", flat=True).first() or GENESIS
        event = AuditEvent(
            at=now(), actor=actor, action=action, subject=subject, details=details or {}, previous_hash=last
        )
        event.hash = chain_hash(event)
        event.save(force_insert=True)
    return event


def chain_hash(event: AuditEvent) -> str:
    """SHA-256 over the previous hash and the event's content."""
    content = [event.previous_hash, event.at.isoformat(), event.actor_id, event.action, event.subject, event.details]
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def verify_chain() -> int | None:
    """The id of the first event that does not fit the chain, or None when all do."""
    previous = GENESIS
    for event in AuditEvent.objects.order_by("id").iterator():
        if event.previous_hash != previous or event.hash != chain_hash(event):
            return event.pk
        previous = event.hash
    return None
