"""The processor's events: hints that something changed. Their content is never believed; the object is fetched again."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import stripe

from payments.stripe_gateway.client import ask, client

_NAME = re.compile(r"[A-Za-z0-9_.\-]{1,80}")
_LATEST = 253_402_300_799  # the last second of the year 9999
TOLERANCE_SECONDS = 300


class BadSignature(Exception):
    """Not signed with our secret, or too long ago."""


class BadShape(Exception):
    """Signed, and yet not an event."""


@dataclass(frozen=True, slots=True)
class EventHint:
    """`account_id`: the connected account it happened on; empty for our own."""

    id: str
    kind: str
    object_id: str
    account_id: str
    at: datetime


def parse(body: bytes, signature: str, secrets: Sequence[str]) -> EventHint:
    """Read a delivery. `secrets`: one for each endpoint that the processor delivers to; our own account's events and those of
    connected accounts come from two. Raises BadSignature, BadShape."""
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        raise BadShape from error
    if not any(_signed(text, signature, secret) for secret in secrets):
        raise BadSignature
    try:
        return hint_of(json.loads(text))
    except (ValueError, RecursionError) as error:
        raise BadShape from error


def _signed(text: str, signature: str, secret: str) -> bool:
    try:
        return bool(stripe.WebhookSignature.verify_header(text, signature, secret, TOLERANCE_SECONDS))
    except (stripe.SignatureVerificationError, ValueError, OverflowError):
        return False


def hint_of(event: Any) -> EventHint:
    """Raises BadShape unless it has what every event has."""
    match event:
        case {"id": str(event_id), "type": str(kind), "created": int(created), "data": {"object": dict(about)}}:
            account = event.get("account") or ""
            # A balance has no id of its own; everything else has.
            object_id = "" if about.get("object") == "balance" else about.get("id")
            names = (event_id, kind, *([account] if account else []), *([object_id] if object_id != "" else []))
            nameless = object_id == "" and about.get("object") != "balance"
            right = not nameless and all(isinstance(name, str) and _NAME.fullmatch(name) for name in names)
            if right and not isinstance(created, bool) and 0 <= created <= _LATEST:
                return EventHint(event_id, kind, str(object_id), str(account), datetime.fromtimestamp(created, UTC))
    raise BadShape


def events_since(moment: datetime) -> Iterator[EventHint]:
    """Everything that happened on our account since, newest first; for when no delivery comes."""
    params: dict[str, Any] = {"created": {"gte": int(moment.timestamp())}, "limit": 100}
    pages = ask(lambda: client().v1.events.list(params))  # type: ignore[arg-type]
    rows = iter(pages.auto_paging_iter())
    while (row := ask(lambda: next(rows, None))) is not None:
        at = datetime.fromtimestamp(row.created, UTC)
        yield EventHint(row.id, row.type, getattr(row.data.object, "id", ""), getattr(row, "account", "") or "", at)
