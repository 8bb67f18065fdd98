"""Subscriptions."""

from payments.simulator.calls import Call
from payments.simulator.errors import Declined
from payments.simulator.shapes import Obj


def from_session(call: Call, session: Obj, method: Obj) -> tuple[Obj | None, Declined | None]:
    raise NotImplementedError


def session_completed(call: Call, session: Obj) -> None:
    raise NotImplementedError


def intent_decided(call: Call, intent: Obj) -> None:
    """An intent that pays an invoice was decided by its person."""
