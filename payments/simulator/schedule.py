"""What happens by itself when a moment comes: settlements, expiries, renewals, payouts, in order of time."""

import logging
from collections.abc import Callable

from payments.simulator.calls import Call

Job = Callable[[Call, str], None]
JOBS: dict[str, Job] = {}
log = logging.getLogger(__name__)


def job(kind: str) -> Callable[[Job], Job]:
    def register(function: Job) -> Job:
        JOBS[kind] = function
        return function

    return register


def run_next(call: Call, clock: str, until: int) -> bool:
    """Do the earliest thing that is due by `until` on this clock (inside the caller's transaction). False: nothing is."""
    row = call.store.sql.execute(
        "SELECT seq, due, kind, object FROM schedule WHERE clock = ? AND due <= ? ORDER BY due, seq LIMIT 1",
        (clock, until),
    ).fetchone()
    if row is None:
        return False
    seq, due, kind, object_id = row
    call.store.sql.execute("DELETE FROM schedule WHERE seq = ?", (seq,))
    call.now = due
    if not clock:
        call.real = due
    call.account = call.store.account_of(object_id)
    try:
        with call.store.attempt():
            JOBS[kind](call, object_id)
    except Exception:
        log.exception("The job %s for %s failed", kind, object_id)
    return True
