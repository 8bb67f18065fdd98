"""Telling people: a row now, in the caller's transaction; the channels follow."""

import json
from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import translation

from marketplace.accounts.selectors import confirmed_email
from marketplace.kit import jobs, live
from marketplace.kit.clock import now
from marketplace.kit.rows import Prepared, first_value
from marketplace.notifications.kinds import KINDS
from marketplace.notifications.models import Delivery, Notification, Preference
from marketplace.notifications.selectors import render, wants_email

MAX_TRIES = 5


# One statement that waits for a rival with the same news; nothing comes back when the rival was first.
_TELL: Final = Prepared("""
INSERT INTO notifications_notification (user_id, kind, key, params, path, created_at) VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT (user_id, key) DO NOTHING RETURNING id
""")


@transaction.atomic(savepoint=False)
def notify(*, user_id: int, kind: str, params: dict[str, Any], path: str, key: str) -> Notification | None:
    """Tell a person a piece of news once; None when `key` was told before. KeyError for an unknown kind."""
    carried = KINDS[kind].email
    row = Notification(user_id=user_id, kind=kind, key=key, params=params, path=path, created_at=now())
    row.pk = first_value(_TELL, [user_id, kind, key, json.dumps(params), path, row.created_at])
    if row.pk is None:
        return None
    row._state.adding, row._state.db = False, "default"
    live.publish(topic=f"user:{user_id}", kind="notification", payload={"id": row.pk, "kind": kind})
    if carried and _wants_email(user_id):
        Delivery.objects.create(notification=row, channel=Delivery.Channel.EMAIL, due_at=now())
        jobs.nudge("notifications.deliver")
    return row


def mark_all_read(*, user_id: int) -> int:
    return Notification.objects.filter(user_id=user_id, read_at=None).update(read_at=now())


def set_preference(*, user_id: int, email: bool) -> Preference:
    return Preference.objects.update_or_create(user_id=user_id, defaults={"email": email})[0]


def deliver_due(*, limit: int = 100) -> int:
    """Send what waits; an error puts it off, longer each time, and gives up after several."""
    sent = 0
    for _i in range(limit):
        with transaction.atomic():
            waiting = Delivery.objects.filter(sent_at=None, given_up_at=None, due_at__lte=now()).order_by("due_at")
            delivery = waiting.select_for_update(of=("self",), skip_locked=True).first()
            if delivery is None:
                return sent
            sent += _deliver(delivery)
    return sent


def _deliver(delivery: Delivery) -> bool:
    delivery.tries += 1
    try:
        _email(delivery.notification)
        delivery.sent_at = now()
    except OSError:
        delivery.due_at = now() + timedelta(minutes=2**delivery.tries)
        if delivery.tries >= MAX_TRIES:
            delivery.given_up_at = now()
    delivery.save()
    return delivery.sent_at is not None


def _email(notification: Notification) -> None:
    user = notification.user
    with translation.override(user.language):
        told = render(notification)
        prefix = "" if user.language == settings.LANGUAGE_CODE else f"/{user.language}"
        body = f"{told.text}\n\n{settings.SITE_URL}{prefix}{notification.path}\n"
        EmailMessage(told.title, body, to=[user.email or ""]).send()


def _wants_email(user_id: int) -> bool:
    return confirmed_email(user_id) is not None and wants_email(user_id)
