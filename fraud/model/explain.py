"""Why a score is what it is: each reason's share, by asking what the score would be without it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fraud.features.table import (
    FEATURES,
    REASONS,
    Table,
)
from fraud.geometry.globe import Floats
from fraud.model.fact_words import reason_name
from fraud.model.trained import Trained


@dataclass(frozen=True, slots=True)
class Reason:
    """`weight`: how much this reason raises (above 0) or lowers the log-odds, against the usual honest cancellation."""

    code: str
    weight: float

    @property
    def name(self) -> str:
        """In the reader's language."""
        return reason_name(self.code)


def reasons(model: Trained, table: Table) -> list[list[Reason]]:
    """Per row the reasons, the weightiest first. Each is measured by putting the usual honest values in its place."""
    return weighed(model, table)[1]


def weighed(model: Trained, table: Table) -> tuple[Floats, list[list[Reason]]]:
    """The log-odds of each row and its reasons, in one walk through the trees: that is what a live score costs most."""
    groups = {code: _columns(model.names, code) for code in REASONS}
    groups = {code: columns for code, columns in groups.items() if columns}
    values = table.columns(list(model.names))
    asked = [values, *(_without(values, columns, model.reference) for columns in groups.values())]
    raw = model.raw(np.concatenate(asked)).reshape(len(asked), len(values))
    found = raw[0] - raw[1:]
    return raw[0], [
        sorted(
            (Reason(code, round(float(weight), 3)) for code, weight in zip(groups, row, strict=True)),
            key=lambda reason: -abs(reason.weight),
        )
        for row in found.T
    ]


def _columns(names: Sequence[str], code: str) -> list[int]:
    return [place for place, name in enumerate(names) if FEATURES[name][1] == code]


def _without(values: Floats, columns: list[int], reference: Floats) -> Floats:
    out = values.copy()
    out[:, columns] = reference[columns]
    return out
