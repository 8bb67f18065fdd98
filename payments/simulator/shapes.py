"""What a document of the simulator is, and the names given to new ones."""

import secrets
import string
from typing import Any

Obj = dict[str, Any]

API_VERSION = "2026-10-28.endive"
LETTERS = string.ascii_letters + string.digits


def random_text(length: int) -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(length))


def new_id(prefix: str) -> str:
    """An identifier as Stripe's look: `pi_` and 24 letters."""
    return f"{prefix}_{random_text(24)}"


def document(kind: str, prefix: str, created: int, **fields: Any) -> Obj:
    """A new object of `kind`; private fields start with an underscore and never leave the server."""
    return {"id": new_id(prefix), "object": kind, "created": created, "livemode": False, "metadata": {}} | fields


def listing(data: list[Obj], url: str, has_more: bool = False) -> Obj:
    return {"object": "list", "data": data, "has_more": has_more, "url": url}
