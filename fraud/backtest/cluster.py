"""The same measuring on a local Dask cluster: people are dealt out to the workers, each measures its own."""

import logging
from asyncio import gather
from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np

from fraud.backtest.files import Loaded
from fraud.backtest.scoring import Measured
from fraud.features.inputs import Deals, Pings
from fraud.features.look import MOMENTS, as_of
from fraud.features.table import COLUMNS, Table, features, tracks_of
from fraud.geometry import ragged
from fraud.geometry.globe import Floats, Ints

PARTS_PER_WORKER = 4
PATIENCE_S = 60


def measure_on_cluster(loaded: Loaded, workers: int, tell: Callable[[str, int, int], None]) -> Measured:
    """Equal to `measure`: a person's measures depend on that person's positions alone."""
    # Only this option needs the cluster's library; the site runs without it.
    distributed: Any = import_module("distributed")
    logging.getLogger("distributed").setLevel(logging.ERROR)  # who starts and stops is no news to whoever measures

    parts = [part for part in _dealt(loaded.pings, loaded.deals, workers * PARTS_PER_WORKER) if len(part)]
    with (
        distributed.LocalCluster(
            n_workers=workers, threads_per_worker=1, dashboard_address=None, processes=True, silence_logs=logging.ERROR
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        work = {
            client.submit(measured_part, *_share(loaded.pings, loaded.deals, rows), pure=False): rows for rows in parts
        }
        tables = {moment: np.zeros((loaded.deals.count, len(COLUMNS))) for moment in MOMENTS}
        done, total = 0, loaded.deals.count * len(MOMENTS)
        for future in distributed.as_completed(list(work)):
            rows = work[future]
            for moment, values in future.result().items():
                tables[moment][rows] = values
            done += len(rows) * len(MOMENTS)
            tell("measuring", done, total)
        client.close()
        cluster.sync(_leave, cluster)
    return Measured({moment: Table(values, as_of(loaded.deals, moment)) for moment, values in tables.items()})


async def _leave(cluster: Any) -> None:
    """Workers end by themselves. Left to the cluster they are killed after four seconds, which is short on a busy machine."""
    await gather(*(worker.close(timeout=PATIENCE_S) for worker in cluster.workers.values()))


def measured_part(pings: Pings, deals: Deals) -> dict[str, Floats]:
    """What a worker does."""
    tracks = tracks_of(pings)
    return {moment: features(tracks, deals, moment).values for moment in MOMENTS}


def _dealt(pings: Pings, deals: Deals, parts: int) -> list[Ints]:
    """Rows of the deals by part: people in turn to the part with the least work so far."""
    order = np.argsort(deals.executor, kind="stable")
    people, starts, rows = np.unique(deals.executor[order], return_index=True, return_counts=True)
    weight = rows * 200.0 + np.where(people >= 0, np.diff(pings.bounds)[np.maximum(people, 0)], 0)
    load, chosen = np.zeros(parts), np.zeros(len(people), dtype=np.int64)
    for place in np.argsort(-weight):
        chosen[place] = np.argmin(load)
        load[chosen[place]] += weight[place]
    part_of = np.repeat(chosen, rows)
    del starts
    return [order[part_of == part] for part in range(parts)]


def _share(pings: Pings, deals: Deals, rows: Ints) -> tuple[Pings, Deals]:
    """The deals of the rows with their people's positions, people numbered anew."""
    mine = deals.part(rows)
    people, number = np.unique(mine.executor[mine.executor >= 0], return_inverse=True)
    row, place = ragged.spread(pings.bounds[people], pings.bounds[people + 1])
    executor = np.full(mine.count, -1)
    executor[mine.executor >= 0] = number
    part = Pings(
        bounds=np.searchsorted(row, np.arange(len(people) + 1)).astype(np.int64),
        at=pings.at[place],
        lat=pings.lat[place],
        lon=pings.lon[place],
        accuracy_m=pings.accuracy_m[place],
        vectors=pings.vectors[place],
        seen_before=pings.seen_before[place],
        skew_s=None if pings.skew_s is None else pings.skew_s[place],
    )
    values = {name: getattr(mine, name) for name in Deals.__slots__}
    return part, Deals(**{**values, "executor": executor})
