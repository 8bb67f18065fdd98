"""Records what trackintel's detector finds on the test's tracks: python -m tests.fraud.model.record_trackintel, in an
environment with trackintel (with its maps and charts it weighs 445 MB, so it is no part of every set-up)."""

import json
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from tests.fraud.model.days import small_shard

FILE = Path(__file__).with_name("trackintel.json")
RULES = {"dist_threshold": 120, "time_threshold": 5.0, "gap_threshold": 240.0}


def record() -> None:
    pandas: Any = import_module("pandas")
    geopandas: Any = import_module("geopandas")
    trackintel: Any = import_module("trackintel")
    pings = small_shard(2).pings
    who = np.repeat(np.arange(len(pings.bounds) - 1), np.diff(pings.bounds))
    frame = geopandas.GeoDataFrame(
        {"user_id": who, "tracked_at": pandas.to_datetime(pings.at, unit="s", utc=True)},
        geometry=geopandas.points_from_xy(pings.lon, pings.lat), crs="EPSG:4326",
    )  # fmt: skip
    fixes = trackintel.Positionfixes(frame)
    _, stays = fixes.generate_staypoints(method="sliding", include_last=True, **RULES)
    times = zip(stays["user_id"], stays["started_at"], stays["finished_at"], stays.geometry, strict=True)
    rows = [[int(who), a.timestamp(), b.timestamp(), round(at.y, 6), round(at.x, 6)] for who, a, b, at in times]
    found = {"trackintel": trackintel.__version__, "rules": RULES, "positions": pings.count, "stays": rows}
    FILE.write_text(json.dumps(found) + "\n")


if __name__ == "__main__":
    record()
