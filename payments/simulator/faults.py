"""Faults on requests, ordered over the control API: before or after the effect, with or without an answer."""

import json
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from payments.simulator.deliveries import strikes
from payments.simulator.errors import Refusal
from payments.simulator.shapes import Obj
from payments.simulator.store import Store

MODES = (
    "error_before", "error_after", "drop_before", "drop_after", "delay", "429", "409",
    "webhook_lose", "webhook_duplicate", "webhook_late", "webhook_reorder",
)  # fmt: skip
DEFAULTS: Obj = {
    "method": "*", "path": "*", "types": "*", "count": 1, "probability": 1.0, "seed": 0, "seconds": 1.0, "times": 2, "kept": False, "rolls": 0,
}  # fmt: skip


def add(store: Store, fault: Obj) -> Obj:
    """Order a fault; `count` -1 lasts until it is taken back."""
    if fault.get("mode") not in MODES:
        raise Refusal(f"mode must be one of {', '.join(MODES)}")
    unknown = set(fault) - set(DEFAULTS) - {"mode"}
    if unknown:
        raise Refusal(f"Unknown: {', '.join(sorted(unknown))}")
    whole: Obj = DEFAULTS | fault
    with store.transaction():
        row = store.sql.execute("INSERT INTO faults (doc) VALUES (?)", (json.dumps(whole),))
    return {"id": row.lastrowid, **whole}


@dataclass(frozen=True)
class Fault:
    mode: str
    seconds: float
    kept: bool


def befalling(store: Store, method: str, path: str) -> Fault | None:
    """The first ordered fault that hits this request."""
    for seq, text in store.sql.execute("SELECT seq, doc FROM faults ORDER BY seq").fetchall():
        fault: dict[str, Any] = json.loads(text)
        if fault["mode"].startswith("webhook_"):
            continue
        if fnmatchcase(method, fault["method"].upper()) and fnmatchcase(path, fault["path"]):
            with store.transaction():
                hit = strikes(store, seq, fault)
            if hit:
                return Fault(fault["mode"], float(fault["seconds"]), bool(fault["kept"]))
    return None


ANSWERS: dict[str, tuple[int, Obj]] = {
    "error_before": (500, {"message": "An unknown error occurred", "type": "api_error"}),
    "error_after": (500, {"message": "An unknown error occurred", "type": "api_error"}),
    "429": (429, {"message": "Too many requests hit the API too quickly.", "code": "rate_limit", "type": "invalid_request_error"}),
    "409": (
        409,
        {
            "message": "There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, "
            "and the other request is still going through). Please try again later.",
            "code": "idempotency_key_in_use", "type": "idempotency_error",
        },
    ),
}  # fmt: skip
