"""Calls from a lower package up: the lower names a hook, the upper registers at start-up, a system check compares."""

from collections.abc import Callable
from typing import Any


class Hook:
    """Handlers run in the caller's transaction, in the order of registration."""

    known: "list[Hook]" = []

    def __init__(self, name: str, *, required: bool = True) -> None:
        self.name, self.required = name, required
        self.handlers: list[Callable[..., None]] = []
        Hook.known.append(self)

    def register(self, handler: Callable[..., None]) -> None:
        if handler not in self.handlers:
            self.handlers.append(handler)

    def call(self, **kwargs: Any) -> None:
        for handler in self.handlers:
            handler(**kwargs)
