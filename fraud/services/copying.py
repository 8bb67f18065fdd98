"""A case keeps its own copy of the positions it stands on; a cancellation without a case keeps none."""

from datetime import datetime

from fraud.evidence.gather import deal_of
from fraud.evidence.situation import Deal, looked_at
from fraud.models import Case, CaseTrack, Evidence
from tasks_app import selectors as tasks


def copy_tracks(deal: tasks.CancelledAssignment, *, renewed: str) -> None:
    """Under the lock of the person's tracks: of each collected moment what it stands on, unless it is copied already; of
    `renewed`, a moment collected just now, in any case. Nothing without a case, and nothing once it is over."""
    agreed = deal_of(deal)
    standing = Case.objects.select_for_update(of=("self",)).filter(over_at=None)
    case = standing.filter(cancellation_id=deal.cancellation_id).first()
    if case is None or agreed is None:
        return
    copied = case.tracks.exclude(moment=renewed).values("moment")
    collected = Evidence.objects.filter(cancellation_id=deal.cancellation_id).exclude(collected_at=None)
    due = collected.exclude(moment__in=copied).values_list("moment", "due_at")
    CaseTrack.objects.bulk_create(
        [CaseTrack(case=case, moment=name, points=_points(deal.executor_id, agreed, as_of)) for name, as_of in due],
        update_conflicts=True,
        unique_fields=["case", "moment"],
        update_fields=["points"],
    )


def _points(executor_id: int, agreed: Deal, as_of: datetime) -> list[list[object]]:
    start, end = looked_at(agreed, as_of)
    fixes = tasks.track(executor_id=executor_id, start=start, end=end)
    return [[fix.at.isoformat(), fix.lon, fix.lat, fix.accuracy_m] for fix in fixes]
