"""When a case is over: nothing can change its outcome any more, so the executor may delete what it needed."""

from fraud import policies
from fraud.models import Case, Evidence
from fraud.services.collecting import track_reference
from fraud.services.emptying import empty_evidence
from marketplace.kit.clock import now
from marketplace.kit.sweeping import each_alone
from tasks_app import services as tasks_services


def end_if_over(case: Case) -> bool:
    """Under the case's lock, after whatever may have been the last word: the positions are free. A random check that proved
    nothing leaves nothing behind."""
    if case.over_at is not None or not policies.is_over(case):
        return False
    case.over_at = now()
    case.save(update_fields=["over_at"])
    tasks_services.release_track(reference=track_reference(case.cancellation_id))
    if case.kind == Case.Kind.AUDIT and not policies.was_confirmed(case):
        case.tracks.all().delete()
        rows = Evidence.objects.select_for_update(of=("self",), skip_locked=True)
        free = list(rows.filter(cancellation_id=case.cancellation_id).values_list("pk", flat=True))
        empty_evidence(free)
    return True


def end_cases_that_are_over(*, limit: int = 2000) -> int:
    """Those whose time to appeal has passed, or whose second look nobody made. How many."""
    closed = Case.objects.filter(status=Case.Status.CLOSED, over_at=None)

    def end(pk: int) -> bool:
        case = closed.select_for_update(of=("self",), skip_locked=True).filter(pk=pk).first()
        return case is not None and end_if_over(case)

    return each_alone(list(closed.order_by("closed_at").values_list("pk", flat=True)[:limit]), end)
