"""A simulator process that dies by SIGKILL in the middle of its work: `python -m tests.contracts.stripe_process STORE PORT WRITES GUARD`.

WRITES: it kills itself just before that write to its store (0: never). GUARD `off` takes the transactions away: each write is a commit of
its own, which is what the control needs.
"""

import contextlib
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from payments.simulator.serving import build, listen
from payments.simulator.store import Store

WRITING = ("INSERT", "UPDATE", "DELETE", "COMMIT", "RELEASE")


class Mortal:
    """The store's connection, counting what it writes."""

    def __init__(self, connection: Any, writes: int) -> None:
        self.connection, self.left = connection, writes

    def execute(self, statement: str, *values: Any) -> Any:
        if statement.startswith(WRITING):
            self.left -= 1
            if self.left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
        return self.connection.execute(statement, *values)

    def close(self) -> None:
        self.connection.close()


class Unguarded(Store):
    """Without transactions: what a kill interrupts stays half done."""

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        yield

    @contextlib.contextmanager
    def attempt(self) -> Iterator[None]:
        yield


def main() -> None:
    file, port, writes, guard = sys.argv[1:]
    store = (Unguarded if guard == "off" else Store)(Path(file))
    store.sql = Mortal(store.sql, int(writes))  # type: ignore[assignment]
    listener = listen("127.0.0.1", int(port))
    build(store, listener).run(sockets=[listener])


if __name__ == "__main__":
    main()
