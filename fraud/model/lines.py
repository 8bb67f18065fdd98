"""From which score on a case is opened, at each of the three moments: by the model alone, and by the readable rule with the
model's second opinion. A cancellation has three chances to be flagged, so the promise (at a true rate of zero at most one flag
in 1,000) is one for all moments together."""

from collections.abc import Callable, Mapping

import numpy as np

from fraud.features.look import CANCELLATION, PLUS_2H, WINDOW_END
from fraud.features.table import Table
from fraud.geometry.globe import Flags, Floats
from fraud.model.calibration import Calibration
from fraud.model.rule import rule_scores
from fraud.model.trained import LINES, SECOND_LINES, Trained
from fraud.rules import rule

ALL = 0.0008  # of the honest, at any moment: a fifth below the promise, since the next world is not this one
FIRST_LOOKS = {CANCELLATION: 0.0001, WINDOW_END: 0.0004}  # the rest is left to the last moment, which knows most


def lines(
    model: Trained, honest: Mapping[str, Table], beside: Callable[[Table], Floats] | None = None
) -> dict[str, float]:
    """`honest`: the same honest cancellations at each moment, of people that the model has not seen. `beside`: the score
    of another judge by which the model's is multiplied; None where it judges alone."""

    def scores(moment: str) -> Floats:
        score = model.scores(honest[moment])
        return score if beside is None else score * beside(honest[moment])

    found: dict[str, float] = {}
    flagged = np.zeros(len(honest[PLUS_2H].values), dtype=bool)
    for moment, share in FIRST_LOOKS.items():
        score = scores(moment)
        found[moment] = _above(score, round(share * len(score)))
        flagged |= score >= found[moment]
    score = scores(PLUS_2H)
    found[PLUS_2H] = _above(score[~flagged], round(ALL * len(score)) - int(flagged.sum()))
    return found


def suspected_by_rule(table: Table) -> Flags:
    return np.asarray(rule_scores(table) >= rule("threshold"))


def seconded_at(model: Trained, table: Table, moment: str) -> Flags:
    """What the rule suspects and the model holds for likely enough, too: what opens cases until a model is promoted."""
    together = rule_scores(table) * model.scores(table)
    return np.asarray(suspected_by_rule(table) & (together >= model.second_line(moment)))


def flagged_at(model: Trained, table: Table, moment: str) -> Flags:
    return np.asarray(model.scores(table) >= model.line(moment))


def carried(prior: Trained, calibration: Calibration) -> dict[str, dict[str, float]]:
    """The prior's lines for the same trees under another calibration: the log-odds stay, their chance is another."""
    return {
        name: {
            moment: float(calibration.apply(np.array([prior.calibration.raw_at(line)]))[0])
            for moment, line in prior.facts.get(name, {}).items()
        }
        for name in (LINES, SECOND_LINES)
    }


def _above(score: Floats, most: int) -> float:
    """The lowest line that at most so many scores reach."""
    return float(np.nextafter(np.sort(score)[-1 - max(0, most)], 2))
