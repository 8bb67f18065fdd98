"""From the model's raw log-odds to a chance that means what it says: a sigmoid while there are few known cases, an
isotonic curve (drawn straight between its steps, so that the order of two cases is never lost) once there are many."""

from dataclasses import dataclass

import numpy as np
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression

from fraud.geometry.globe import Floats

CERTAIN, HAIR = 0.995, 1e-3
ENOUGH = 400  # known cases, from which the isotonic curve is steadier than it is wiggly


@dataclass(frozen=True, slots=True)
class Calibration:
    """Knots of a rising curve from log-odds to chance; "sigmoid" or "isotonic" says how they were found."""

    kind: str
    raw: Floats
    chance: Floats

    def apply(self, raw: Floats) -> Floats:
        """A chance in (0, 1); beyond the last knots and on level pieces the order is kept by a hair's breadth."""
        level = np.interp(raw, self.raw, self.chance)
        return np.asarray(
            np.clip(level, 1e-5, CERTAIN) * (1 - HAIR) + HAIR / (1 + np.exp(-np.clip(raw, -500, 500) / 4))
        )

    def raw_at(self, chance: float) -> float:
        """The lowest log-odds, to a thousandth, that give this chance; the last knot where none does."""
        raw = np.arange(self.raw[0] - 5, self.raw[-1] + 5, 1e-3)
        place = int(np.searchsorted(self.apply(raw), chance))
        return float(raw[min(place, len(raw) - 1)])


def calibrate(raw: Floats, label: Floats, weight: Floats) -> Calibration:
    if label.sum() >= ENOUGH and (1 - label).sum() >= ENOUGH:
        return _isotonic(raw, label, weight)
    return _sigmoid(raw, label, weight)


def _isotonic(raw: Floats, label: Floats, weight: Floats) -> Calibration:
    fitted = IsotonicRegression(y_min=0, y_max=1, out_of_bounds="clip").fit(raw, label, sample_weight=weight)
    level = fitted.predict(raw)
    order = np.argsort(raw)
    raw, level, weight = raw[order], level[order], weight[order]
    begins = np.flatnonzero(np.r_[True, level[1:] != level[:-1]])
    mass = np.add.reduceat(weight, begins)
    centre = np.add.reduceat(weight * raw, begins) / mass
    return Calibration("isotonic", centre, level[begins])


def _sigmoid(raw: Floats, label: Floats, weight: Floats) -> Calibration:
    """Platt's targets keep a handful of cases from promising certainty."""
    if label.sum() == 0 or label.sum() == len(label):
        knots = np.array([-10.0, 10.0])
        return Calibration("sigmoid", knots, 1 / (1 + np.exp(-knots)))
    fitted = LogisticRegression(C=1.0).fit(raw[:, None], label, sample_weight=weight)
    slope = max(float(fitted.coef_[0, 0]), 0.05)
    knots = np.linspace(min(raw.min(), -12), max(raw.max(), 12), 241)
    return Calibration("sigmoid", knots, 1 / (1 + np.exp(-(slope * knots + float(fitted.intercept_[0])))))
