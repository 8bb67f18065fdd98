"""A few tracks to look at: clear finds, misses, and honest people near the line."""

from typing import Any

import numpy as np

from fraud.backtest.files import Labels, Loaded
from fraud.features.inputs import thinned
from fraud.features.look import PLUS_2H, as_of, look
from fraud.features.table import COLUMNS, Table
from fraud.geometry.globe import Flags, Floats
from fraud.model.facts import evidence_line

EACH = 4


def examples_of(loaded: Loaded, labels: Labels, score: Floats, table: Table, rows: Flags) -> list[dict[str, Any]]:
    near = np.nan_to_num(table.column("wide_min")) > 0
    wanted = (
        ("found", (labels.label == 1) & rows, -score),
        ("missed", (labels.label == 1) & rows & near, score),
        ("honest, but near the line", (labels.label == 0) & rows & near, -score),
    )
    chosen = [(name, int(row)) for name, among, order in wanted for row in _first(among, order)]
    if not chosen:
        return []
    index = np.array([row for _name, row in chosen])
    deals = loaded.deals.part(index)
    seen = look(thinned(loaded.pings), deals, as_of(deals, PLUS_2H))
    out = []
    for number, (name, row) in enumerate(chosen):
        mine = np.flatnonzero(seen.row == number)
        points = np.stack([seen.east[mine], seen.north[mine], seen.accuracy_m[mine]], axis=1).round(1).tolist()
        measures = dict(zip(COLUMNS, table.values[row].tolist(), strict=True))
        out.append(
            {
                "title": f"{name}: {labels.kind[row] or 'unnamed'}, score {score[row]:.2f}",
                "words": evidence_line(measures),
                "points": points,
                "near": np.flatnonzero(seen.metres[mine] <= 200).tolist(),
            }
        )
    return out


def _first(among: Flags, order: Floats) -> list[int]:
    """One a kind is not asked for: the strongest few, spread over the first hundred."""
    rows = np.flatnonzero(among)
    ranked = rows[np.argsort(order[rows], kind="stable")][:100]
    return [int(row) for row in ranked[:: max(1, len(ranked) // EACH)][:EACH]]
