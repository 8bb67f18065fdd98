"""What a row of the matrix says: an address or an operation, how it is asked, and for whom it opens."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.access.world import ACTORS, OWNER, PARTICIPANT, STAFF, VISITOR, World

ANYONE = frozenset(ACTORS)
SIGNED_IN = ANYONE - {VISITOR}
OWN = frozenset({OWNER})
HIRED = frozenset({PARTICIPANT})
PARTIES = OWN | HIRED
NOBODY: frozenset[str] = frozenset()
MODERATORS = frozenset(STAFF)
OPERATORS = frozenset({"operator"})

Data = dict[str, Any] | Callable[[World], Any]


@dataclass(frozen=True)
class Row:
    """`opens_to`: for whom it does what it is for. `may`: for whom it need not, but may (staff, people under a restriction)."""

    route: str
    opens_to: frozenset[str]
    method: str = "GET"
    data: Data = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)  # address part → name of a value of the world
    may: frozenset[str] = NOBODY
    as_json: bool = False

    @property
    def id(self) -> str:
        of = ",".join(f"{key}={value}" for key, value in self.values.items())
        return " ".join(part for part in (self.method if not self.as_json else "", self.route, of) if part)

    def body(self, world: World) -> Any:
        return self.data(world) if callable(self.data) else self.data


def page(route: str, opens_to: frozenset[str], data: Data | None = None, **more: Any) -> Row:
    return Row(route, opens_to, "GET", data or {}, **more)


def post(route: str, opens_to: frozenset[str], data: Data | None = None, **more: Any) -> Row:
    return Row(route, opens_to, "POST", data or {}, **more)


def call(operation: str, opens_to: frozenset[str], data: Data | None = None, **more: Any) -> Row:
    return Row(operation, opens_to, operation.split(" ", 1)[0], data or {}, as_json=True, **more)
