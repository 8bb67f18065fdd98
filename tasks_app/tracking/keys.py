"""A key that lets one device of one person report positions: signed, so that checking it needs no database.

It opens nothing else; a batch with it is still refused unless a shift of this person on this device covers the points.
"""

from dataclasses import dataclass

from django.core.signing import BadSignature, Signer

from marketplace.kit.clock import now
from tasks_app.tracking.errors import PingKeyInvalid

LIFE_SECONDS = 72 * 3600  # a shift, and the time in which points kept offline may still come
_SIGNER = Signer(salt="ping-key")


@dataclass(frozen=True, slots=True)
class PingKey:
    executor_id: int
    device_id: str


def make_key(*, executor_id: int, device_id: str) -> str:
    return _SIGNER.sign(f"{executor_id}.{int(now().timestamp()) + LIFE_SECONDS}.{device_id}")


def read_key(key: str) -> PingKey:
    """Raises PingKeyInvalid."""
    try:
        executor_id, expires, device_id = _SIGNER.unsign(key).split(".", 2)
        if int(expires) < now().timestamp():
            raise PingKeyInvalid
        return PingKey(int(executor_id), device_id)
    except (BadSignature, ValueError) as error:
        raise PingKeyInvalid from error
