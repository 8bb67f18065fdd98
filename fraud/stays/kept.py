"""What is kept of a person's past, as a score asks for it."""

from dataclasses import dataclass

from fraud.models import KeptDay, KeptStay, KeptTrack
from fraud.stays.days import Edges, Marks, edges_from, marks_from
from fraud.stays.detector import Stay, open_stay
from fraud.stays.keeping import open_of


@dataclass(frozen=True, slots=True)
class KeptPast:
    """Stays (the open one last, as it is known now), the edges of hours, the marks of steps; all oldest first."""

    stays: list[Stay]
    edges: Edges
    marks: Marks


def kept_past(person_id: int) -> KeptPast:
    """Of the days that are kept, up to what was read last; see `fraud.stays.keeping.keep_up`."""
    days = KeptDay.objects.filter(person_id=person_id).order_by("day").values_list("hours", "steps")
    hours, steps = zip(*days, strict=True) if days else ((), ())
    edges, marks = edges_from([bytes(part) for part in hours]), marks_from([bytes(part) for part in steps])
    if len(edges.at):  # the first step of all came from a position that is forgotten
        marks = marks.part(marks.at > edges.at[0])
    return KeptPast(_stays(person_id), edges, marks)


def _stays(person_id: int) -> list[Stay]:
    rows = KeptStay.objects.filter(person_id=person_id).order_by("start")
    stays = [
        Stay(start.timestamp(), end.timestamp(), closed_at.timestamp(), lat, lon, spread_m, fixes, accuracy_m)
        for start, end, closed_at, lat, lon, spread_m, fixes, accuracy_m in rows.values_list(
            "start", "end", "closed_at", "lat", "lon", "spread_m", "fixes", "accuracy_m"
        )
    ]
    track = KeptTrack.objects.filter(pk=person_id).first()
    last = None if track is None else open_stay(open_of(track))
    return stays if last is None else [*stays, last]
