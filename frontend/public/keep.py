"""Public pages show the same to everybody: their reads are kept for a few minutes. Without the cache they are just slower."""

import logging
from collections.abc import Callable
from typing import TypeVar

from django.core.cache import cache
from redis.exceptions import RedisError

Kept = TypeVar("Kept")
MINUTES = 5


def kept(key: str, read: Callable[[], Kept]) -> Kept:
    """What `read` returns, at most five minutes old. `key` names every parameter of the read."""
    try:
        found: Kept | None = cache.get(f"public:{key}")
    except RedisError:
        logging.getLogger(__name__).warning("the cache is away")
        return read()
    if found is not None:
        return found
    fresh = read()
    try:
        cache.set(f"public:{key}", fresh, MINUTES * 60)
    except RedisError:
        logging.getLogger(__name__).warning("the cache is away")
    return fresh
