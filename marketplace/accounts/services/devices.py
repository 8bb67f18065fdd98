"""Tokens of phone apps: one per device, shown once, kept as a hash."""

import secrets
from datetime import timedelta

from django.db import transaction

from marketplace.accounts.models import DeviceToken, User
from marketplace.accounts.selectors.devices import hash_of_token
from marketplace.kit.clock import now
from marketplace.kit.errors import NotFound

USED_EVERY = timedelta(hours=1)  # how exact "last used" is; not every request writes


@transaction.atomic
def issue_device_token(*, user: User, name: str) -> tuple[DeviceToken, str]:
    """The row and the token itself, which is never to be seen again."""
    token = secrets.token_urlsafe(32)
    device = DeviceToken.objects.create(
        user=user,
        name=name.strip()[:80] or "—",
        token_hash=hash_of_token(token),
        created_at=now(),
        last_used_at=now(),
    )
    return device, token


def mark_device_used(*, device: DeviceToken) -> None:
    """Remember the use, at most once an hour."""
    stale = now() - USED_EVERY
    if device.last_used_at is None or device.last_used_at < stale:
        DeviceToken.objects.filter(pk=device.pk).update(last_used_at=now())


def revoke_device(*, device_id: int, by: User) -> DeviceToken:
    """Sign the device out. Raises NotFound, also for somebody else's device."""
    if not DeviceToken.objects.filter(pk=device_id, user=by, revoked_at=None).update(revoked_at=now()):
        raise NotFound
    return DeviceToken.objects.get(pk=device_id)
