"""Which endpoints hear of an event, when; and the faults that befall webhooks on their way."""

import json
import random
import time
from fnmatch import fnmatchcase

from payments.simulator.shapes import Obj
from payments.simulator.store import Store

WAITS = (1, 3, 10, 30, 120, 600, 3600, 7200)
"""Seconds between the attempts: Stripe's backoff, in small."""


def queue(store: Store, event: Obj) -> int:
    """Rows for each endpoint that listens to this type; how many."""
    listening = [point for point in store.select("webhook_endpoint") if _listens(point, event)]
    for point in listening:
        moments, note = _fate(store, event)
        for due in moments:
            _add(store, event["id"], point["id"], due, "waiting", note)
        if not moments:
            _add(store, event["id"], point["id"], time.time(), "lost", note)
    return len(listening)


def _add(store: Store, event: str, endpoint: str, due: float, state: str, note: str) -> None:
    store.sql.execute(
        "INSERT INTO deliveries (event, endpoint, due, state, note) VALUES (?, ?, ?, ?, ?)",
        (event, endpoint, due, state, note),
    )


def _listens(point: Obj, event: Obj) -> bool:
    if point["status"] != "enabled" or bool(event.get("account")) != bool(point.get("_connect")):
        return bool(point["status"] == "enabled" and point.get("_everything"))
    return any(word == "*" or word == event["type"] for word in point["enabled_events"])


def _fate(store: Store, event: Obj) -> tuple[list[float], str]:
    """When the event sets out: once and now, unless a fault says otherwise."""
    now = time.time()
    for seq, text in store.sql.execute("SELECT seq, doc FROM faults ORDER BY seq").fetchall():
        fault = json.loads(text)
        if not fault["mode"].startswith("webhook_") or not fnmatchcase(event["type"], fault["types"]):
            continue
        if not strikes(store, seq, fault):
            continue
        match fault["mode"]:
            case "webhook_lose":
                return [], "lost"
            case "webhook_duplicate":
                return [now] * fault["times"], "duplicated"
            case "webhook_late":
                return [now + fault["seconds"]], "late"
            case "webhook_reorder":
                return [now + random.uniform(0, fault["seconds"])], "reordered"  # noqa: S311 - not a secret
    return [now], ""


def strikes(store: Store, seq: int, fault: Obj) -> bool:
    """Whether this fault hits now: by its seeded chance, as long as its count lasts. Remembers that it did."""
    dice = random.Random(f"{fault['seed']}:{fault['rolls']}")  # noqa: S311 - repeatable by intention
    fault["rolls"] += 1
    hit = bool(dice.random() < fault["probability"] and fault["count"] != 0)
    if hit and fault["count"] > 0:
        fault["count"] -= 1
    if fault["count"] == 0:
        store.sql.execute("DELETE FROM faults WHERE seq = ?", (seq,))
    else:
        store.sql.execute("UPDATE faults SET doc = ? WHERE seq = ?", (json.dumps(fault), seq))
    return hit
