"""The command on files from anywhere on Earth, at any pace: one who came is flagged, who lives there or was elsewhere is not, and
of whom nothing was seen nothing is said."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.core.management import call_command

from fraud.features.past import solar_offset
from fraud.model.trained import CEILING, GEOGRAPHY_ONLY, shipped
from tests.fraud.model.days import DAY, HOUR, Track

PLACES = {
    "Sydney": (-33.87, 151.21),
    "Buenos Aires": (-34.6, -58.4),
    "on the antimeridian": (-16.8, 179.99999),
    "Longyearbyen": (78.22, 15.65),
}
PACES = {"20 min": 1200.0, "5 min": 300.0, "15 s": 15.0}
PAST_DAYS = 12


def at_noon(lon: float) -> float:
    """Midnight by the sun at the longitude: the same day of life everywhere."""
    return DAY - float(solar_offset(np.array([lon]))[0])


def lives(who: str, lat: float, lon: float, every: float) -> Track:
    """Days of one person around the task's place: metres east of it."""
    track, midnight = Track(lat, lon), at_noon(lon)
    home = 60.0 if who == "neighbour" else 6000.0
    for day in range(PAST_DAYS, 0, -1):
        morning = midnight - day * 86_400
        track.stand(morning + 7 * HOUR, morning + 9 * HOUR, east=home, every=every, seed=day)
        track.stand(morning + 10 * HOUR, morning + 17 * HOUR, east=-3500, every=every, seed=day + 50)
        track.stand(morning + 18 * HOUR, morning + 22 * HOUR, east=home, every=every, seed=day + 90)
    if who == "unseen":
        return track
    track.stand(midnight + 8 * HOUR, midnight + 13 * HOUR, east=home, every=every, seed=3)
    if who == "came":
        track.stand(midnight + 13.9 * HOUR, midnight + 15.9 * HOUR, every=every, seed=4)
        track.stand(midnight + 16.6 * HOUR, midnight + 21 * HOUR, east=home, every=every, seed=5)
    else:
        track.stand(midnight + 13.1 * HOUR, midnight + 21 * HOUR, east=home, every=every, seed=6)
    return track


WHO = ("came", "neighbour", "elsewhere", "unseen")


def write(folder: Path, lat: float, lon: float, every: float, *, accuracy: bool) -> None:
    tracks = {who: np.array(lives(who, lat, lon, every).rows) for who in WHO}
    names = [who for who, rows in tracks.items() for _ in rows]
    rows = np.concatenate(list(tracks.values()))
    moments = pa.array((rows[:, 0] * 1e6).astype("int64"), pa.timestamp("us", "UTC"))
    pings = {"executor_id": names, "at": moments, "lat": rows[:, 1], "lon": (rows[:, 2] + 180) % 360 - 180}
    pq.write_table(pa.table(pings | ({"accuracy_m": rows[:, 3]} if accuracy else {})), folder / "pings.parquet")

    def clock(hour: float) -> list[datetime]:
        return [datetime.fromtimestamp(at_noon(lon) + hour * HOUR, UTC)] * len(WHO)

    deals = {
        "cancellation_id": list(WHO), "executor_id": list(WHO), "customer_id": ["c"] * len(WHO),
        "lat": [lat] * len(WHO), "lon": [lon] * len(WHO), "window_start": clock(13.5), "window_end": clock(17),
        "chosen_at": clock(-4), "cancelled_at": clock(11), "expected_minutes": [90.0] * len(WHO),
    }  # fmt: skip
    pq.write_table(pa.table(deals), folder / "cancellations.parquet")


def test_the_evidence_is_told_in_the_language_asked_for(tmp_path: Path) -> None:
    write(tmp_path, *PLACES["Sydney"], PACES["20 min"], accuracy=True)
    call_command("fraud_backtest", str(tmp_path), language="en")
    told = [row["evidence"] for row in pq.read_table(tmp_path / "scores.parquet").to_pylist()]
    assert any(text.startswith("stayed 1") for text in told)
    assert not any("стоянка" in text for text in told)


CASES = [(place, "20 min", place == "Sydney") for place in PLACES] + [
    ("Sydney", "5 min", False),
    ("Sydney", "15 s", True),
]


@pytest.mark.parametrize(
    ("place", "pace", "accuracy"), CASES, ids=["-".join(case[:2]).replace(" ", "-") for case in CASES]
)
def test_a_stay_is_found_and_nobody_else_is_flagged(place: str, pace: str, accuracy: bool, tmp_path: Path) -> None:
    write(tmp_path, *PLACES[place], PACES[pace], accuracy=accuracy)
    call_command("fraud_backtest", str(tmp_path))
    rows = pq.read_table(tmp_path / "scores.parquet").to_pylist()
    last = {row["cancellation_id"]: row for row in rows if row["as_of"] == "plus_2h"}
    line = float(shipped(GEOGRAPHY_ONLY).facts["thresholds"]["0.01"])
    assert {who for who, row in last.items() if row["score"] >= line} == {"came"}
    assert {who for who, row in last.items() if not row["verifiable"]} == {"unseen"}
    assert last["unseen"]["score"] <= CEILING
    assert last["neighbour"]["score"] < 0.05
    assert "стоянка 1" in last["came"]["evidence"]
    assert "в другие дни стоянок здесь не было" in last["came"]["evidence"]
    early = next(row for row in rows if row["cancellation_id"] == "came" and row["as_of"] == "cancellation")
    assert early["score"] < line  # at the cancellation nothing had happened yet
