"""Every figure of the rule comes out of SQL over the raw pings as well."""

from datetime import timedelta

import pytest

from fraud.evidence.presence import presence
from fraud.evidence.recompute import recompute
from fraud.evidence.situation import Fix, looked_at
from marketplace.accounts.models import User
from tests.conftest import Clock
from tests.fraud.conftest import walk
from tests.fraud.tracks import FAR, PLACE, at, deal, joined, moved, ride, stand
from tests.journeys import steps

DATE_LINE = (179.9999, 52.0)
TRACKS = {
    "worked": (PLACE, joined(stand(FAR, 11, 13.5), ride(FAR, PLACE, 13.5, 14), stand(PLACE, 14.1, 15), ride(PLACE, FAR, 15, 15.5))),
    "home": (PLACE, stand(moved(PLACE, 90), 10, 19)),
    "passing": (PLACE, joined(ride(FAR, PLACE, 13.5, 14), ride(PLACE, moved(PLACE, -6000), 14, 14.5))),
    "gaps": (PLACE, joined(stand(PLACE, 14, 14.5), stand(PLACE, 15.25, 16), stand(FAR, 16.6, 18))),
    "tower": (PLACE, joined(stand(PLACE, 14, 15), [Fix(at(14.51), *moved(PLACE, 500), 700)])),
    "untold accuracy": (PLACE, stand(PLACE, 14, 15, accuracy=None, error=40)),
    "edge": (PLACE, stand(moved(PLACE, 140), 14, 16, error=20)),
    "date line": (DATE_LINE, joined(stand(DATE_LINE, 14, 15), stand(moved(DATE_LINE, 5000), 15.5, 18))),
    "nowhere near": (PLACE, stand(FAR, 12, 18)),
}  # fmt: skip


@pytest.fixture
def executor(db: None) -> User:
    return steps.executor()


@pytest.mark.parametrize("name", TRACKS)
@pytest.mark.parametrize("cancelled", [13.2, 14.3, 16])
def test_python_and_sql_agree(executor: User, clock: Clock, name: str, cancelled: float) -> None:
    place, track = TRACKS[name]
    walk(executor, track, clock)
    agreed = deal(cancelled, lon=place[0], lat=place[1])
    start, end = looked_at(agreed, at(19))
    python = presence(
        [f for f in track if start <= f.at <= end], lon=place[0], lat=place[1], cancelled_at=at(cancelled)
    )
    sql = recompute(executor_id=executor.pk, deal=agreed, as_of=at(19))

    assert sql.fixes == python.fixes
    assert sql.dwell == pytest.approx(python.dwell, abs=1e-6)
    assert (sql.after, sql.before, sql.seen) == pytest.approx((python.after, python.before, python.seen), abs=1e-6)
    assert sql.stays == len(python.stays)
    if (stay := python.main_stay) is not None:
        assert (sql.start, sql.end, sql.stay_fixes) == (stay.start, stay.end, stay.fixes)
        assert sql.metres == pytest.approx(stay.metres, abs=1e-3)
        assert sql.accuracy_m == pytest.approx(stay.accuracy_m)


def test_no_positions_give_zeros(executor: User) -> None:
    nothing = recompute(executor_id=executor.pk, deal=deal(), as_of=at(19))
    assert (nothing.fixes, nothing.after, nothing.stays, nothing.start) == (0, 0, 0, None)
    assert at(19) - at(18) == timedelta(hours=1)
