"""Live events: numbered without gaps per topic, recorded and broadcast right after the caller's commit.

The number is given out in a short transaction of its own: held inside the caller's, it would make every writer of a
topic wait for the slowest one, and two that tell the same people in another order would deadlock. What an event tells
of stands in rows already; an event lost to a crash in between costs a client one refresh.
"""

import json
from typing import Any, Final

import structlog
from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction

from marketplace.kit.clock import now
from marketplace.kit.models import LiveEvent, LiveTopic
from marketplace.kit.rows import Prepared, first_value

log = structlog.get_logger()

# The next number of the topic and the event that carries it, in one statement: a transaction of its own.
_RECORD: Final = Prepared("""
WITH topic AS (
    INSERT INTO kit_livetopic (name, sequence) VALUES (%s, 1)
    ON CONFLICT (name) DO UPDATE SET sequence = kit_livetopic.sequence + 1 RETURNING sequence
)
INSERT INTO kit_liveevent (topic, sequence, kind, payload, created_at)
SELECT %s::text, topic.sequence, %s::text, %s::jsonb, %s::timestamptz FROM topic RETURNING sequence
""")


def group_name(topic: str) -> str:
    """The channel-layer group of a topic (groups may not contain a colon)."""
    return topic.replace(":", ".")


def publish(*, topic: str, kind: str, payload: dict[str, Any]) -> None:
    """After the commit, record an event on the topic and broadcast it."""
    transaction.on_commit(lambda: _publish_now(topic, kind, payload), robust=True)


def _publish_now(topic: str, kind: str, payload: dict[str, Any]) -> None:
    sequence: int = first_value(_RECORD, [topic, topic, kind, json.dumps(payload), now()])
    message = {"type": "live.event", "topic": topic, "sequence": sequence, "kind": kind, "payload": payload}
    _broadcast(group_name(topic), message)


def current_sequence(topic: str) -> int:
    """The number a fresh snapshot of the topic stands at."""
    return LiveTopic.objects.filter(name=topic).values_list("sequence", flat=True).first() or 0


def events_after(topic: str, sequence: int) -> list[dict[str, Any]]:
    """What a client that stopped at `sequence` has missed, oldest first."""
    rows = LiveEvent.objects.filter(topic=topic, sequence__gt=sequence).order_by("sequence")
    return [dict(row) for row in rows.values("sequence", "kind", "payload")]


def _broadcast(group: str, message: dict[str, Any]) -> None:
    layer = get_channel_layer()
    send = getattr(layer, "send_to_group", None) or async_to_sync(layer.group_send)
    try:
        send(group, message)
    except Exception as error:  # Redis away: clients see the gap in numbers and take a new snapshot
        log.warning("broadcast_lost", group=group, error=type(error).__name__)
