"""Phone apps that are signed in."""

from collections.abc import Iterable
from hashlib import sha256

from django.db.models import QuerySet

from marketplace.accounts.models import DeviceToken, User
from marketplace.accounts.selectors.standing import blocked_among


def hash_of_token(token: str) -> str:
    """What is kept of a token: 256 random bits need no salt."""
    return sha256(token.encode()).hexdigest()


def device_by_token(token: str) -> DeviceToken | None:
    """A device that is signed in and whose owner's account is open."""
    standing = DeviceToken.objects.filter(revoked_at=None, user__is_active=True).select_related("user")
    device = standing.filter(token_hash=hash_of_token(token)).first()
    return None if device is None or blocked_among([device.user_id]) else device


def devices_signed_in(user_ids: Iterable[int]) -> set[int]:
    """The ids of those people's devices whose tokens stand."""
    standing = DeviceToken.objects.filter(user_id__in=set(user_ids), revoked_at=None)
    return set(standing.values_list("pk", flat=True))


def devices_of(user: User) -> QuerySet[DeviceToken]:
    """Signed in now, the one used last first."""
    return DeviceToken.objects.filter(user_id=user.pk, revoked_at=None).order_by("-last_used_at", "-pk")
