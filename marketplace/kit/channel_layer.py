"""The channel layer of Redis, with a way to send that needs no event loop.

Channels can only be spoken to from a loop; from a request it starts one, with a new connection to Redis, for every message.
Here pages, jobs and the API publish through connections that stay open; consumers go on as before.
"""

from collections.abc import Sequence
from typing import Any

from channels_redis.pubsub import RedisPubSubChannelLayer
from redis import Redis

SECONDS = 2.0  # a request never waits longer for a Redis that does not answer


class LiveChannelLayer(RedisPubSubChannelLayer):
    """`hosts`: one address of Redis."""

    def __init__(self, *, hosts: Sequence[str], prefix: str, **more: Any) -> None:
        super().__init__(hosts=list(hosts), prefix=prefix, **more)
        (address,) = hosts
        self._prefix = prefix
        self._redis = Redis.from_url(address, socket_timeout=SECONDS, socket_connect_timeout=SECONDS)

    def send_to_groups(self, messages: Sequence[tuple[str, dict[str, Any]]]) -> None:
        """What `await group_send(group, message)` does for each, from anywhere and in one go. Raises redis.RedisError."""
        with self._redis.pipeline(transaction=False) as line:
            for group, message in messages:
                line.publish(f"{self._prefix}__group__{group}", self.serialize(message))
            line.execute()
