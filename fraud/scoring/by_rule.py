"""The readable rule as a scorer: the baseline, and what judges, with a model's second opinion, while no model serves."""

from fraud.evidence.rule import UNVERIFIABLE, VERSION
from fraud.rules import rule
from fraud.scoring.asked import Asked, Scored


def score(asked: Asked) -> Scored:
    findings = asked.findings
    return Scored(
        model_version=VERSION,
        probability=findings.score,
        verifiable=findings.verdict != UNVERIFIABLE,
        flagged=findings.score >= rule("threshold"),
        measures=measures(asked),
    )


def measures(asked: Asked) -> dict[str, float]:
    """The rule's own measures under flat names: enough to watch drift before a model serves."""
    told = asked.findings.measures
    flat = {f"dwell_{radius}": minutes for radius, minutes in told["dwell"].items()}
    for name in ("after", "before", "seen", "fixes", "stay_metres", "stay_accuracy"):
        if told[name] is not None:
            flat[name] = float(told[name])
    return flat
