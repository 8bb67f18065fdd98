"""The clock of a simulated processor (docs/stripe-simulator.md, the control API). Stripe's own time cannot be moved."""

import json
import urllib.request
from datetime import datetime
from typing import Any

from django.conf import settings

from payments.stripe_gateway.errors import Unavailable

_TIMEOUT_SECONDS = 30  # a month of renewals is done before it answers


_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # it listens on this machine only


def present() -> float:
    """The simulator's present, seconds since 1970. Raises Unavailable."""
    return float(_control("health").get("now", 0))


def advance_to(moment: datetime) -> None:
    """Let the simulator's time come up to `moment`, with all that falls due on the way. It is never put back: what is ahead
    stays ahead. Raises Unavailable."""
    behind = moment.timestamp() - present()
    if behind > 0:
        _control("advance", {"seconds": behind})


def _control(verb: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    request = urllib.request.Request(  # noqa: S310  an address from our settings
        f"{settings.STRIPE_API_BASE}/_control/{verb}", data=None if body is None else json.dumps(body).encode()
    )
    try:
        with _direct.open(request, timeout=_TIMEOUT_SECONDS) as answer:
            told: dict[str, Any] = json.load(answer)
            return told
    except (OSError, ValueError) as error:
        raise Unavailable("simulator_away", str(error)) from error
