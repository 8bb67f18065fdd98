"""What the evidence row keeps of one moment. Facts and measures stand with the scores."""

from typing import TYPE_CHECKING, Any

from fraud.evidence.gather import Gathered
from fraud.models import Evidence
from fraud.rules import rule
from fraud.scoring.by_rule import VERSION

if TYPE_CHECKING:
    from fraud.model.services import Measured

Verdict = Evidence.Verdict


def found(measured: "Measured", gathered: Gathered) -> tuple[float, Evidence.Verdict, dict[str, Any]]:
    """The readable rule's score and verdict; its factors, and the time looked at, as JSON values."""
    findings = {
        "version": VERSION,
        "factors": {name: round(value, 4) for name, value in measured.factors.items()},
        "measures": {"looked_from": gathered.start.isoformat(), "looked_to": gathered.end.isoformat()},
    }
    return measured.rule, verdict_of(measured), findings


def verdict_of(measured: "Measured") -> Evidence.Verdict:
    """Of the readable rule; what positions cannot tell is unverifiable for it as for any model."""
    if not measured.verifiable:
        return Verdict.UNVERIFIABLE
    return Verdict.MATCHES if measured.rule >= rule("threshold") else Verdict.DOES_NOT_MATCH
