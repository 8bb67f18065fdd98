"""The fraud model's speed: stays in bulk, one live score, a million positions with ten thousand cancellations from files,
and the same on a local cluster. BENCH_FRAUD_POSITIONS sets another size."""

import os
from dataclasses import replace
from pathlib import Path
from time import perf_counter, process_time
from unittest.mock import patch

import numpy as np
import pyarrow.parquet as pq
import pytest
from distributed.process import AsyncProcess

from fraud.backtest import files
from fraud.backtest.cluster import measure_on_cluster
from fraud.backtest.run import Order, backtest
from fraud.backtest.scoring import measure
from fraud.features.look import MOMENTS
from fraud.model.services import score_cancellation
from fraud.stays.bulk import find_stays
from fraud.world.export import write
from fraud.world.plan import STANDARD
from tests.bench.results import Figures
from tests.fraud.model.days import small_shard
from tests.fraud.model.test_model import as_rows

SHARDS = int(os.environ.get("BENCH_FRAUD_SHARDS", "4"))


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """About 1,000,000 positions and 10,000 cancellations."""
    folder = tmp_path_factory.mktemp("world")
    plan = replace(
        STANDARD, executors=90, cancellations=28, days=34, tracked_days=0.5, cadences_s={240.0: 0.5, 600.0: 0.5}
    )
    write(plan, seed=3, count=SHARDS, out=folder)
    return folder


def test_speed(world: Path, tmp_path: Path) -> None:
    figures = Figures("fraud")
    _stays(figures, world)
    _live(figures)
    _files(figures, world, tmp_path)
    _cluster(figures, world)
    figures.write()
    assert not figures.missed, figures.missed


def _stays(figures: Figures, world: Path) -> None:
    pings = files.load(world / "pings.parquet", world / "cancellations.parquet").pings
    begun, worked = perf_counter(), process_time()
    find_stays(pings)
    wall, cpu = perf_counter() - begun, process_time() - worked
    figures.add(
        "fraud-stays-in-bulk", value=pings.count / cpu, unit="positions/s of CPU", bar=">= 300,000",
        note=f"{pings.count:,} positions; by the clock on the wall {pings.count / wall:,.0f}/s, {_load()}",
    )  # fmt: skip


def _load() -> str:
    return f"load {os.getloadavg()[0]:.0f} on {os.cpu_count()} cores"


def _live(figures: Figures) -> None:
    made, walls, times = small_shard(1), [], []
    asked = [as_rows(made, row) for row in range(0, made.deals.count, 2)]
    for moment in MOMENTS:
        for rows in asked:
            begun, worked = perf_counter(), process_time()
            score_cancellation(**rows, moment=moment)
            walls.append(1000 * (perf_counter() - begun))
            times.append(1000 * (process_time() - worked))
    figures.add(
        "fraud-live-score-p99", value=float(np.percentile(times[1:], 99)), unit="ms of CPU", bar="<= 20",
        note=f"p50 {np.median(times):.1f} ms; by the clock on the wall p50 {np.median(walls[1:]):.1f}, "
        f"p99 {np.percentile(walls[1:], 99):.1f} ms, {_load()}; {len(times)} scores with explanation",
    )  # fmt: skip


def _files(figures: Figures, world: Path, out: Path) -> None:
    begun = perf_counter()
    backtest(Order(world / "pings.parquet", world / "cancellations.parquet", out))
    took = perf_counter() - begun
    rows = (
        pq.read_metadata(world / "pings.parquet").num_rows,
        pq.read_metadata(world / "cancellations.parquet").num_rows,
    )
    figures.add(
        "fraud-backtest", value=took, unit="s", bar="<= 120", note=f"{rows[0]:,} positions, {rows[1]:,} cancellations"
    )


def _cluster(figures: Figures, world: Path) -> None:
    loaded = files.load(world / "pings.parquet", world / "cancellations.parquet")
    begun = perf_counter()
    alone = measure(loaded)
    one = perf_counter() - begun
    begun = perf_counter()
    with patch.object(AsyncProcess, "kill", side_effect=AssertionError("a worker was ended by force")):
        together = measure_on_cluster(loaded, 2, lambda stage, done, total: None)
    two = perf_counter() - begun
    for moment in MOMENTS:
        np.testing.assert_array_equal(alone.tables[moment].values, together.tables[moment].values)
    figures.add(
        "fraud-cluster-speed-up",
        value=one / two,
        unit="×",
        note=f"2 workers, start included: {one:.1f} s → {two:.1f} s, equal results, {_load()}",
    )
