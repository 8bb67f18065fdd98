"""Live events: numbered without gaps per topic, recorded and broadcast right after the caller's commit.

The number is given out in a short transaction of its own: held inside the caller's, it would make every writer of a
topic wait for the slowest one, and two that tell the same people in another order would deadlock. What an event tells
of stands in rows already; an event lost to a crash in between costs a client one refresh.
"""

import json
from dataclasses import dataclass, field
from typing import Any, Final

import structlog
from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import connection, transaction

from marketplace.kit.clock import now
from marketplace.kit.models import LiveEvent, LiveTopic
from marketplace.kit.rows import Prepared, rows

log = structlog.get_logger()

# The next numbers of some topics and the events that carry them, in one statement: a transaction of its own. Topics are
# locked in the order of their names, so two such statements never wait for each other in a ring.
_RECORD: Final = Prepared("""
WITH told AS (
    SELECT * FROM unnest(%s::text[], %s::text[], %s::text[]) AS event(topic, kind, payload) ORDER BY topic
), numbered AS (
    INSERT INTO kit_livetopic (name, sequence) SELECT topic, 1 FROM told ORDER BY topic
    ON CONFLICT (name) DO UPDATE SET sequence = kit_livetopic.sequence + 1 RETURNING name, sequence
)
INSERT INTO kit_liveevent (topic, sequence, kind, payload, created_at)
SELECT topic, sequence, kind, payload::jsonb, %s::timestamptz FROM told JOIN numbered ON name = topic
RETURNING topic, sequence
""")


@dataclass(frozen=True, slots=True)
class _Event:
    topic: str
    kind: str
    payload: dict[str, Any]


@dataclass(slots=True)
class _Batch:
    """The events of one transaction that are told together after its commit; a rolled back savepoint drops its own batch."""

    savepoints: set[str]
    events: list[_Event] = field(default_factory=list)

    def tell(self) -> None:
        while self.events:
            first_of: dict[str, _Event] = {}
            for event in self.events:
                first_of.setdefault(event.topic, event)
            taken = list(first_of.values())
            self.events = [event for event in self.events if first_of[event.topic] is not event]
            _tell(taken)


def group_name(topic: str) -> str:
    """The channel-layer group of a topic (groups may not contain a colon)."""
    return topic.replace(":", ".")


def publish(*, topic: str, kind: str, payload: dict[str, Any]) -> None:
    """After the commit, record an event on the topic and broadcast it, with the other events of the transaction."""
    event = _Event(topic, kind, payload)
    savepoints = {name for name in connection.savepoint_ids if name}
    for waiting in connection.run_on_commit:
        batch = getattr(waiting[1], "__self__", None)
        if isinstance(batch, _Batch) and batch.savepoints == savepoints:
            batch.events.append(event)
            return
    transaction.on_commit(_Batch(savepoints, [event]).tell, robust=True)


def _tell(events: list[_Event]) -> None:
    """Each of another topic."""
    columns = [[event.topic for event in events], [event.kind for event in events]]
    payloads = [json.dumps(event.payload) for event in events]
    numbers = dict(rows(_RECORD, [*columns, payloads, now()]))
    _broadcast([
        {
            "type": "live.event", "topic": event.topic, "sequence": numbers[event.topic], "kind": event.kind,
            "payload": event.payload,
        }
        for event in events
    ])  # fmt: skip


def current_sequence(topic: str) -> int:
    """The number a fresh snapshot of the topic stands at."""
    return LiveTopic.objects.filter(name=topic).values_list("sequence", flat=True).first() or 0


def events_after(topic: str, sequence: int) -> list[dict[str, Any]]:
    """What a client that stopped at `sequence` has missed, oldest first."""
    rows = LiveEvent.objects.filter(topic=topic, sequence__gt=sequence).order_by("sequence")
    return [dict(row) for row in rows.values("sequence", "kind", "payload")]


def _broadcast(messages: list[dict[str, Any]]) -> None:
    layer = get_channel_layer()
    try:
        if send := getattr(layer, "send_to_groups", None):
            send([(group_name(message["topic"]), message) for message in messages])
            return
        for message in messages:
            async_to_sync(layer.group_send)(group_name(message["topic"]), message)
    except Exception as error:  # Redis away: clients see the gap in numbers and take a new snapshot
        log.warning("broadcast_lost", topics=[message["topic"] for message in messages], error=type(error).__name__)
