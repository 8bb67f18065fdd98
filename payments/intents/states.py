"""The legal steps of an intent. A late payment may settle one that was thought failed or given up; nothing leaves settled."""

from marketplace.kit.states import Steps
from payments.models import Intent

Status = Intent.Status
UNSETTLED = (Status.CREATED, Status.WAITING)

STEPS: Steps = {
    Status.WAITING: frozenset({Status.CREATED, Status.WAITING}),
    Status.SETTLED: frozenset({Status.CREATED, Status.WAITING, Status.FAILED, Status.CANCELLED}),
    Status.FAILED: frozenset({Status.CREATED, Status.WAITING}),
    Status.CANCELLED: frozenset({Status.CREATED, Status.WAITING}),
}
