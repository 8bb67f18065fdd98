"""One call in progress: its account, its parameters, its moment; what handlers read and write with."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from payments.simulator import deliveries
from payments.simulator.errors import missing
from payments.simulator.shapes import API_VERSION, Obj, document, new_id, random_text
from payments.simulator.store import Store


@dataclass
class Call:
    """`now` is the simulator's time in whole seconds; a customer's test clock may move it for this call."""

    store: Store
    now: int
    base: str
    account: str = ""
    path: str = ""
    ids: dict[str, str] = field(default_factory=dict)
    params: Obj = field(default_factory=dict)
    key: str | None = None
    request: str | None = None
    version: str = API_VERSION
    real: int = 0
    """The present outside all test clocks: balances live by it."""

    def __post_init__(self) -> None:
        self.real = self.real or self.now

    def at(self, kind: str, name: str = "id") -> Obj:
        """The object that the path names."""
        found = self.store.find(self.ids[name], kind, self.account)
        if found is None:
            raise missing(kind, self.ids[name], param="id" if name == "id" else name, in_path=True)
        return found

    def get(self, kind: str, id: str, param: str) -> Obj:
        """An object that a parameter names."""
        found = self.store.find(id, kind, self.account)
        if found is None:
            raise missing(kind, id, param=param, in_path=False)
        return found

    def add(self, doc: Obj) -> Obj:
        return self.store.add(doc, self.account)

    def save(self, doc: Obj) -> Obj:
        return self.store.save(doc)

    def new(self, kind: str, prefix: str, **fields: Any) -> Obj:
        return document(kind, prefix, self.now, **fields)

    def later(self, due: int, kind: str, id: str, clock: str | None = None) -> None:
        """Something to happen to an object at a moment: the real one, or its test clock's."""
        self.store.sql.execute(
            "INSERT INTO schedule (clock, due, kind, object) VALUES (?, ?, ?, ?)", (clock or "", due, kind, id)
        )

    def forget(self, kind: str, id: str) -> None:
        self.store.sql.execute("DELETE FROM schedule WHERE kind = ? AND object = ?", (kind, id))

    def follow_clock(self, customer: str | None) -> str | None:
        """Live by the customer's test clock for this call; its id, if there is one."""
        owner = self.store.find(customer, "customer") if customer else None
        clock = owner.get("test_clock") if owner else None
        if clock:
            found = self.store.find(clock, "test_helpers.test_clock")
            self.now = found["frozen_time"] if found else self.now
        return clock

    def emit(self, type: str, doc: Obj, before: Obj | None = None) -> Obj:
        """Record that something happened and queue its deliveries, in this transaction."""
        data: Obj = {"object": present(doc)}
        if before is not None:
            data["previous_attributes"] = before
        event = {
            "id": new_id("evt"), "object": "event", "api_version": API_VERSION, "created": self.now, "data": data,
            "livemode": False, "pending_webhooks": 0, "type": type,
            "request": {"id": self.request, "idempotency_key": self.key},
        }  # fmt: skip
        if self.account:
            event["account"] = self.account
        event["pending_webhooks"] = deliveries.queue(self.store, event)
        return self.store.add(event, self.account)


def present(doc: Any) -> Any:
    """A document as the outside sees it: without private fields."""
    if isinstance(doc, dict):
        return {name: present(value) for name, value in doc.items() if not name.startswith("_")}
    return [present(item) for item in doc] if isinstance(doc, list) else doc


def merged(metadata: dict[str, str], change: dict[str, str] | None) -> dict[str, str]:
    """Stripe's rule: an empty text takes one name away, an empty `metadata` all of them."""
    if change is None:
        return {}
    return {name: text for name, text in {**metadata, **change}.items() if text != ""}


def changed(before: Obj, after: Obj) -> Obj:
    """`previous_attributes`: what each changed field was."""
    return {name: before.get(name) for name in after if before.get(name) != after[name] and not name.startswith("_")}


def update(call: Call, doc: Obj, event: str | None = None, **plain: Any) -> Obj:
    """Write parameters that are simply fields, metadata merged; tell of it when anything changed."""
    before = json.loads(json.dumps(doc))
    for name, value in plain.items():
        doc[name] = merged(doc["metadata"], value) if name == "metadata" else value
    difference = changed(before, doc)
    if difference:
        call.save(doc)
        if event:
            call.emit(event, doc, present(difference))
    return doc


Handler = Callable[[Call], Obj]

__all__ = ["Call", "Handler", "changed", "merged", "present", "random_text", "update"]
