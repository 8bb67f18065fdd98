"""Shifts begin and end, pings come in, stored days are deleted."""

import re
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.db import transaction

from marketplace.accounts.consents import give_consent, withdraw_consent
from marketplace.kit.clock import now
from marketplace.kit.errors import NotFound
from marketplace.kit.live import publish
from marketplace.kit.policy import require
from tasks_app import hooks
from tasks_app.tracking import consent
from tasks_app.tracking.errors import BadDevice, ConsentMissing, ConsentOutdated, HeldByCase
from tasks_app.tracking.intake import PingReceipt, store_batch
from tasks_app.tracking.keys import PingKey
from tasks_app.tracking.models import DeletedDay, Ping, Shift, TrackHold
from tasks_app.tracking.partitions import KEEP_DAYS
from tasks_app.tracking.policies import may_track
from tasks_app.tracking.selectors import day_span, days_held

if TYPE_CHECKING:
    from marketplace.accounts.models import User

LONGEST_SHIFT = timedelta(hours=14)
LATEST_POINT = timedelta(days=4)  # after a shift's beginning: the intake looks for no older one
_DEVICE = re.compile(r"[A-Za-z0-9_-]{8,64}")


@transaction.atomic
def start_shift(*, user: "User", device_id: str, consent_version: str) -> Shift:
    """Begin to take the person's positions from this device; a shift open elsewhere ends.

    `consent_version`: the wording the person saw and agreed to.
    Raises ConsentMissing, ConsentOutdated, BadDevice, PolicyDenied.
    """
    if not consent_version:
        raise ConsentMissing
    if consent_version != consent.VERSION:
        raise ConsentOutdated
    if not _DEVICE.fullmatch(device_id):
        raise BadDevice
    require(may_track(user))
    lock_tracks(executor_id=user.pk)
    give_consent(user=user, kind=consent.KIND, version=consent_version)
    open_shift = Shift.objects.filter(executor=user, ended_at=None).first()
    if open_shift and open_shift.device_id == device_id and open_shift.ends_by > now():
        return open_shift
    if open_shift:
        _end(open_shift, Shift.Ended.OTHER_DEVICE if open_shift.ends_by > now() else Shift.Ended.TIME)
    return Shift.objects.create(
        executor=user,
        device_id=device_id,
        consent_version=consent_version,
        started_at=now(),
        ends_by=now() + LONGEST_SHIFT,
    )


def end_shift(*, user: "User") -> Shift:
    """Stop taking positions at once. Raises NotFound when no shift is open."""
    shift = Shift.objects.filter(executor=user, ended_at=None).first()
    if shift is None:
        raise NotFound
    _end(shift, Shift.Ended.PERSON)
    return shift


@transaction.atomic
def withdraw_location_consent(*, user: "User") -> None:
    """Take the consent back: the shift ends, and what its device kept offline is not taken any more. What is stored
    stays until it is deleted or forgotten."""
    withdraw_consent(user=user, kind=consent.KIND)
    if shift := Shift.objects.filter(executor=user, ended_at=None).first():
        _end(shift, Shift.Ended.CONSENT)
    still_waited_for = Shift.objects.filter(executor=user, started_at__gt=now() - LATEST_POINT)
    still_waited_for.update(ended_why=Shift.Ended.CONSENT)


def end_overdue_shifts() -> int:
    """Shifts that nobody ended: they end at the moment they were to end by."""
    ended = 0
    for shift in Shift.objects.filter(ended_at=None, ends_by__lte=now()):
        _end(shift, Shift.Ended.TIME)
        ended += 1
    return ended


def accept_pings(*, user: "User", device_id: str, batch: Any) -> PingReceipt:
    """Keep what is new and possible of a batch; each refused point has its reason. Raises BadBatch."""
    return accept_pings_with_key(key=PingKey(user.pk, device_id), batch=batch)


def accept_pings_with_key(*, key: PingKey, batch: Any) -> PingReceipt:
    """The same, for a device that shows its key. Raises BadBatch."""
    receipt = store_batch(executor_id=key.executor_id, device_id=key.device_id, raw=batch)
    if receipt.stored and receipt.watched_assignment:
        with transaction.atomic():  # the customer's map fetches the place itself: nothing of it is in the event
            publish(topic=f"deal:{receipt.watched_assignment}", kind="position", payload={})
    return receipt


@transaction.atomic
def delete_track(*, user: "User", day: date) -> int:
    """Delete what is stored of one UTC day; returns how many points. That it was deleted stays on record as a bare day, so
    that evidence can name the gap. Raises HeldByCase, InvalidInput."""
    start, end = day_span(day)
    lock_tracks(executor_id=user.pk)
    if day in days_held(user_id=user.pk, days=[day]):
        raise HeldByCase
    nearby = [day - timedelta(days=1), day, day + timedelta(days=1)]
    rows = Ping.objects.filter(executor=user, day__in=nearby, at__gte=start, at__lt=end)
    deleted = rows.delete()[0]
    if deleted:
        DeletedDay.objects.update_or_create(executor=user, day=day, defaults={"at": now()})
        hooks.track_deleted.call(executor_id=user.pk, day=day)
    return deleted


def forget_deletions() -> int:
    """Days so long ago that nothing would be stored of them anyway."""
    return DeletedDay.objects.filter(day__lt=now().date() - timedelta(days=KEEP_DAYS)).delete()[0]


def lock_tracks(*, executor_id: int) -> None:
    """One change of a person's shifts and positions at a time, until the end of the transaction: who copies positions waits for
    who deletes them, and the other way round. Rows that only refer to the person are written meanwhile."""
    get_user_model().objects.select_for_update(of=("self",), no_key=True).get(pk=executor_id)


def hold_track(*, executor_id: int, since: datetime, until: datetime, reference: str) -> TrackHold:
    """Keep the positions of this time until released; the same reference again stands again."""
    hold, _created = TrackHold.objects.get_or_create(
        reference=reference, defaults={"executor_id": executor_id, "since": since, "until": until}
    )
    if hold.released_at is not None:
        hold.released_at = None
        hold.save(update_fields=["released_at"])
    return hold


def release_track(*, reference: str) -> None:
    TrackHold.objects.filter(reference=reference, released_at=None).update(released_at=now())


def _end(shift: Shift, why: str) -> None:
    moment = min(now(), shift.ends_by)
    Shift.objects.filter(pk=shift.pk, ended_at=None).update(ended_at=moment, ended_why=why)
    shift.ended_at, shift.ended_why = moment, why
