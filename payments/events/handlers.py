"""Who follows which hints. A handler gets the object's id and the connected account, fetches the object, and acts on that."""

from collections.abc import Callable

FollowHint = Callable[[str, str], None]

_handlers: list[tuple[tuple[str, ...], FollowHint]] = []


def on(*prefixes: str) -> Callable[[FollowHint], FollowHint]:
    """Follow the events whose kind begins with one of these: `@on("payment_intent.", "checkout.session.")`.

    The function is called as (object_id, account_id), outside any transaction, for every event, any number of times and in
    any order: it must come to the same end. What it raises puts the event off.
    """

    def add(function: FollowHint) -> FollowHint:
        _handlers.append((prefixes, function))
        return function

    return add


def of(kind: str) -> list[FollowHint]:
    return [function for prefixes, function in _handlers if kind.startswith(prefixes)]
