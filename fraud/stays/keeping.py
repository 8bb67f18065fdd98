"""Keeps stays from positions as they come: what is newer than all that was read extends the open stay; what is older, or
gone, takes everything from the stay before it anew. Either way the rows are those of one reading of all positions."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import numpy as np
from django.db import transaction

from fraud.features.inputs import Pings, make_pings
from fraud.models import KeptDay, KeptStay, KeptTrack
from fraud.stays.days import Edges, Marks, edges_from, edges_of, joined, marks_from, marks_of
from fraud.stays.detector import DETECTOR, OpenStay, Stay, advance, told_accuracy
from marketplace.kit.clock import now
from tasks_app import selectors as tasks
from tasks_app import services as tasks_services

Place = tuple[float, float, float]  # Unix seconds, degrees
KEPT = timedelta(days=60)  # as positions are: the consent says so
LONG_AGO, FAR_OFF = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


@transaction.atomic(savepoint=False)
def keep_up(*, person_id: int) -> datetime | None:
    """Read what came since the last time. The oldest moment that came, or None when nothing did."""
    track, new = _locked(person_id)
    oldest = tasks_services.take_unread(executor_id=person_id)
    if new:
        _read_anew(track, since=None)
    elif oldest is not None:
        _read_on(track, oldest)
    return oldest


@transaction.atomic
def read_anew(*, person_id: int, since: datetime | None = None) -> None:
    """For positions that are gone: everything from the stay before `since` on, or from the beginning."""
    track, new = _locked(person_id)
    _read_anew(track, since=None if new else since)


def forget_day(*, executor_id: int, day: date) -> None:
    """The person deleted a UTC day's positions: what was made of them goes in the same transaction."""
    read_anew(person_id=executor_id, since=_start_of(day))


def forget_before(*, before: date) -> None:
    """Positions of earlier days are forgotten, and so are their stays; one that lasted over the edge is measured anew."""
    edge = _start_of(before)
    over = KeptStay.objects.filter(start__lt=edge, end__gte=edge).values_list("person_id", flat=True)
    still_open = KeptTrack.objects.filter(start__lt=edge, read_to__gte=edge).values_list("pk", flat=True)
    people = set(over) | set(still_open)
    KeptStay.objects.filter(end__lt=edge).delete()
    KeptDay.objects.filter(day__lt=before).delete()
    KeptTrack.objects.filter(read_to__lt=edge).delete()
    for person_id in people:
        read_anew(person_id=person_id)


def _locked(person_id: int) -> tuple[KeptTrack, bool]:
    """One reader of a person's positions at a time; and whether nothing was read yet by the detector of today."""
    locked = KeptTrack.objects.select_for_update(of=("self",))
    track = locked.filter(pk=person_id).first()
    if track is None:
        KeptTrack.objects.bulk_create([KeptTrack(person_id=person_id)], ignore_conflicts=True)
        track = locked.get(pk=person_id)
    return track, track.detector != DETECTOR


def _read_on(track: KeptTrack, oldest: datetime) -> None:
    if track.read_to is None or oldest <= track.read_to:
        _read_anew(track, since=oldest)
        return
    pings = _pings(track.person_id, track.read_to + timedelta(microseconds=1))
    if pings.count:
        _keep(track, open_of(track), pings, last=(track.read_to.timestamp(), track.last_lat, track.last_lon))


def _read_anew(track: KeptTrack, *, since: datetime | None) -> None:
    """A stay's first position begins it whatever came before, so that reading may begin there: at the latest one that began
    before `since`."""
    start = _last_start(track, since) if since is not None else None
    edge = _midnight(start or LONG_AGO)
    KeptStay.objects.filter(person_id=track.person_id, start__gte=start or LONG_AGO).delete()
    KeptDay.objects.filter(person_id=track.person_id, day__gte=edge.date()).delete()
    pings = _pings(track.person_id, edge)
    track.read_to, track.last_lat, track.last_lon = None, 0.0, 0.0
    skipped = int(np.searchsorted(pings.at, start.timestamp())) if start else 0
    _keep(track, OpenStay(), pings, last=_place_before(track.person_id, edge), skipped=skipped)


def _last_start(track: KeptTrack, since: datetime) -> datetime | None:
    if track.start is not None and track.start < since:
        return track.start
    rows = KeptStay.objects.filter(person_id=track.person_id, start__lt=since).order_by("-start")
    return rows.values_list("start", flat=True).first()


def _keep(track: KeptTrack, state: OpenStay, pings: Pings, *, last: Place | None, skipped: int = 0) -> None:
    """`skipped`: how many of the first positions belong to stays that are known; only their day is made anew."""
    done = advance(
        state,
        at=pings.at[skipped:].tolist(),
        vectors=pings.vectors[skipped:],
        accuracy_m=told_accuracy(pings.accuracy_m[skipped:]).tolist(),
    )
    KeptStay.objects.bulk_create([_row(track.person_id, stay) for stay in done.stays])
    _keep_days(track.person_id, pings, last)
    if pings.count:
        track.read_to = moment(pings.at[-1])
        track.last_lat, track.last_lon = float(pings.lat[-1]), float(pings.lon[-1])
    _keep_open(track, done.open)


def _keep_open(track: KeptTrack, state: OpenStay) -> None:
    track.fixes, track.detector = state.fixes, DETECTOR
    track.start, track.end = (moment(state.start), moment(state.end)) if state.fixes else (None, None)
    for name in ("x", "y", "z", "weight", "accuracies", "squares"):
        setattr(track, name, getattr(state, name))
    track.save()


def _keep_days(person_id: int, pings: Pings, last: Place | None) -> None:
    """Extends the day that is known, and adds the days after it."""
    if not pings.count:
        return
    known = list(KeptDay.objects.filter(person_id=person_id, day=moment(pings.at[0]).date()))
    edges = edges_of(edges_from([bytes(row.hours) for row in known]), pings)
    marks = joined(marks_from([bytes(row.steps) for row in known]), marks_of(last, pings))
    rows = [_day(person_id, number, edges, marks) for number in np.unique(np.floor(edges.at / 86_400)).tolist()]
    KeptDay.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["person", "day"], update_fields=["hours", "steps"]
    )


def _day(person_id: int, number: float, edges: Edges, marks: Marks) -> KeptDay:
    mine, own = np.floor(edges.at / 86_400) == number, np.floor(marks.at / 86_400) == number
    day = moment(number * 86_400).date()
    return KeptDay(person_id=person_id, day=day, hours=edges.part(mine).to_bytes(), steps=marks.part(own).to_bytes())


def _pings(person_id: int, start: datetime) -> Pings:
    """All from `start` on, of the days that are kept."""
    return pings_of(tasks.positions(executor_id=person_id, start=max(start, _kept_from()), end=FAR_OFF))


def _place_before(person_id: int, edge: datetime) -> Place | None:
    row = tasks.position_before(executor_id=person_id, since=_kept_from(), before=edge)
    return None if row is None else (row.at, row.lat, row.lon)


def _kept_from() -> datetime:
    return _start_of((now() - KEPT).date())


def pings_of(rows: Sequence[tasks.Position]) -> Pings:
    """One person's positions as columns."""
    at, lat, lon, accuracy, network, skew = zip(*rows, strict=True) if rows else ((),) * 6
    return make_pings(
        executor=np.zeros(len(rows), dtype=np.int64),
        at=np.array(at, dtype=float),
        lat=np.array(lat, dtype=float),
        lon=np.array(lon, dtype=float),
        accuracy_m=np.array(accuracy, dtype=float),
        network=np.array(network, dtype=bool),
        skew_s=np.array(skew, dtype=float),
        people=1,
    )


def open_of(track: KeptTrack) -> OpenStay:
    """The open stay as the detector knows it."""
    if not track.fixes or track.start is None or track.end is None:
        return OpenStay()
    return OpenStay(
        track.fixes, track.start.timestamp(), track.end.timestamp(),
        track.x, track.y, track.z, track.weight, track.accuracies, track.squares,
    )  # fmt: skip


def _row(person_id: int, stay: Stay) -> KeptStay:
    return KeptStay(
        person_id=person_id, start=moment(stay.start), end=moment(stay.end), closed_at=moment(stay.closed_at),
        lat=stay.lat, lon=stay.lon, spread_m=stay.spread_m, fixes=stay.fixes, accuracy_m=stay.accuracy_m,
    )  # fmt: skip


def moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(float(seconds), UTC)


def _midnight(when: datetime) -> datetime:
    return _start_of(when.astimezone(UTC).date())


def _start_of(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
