"""A trained model as it is kept: trees, calibration, and what is known of its making; read and written by skops, so that
a model file cannot run code."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from skops import io as skops_io

from fraud.features.table import Table
from fraud.geometry.globe import Flags, Floats
from fraud.model.calibration import Calibration

SHIPPED = Path(__file__).parent / "shipped"
GEOGRAPHY_ONLY, WITH_CONTEXT = "geography", "context"
CEILING = 0.05  # the most that a score may say where positions cannot tell
LEVEL = 0.8  # of the ceiling: from there on only the order is kept
MORE = 12.0  # times the odds that positions give: the most that everything else may make of them
LINES, SECOND_LINES = "lines", "second_lines"  # the names of both among a model's facts
_OWN_TYPES = {
    "sklearn._loss.loss.HalfBinomialLoss",
    "sklearn.ensemble._hist_gradient_boosting.binning._BinMapper",
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
}


class UntrustedModel(Exception):
    """The file names types that a model of ours is not made of."""


@dataclass(frozen=True, slots=True)
class Trained:
    """`reference`: the usual honest row, by name; `facts`: data hash, counts, thresholds, version; `prior`: an older
    model whose log-odds are one more column for the trees, and towards which the fewer cases the more the answer leans
    (`facts["own_weight"]`)."""

    names: tuple[str, ...]
    trees: Any
    calibration: Calibration
    reference: Floats
    facts: dict[str, Any] = field(default_factory=dict)
    prior: "Trained | None" = None

    @property
    def version(self) -> str:
        return f"{self.facts.get('feature_set', 'model')}-{self.facts.get('data_hash', 'unknown')[:8]}"

    def raw(self, values: Floats) -> Floats:
        """Log-odds before calibration; columns in the order of `names`."""
        known = with_prior(values, self.names, self.prior)
        own = np.asarray(self.trees.decision_function(known), dtype=float)
        return own if self.prior is None else leaning(own, known[:, -1], self.facts.get("own_weight", 1.0))

    def scores(self, table: Table) -> Floats:
        """The chance that the job was done all the same. Without a sign of having been there it stays under the ceiling, in
        the same order: absence proves nothing, and when a deal was cancelled proves nothing either."""
        if not len(table.values):
            return np.zeros(0)
        return self.chances(table, self.raw(table.columns(list(self.names))))

    def chances(self, table: Table, raw: Floats) -> Floats:
        """The same from the table's log-odds, when they are known."""
        chance = self.calibration.apply(raw)
        if (by_positions := self._by_positions()) is not None:
            odds = MORE * (seen := by_positions.scores(table)) / (1 - seen)
            chance = np.minimum(chance, odds / (1 + odds))
        return np.where(telling(table), chance, np.minimum(chance, CEILING * (LEVEL + (1 - LEVEL) * chance)))

    def _by_positions(self) -> "Trained | None":
        """The model of positions alone, which bounds one of everything else: what is known of two people proves no visit."""
        model = self.prior if self.facts.get("feature_set") == WITH_CONTEXT else None
        while model is not None and model.facts.get("feature_set") == WITH_CONTEXT:
            model = model.prior
        return model

    def line(self, moment: str) -> float:
        """From this score on a case is opened at `moment`. The lines of all moments together flag less than one in 1,000 of
        the honest; of a model without lines of its own the one that its training found for the last moment."""
        return float(self.facts.get(LINES, {}).get(moment, self.facts["thresholds"]["0.001"]))

    def second_line(self, moment: str) -> float:
        """From this product of both scores on the model agrees with the readable rule that a person should look; drawn in the
        same way."""
        return float(self.facts.get(SECOND_LINES, {}).get(moment, self.line(moment)))


def leaning(own: Floats, prior: Floats, own_weight: float) -> Floats:
    """Log-odds between what few decisions taught and what was known before them."""
    return own_weight * own + (1 - own_weight) * prior


def with_prior(values: Floats, names: Sequence[str], prior: Trained | None) -> Floats:
    """The columns `names`, and the prior's log-odds as the last; what the prior asks for and is not there is unknown."""
    if prior is None:
        return values
    asked = np.full((len(values), len(prior.names)), np.nan)
    for place, name in enumerate(prior.names):
        if name in names:
            asked[:, place] = values[:, list(names).index(name)]
    return np.column_stack([values, prior.raw(asked)])


def verifiable(table: Table) -> Flags:
    """Whether positions can tell at all: there is a sign of having been there, or somebody was seen elsewhere for a fair part
    of the window."""
    seen = (np.nan_to_num(table.column("seen_share")) >= 0.3) | (table.column("seen_min") >= 60)
    return np.asarray((table.column("fixes") >= 2) & seen) | telling(table)


def telling(table: Table) -> Flags:
    """Whether anything speaks for having been there: positions near the point, a silence long enough to have been there and
    back, or positions that are false."""
    near = (table.column("dwell_400") >= 3) | (table.column("wide_min") > 0)
    false = (table.column("replay_share") >= 0.3) | (table.column("gap_possible_min") >= 15)
    return np.asarray((table.column("fixes") >= 2) & (near | false))


def save(trained: Trained, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    skops_io.dump(_content(trained), path, compression=8, compresslevel=6)


def _content(trained: Trained) -> dict[str, Any]:
    return {
        "trees": trained.trees,
        "names": list(trained.names),
        "knots": np.stack([trained.calibration.raw, trained.calibration.chance]),
        "reference": trained.reference,
        "facts": json.dumps({**trained.facts, "calibration": trained.calibration.kind}, ensure_ascii=False),
        "prior": None if trained.prior is None else _content(trained.prior),
    }


def load(path: Path) -> Trained:
    """Raises UntrustedModel for a file with foreign types, FileNotFoundError for none."""
    foreign = set(skops_io.get_untrusted_types(file=path)) - _OWN_TYPES
    if foreign:
        raise UntrustedModel(", ".join(sorted(foreign)))
    return _of(skops_io.load(path, trusted=sorted(_OWN_TYPES)))


def _of(content: dict[str, Any]) -> Trained:
    facts = json.loads(content["facts"])
    knots = content["knots"]
    return Trained(
        names=tuple(content["names"]),
        trees=content["trees"],
        calibration=Calibration(facts["calibration"], knots[0], knots[1]),
        reference=content["reference"],
        facts=facts,
        prior=None if content.get("prior") is None else _of(content["prior"]),
    )


@cache
def shipped(feature_set: str) -> Trained:
    """The model that comes with the code, trained on the generated world."""
    return load(SHIPPED / f"{feature_set}.skops")
