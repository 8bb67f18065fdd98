"""A world written as the files that the back-test reads."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from fraud.geometry.globe import Floats, Ints
from fraud.world.cancellations import KINDS
from fraud.world.plan import Plan
from fraud.world.shards import Shard, shards

ONE_MICRO = 1e6


def write(plan: Plan, *, seed: int, count: int, out: Path) -> None:
    """pings.parquet (streamed), cancellations.parquet, labels.parquet with a split by person."""
    out.mkdir(parents=True, exist_ok=True)
    deals, labels = [], []
    writer: pq.ParquetWriter | None = None
    for number, made in enumerate(shards(plan, seed=seed, count=count)):
        pings = _pings(made, number)
        writer = writer or pq.ParquetWriter(out / "pings.parquet", pings.schema)
        writer.write_table(pings)
        deals.append(_deals(made, number))
        labels.append(_labels(made, number))
    if writer is not None:
        writer.close()
    pq.write_table(pa.concat_tables(deals), out / "cancellations.parquet")
    pq.write_table(pa.concat_tables(labels), out / "labels.parquet")


def _pings(made: Shard, number: int) -> pa.Table:
    track = made.pings
    who = np.repeat(np.arange(len(track.bounds) - 1), np.diff(track.bounds))
    return pa.table(
        {
            "executor_id": _names("e", number, who),
            "at": _times(track.at),
            "lat": track.lat,
            "lon": track.lon,
            "accuracy_m": pa.array(track.accuracy_m, from_pandas=True),
            "source": pa.nulls(track.count, pa.string()),
        }
    )


def _deals(made: Shard, number: int) -> pa.Table:
    deals = made.deals
    times = ("window_start", "window_end", "chosen_at", "cancelled_at")
    return pa.table(
        {
            "cancellation_id": _names("c", number, np.arange(deals.count)),
            "executor_id": _names("e", number, deals.executor),
            "customer_id": _names("k", number, made.customer),
            "lat": deals.lat,
            "lon": deals.lon,
            **{name: _times(getattr(deals, name)) for name in times},
            "expected_minutes": deals.expected_min,
            "cancelled_by": np.where(deals.context["by_customer"] > 0, "customer", "executor"),
            "reason": pa.nulls(deals.count, pa.string()),
            **{name: pa.array(values, from_pandas=True) for name, values in deals.context.items()},
        }
    )


def _labels(made: Shard, number: int) -> pa.Table:
    """Every second person is for training; nobody stands on both sides."""
    return pa.table(
        {
            "cancellation_id": _names("c", number, np.arange(made.deals.count)),
            "label": made.label,
            "kind": [KINDS[kind] for kind in made.kind.tolist()],
            "weight": np.ones(made.deals.count),
            "split": np.where(made.deals.executor % 2 == 0, "train", "test"),
        }
    )


def _names(letter: str, shard: int, numbers: Ints) -> pa.Array:
    return pa.array([f"{letter}{shard}-{number}" for number in numbers.tolist()])


def _times(moments: Floats) -> pa.Array:
    return pa.array(np.round(moments * ONE_MICRO).astype(np.int64), pa.timestamp("us", "UTC"))
