"""Which operation answers which method and path."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from payments.simulator.calls import Handler
from payments.simulator.spec import Hash


@dataclass(frozen=True)
class Operation:
    method: str
    path: str
    accepts: Hash
    handler: Handler


OPERATIONS: list[Operation] = []
_patterns: list[tuple[re.Pattern[str], Operation]] = []


def operation(method: str, path: str, accepts: Hash) -> Callable[[Handler], Handler]:
    """Register a handler; `{id}` in the path becomes `call.ids["id"]`."""

    def register(handler: Handler) -> Handler:
        found = Operation(method, path, accepts, handler)
        OPERATIONS.append(found)
        pattern = re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path) + "$")
        _patterns.append((pattern, found))
        return handler

    return register


def match(method: str, path: str) -> tuple[Operation, dict[str, str]] | None:
    found = [(op, hit.groupdict()) for pattern, op in _patterns if op.method == method and (hit := pattern.match(path))]
    return min(found, key=lambda pair: len(pair[1]), default=None)
