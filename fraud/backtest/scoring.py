"""Scores of everything in the files, at the three moments, piece by piece."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from fraud.backtest.files import Loaded
from fraud.features.look import MOMENTS, PLUS_2H
from fraud.features.table import COLUMNS, Table, Tracks, features, tracks_of
from fraud.model.facts import evidence_line
from fraud.model.rule import rule_scores
from fraud.model.trained import Trained, verifiable

PIECE = 1000
CONTEXT_TELLS = (
    "pair_cancellations",
    "contacts_in_chat",
    "customer_cancel_share",
    "executor_cancel_share",
    "pair_deals",
)


@dataclass(frozen=True, slots=True)
class Measured:
    """The tables of measures by moment, rows in the order of the cancellations."""

    tables: dict[str, Table]

    @property
    def last(self) -> Table:
        return self.tables[PLUS_2H]


def measure(loaded: Loaded, tell: Callable[[int], None] = lambda rows: None) -> Measured:
    """`tell` hears of every finished piece, in rows × moments."""
    return measure_tracks(tracks_of(loaded.pings), loaded, tell)


def measure_tracks(tracks: Tracks, loaded: Loaded, tell: Callable[[int], None] = lambda rows: None) -> Measured:
    order = np.argsort(loaded.deals.executor, kind="stable")
    tables = {}
    for moment in MOMENTS:
        values, at = np.zeros((loaded.deals.count, len(COLUMNS))), np.zeros(loaded.deals.count)
        for begin in range(0, len(order), PIECE):
            rows = order[begin : begin + PIECE]
            table = features(tracks, loaded.deals.part(rows), moment)
            values[rows], at[rows] = table.values, table.as_of
            tell(len(rows))
        tables[moment] = Table(values, at)
    return Measured(tables)


def has_context(loaded: Loaded) -> bool:
    """Whether the file tells of the people's dealings at all; who cancelled and the price alone are not worth a model."""
    return any(np.isfinite(loaded.deals.context.get(name, np.nan)).any() for name in CONTEXT_TELLS)


def score_table(measured: Measured, model: Trained, ids: list[str], *, words: bool = True) -> pa.Table:
    """scores.parquet: a row a cancellation and moment."""
    parts = [
        pa.table(
            {
                "cancellation_id": ids,
                "as_of": [moment] * len(ids),
                "score": model.scores(table),
                "rule": rule_scores(table),
                "verifiable": verifiable(table),
                "evidence": _evidence(table) if words else [""] * len(ids),
            }
        )
        for moment, table in measured.tables.items()
    ]
    return pa.concat_tables(parts)


def _evidence(table: Table) -> list[str]:
    return [evidence_line(dict(zip(COLUMNS, row, strict=True))) for row in table.values.tolist()]
