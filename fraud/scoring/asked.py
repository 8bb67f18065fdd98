"""What a scorer is given and what it answers."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from fraud.evidence.rule import Fact, Findings
from fraud.evidence.situation import OtherJob
from tasks_app import selectors as tasks


@dataclass(frozen=True, slots=True)
class Asked:
    """One cancellation at one moment; `findings` are the readable rule's, `positions` those of the time it looked at, from the
    beginning of the first quarter minute on; `late`: how often positions of that time came after it was first asked;
    `other_jobs`: those that the executor had near by then."""

    deal: tasks.CancelledAssignment
    moment: str
    as_of: datetime
    findings: Findings
    positions: Sequence[tasks.Position]
    late: int = 0
    other_jobs: Sequence[OtherJob] = ()


@dataclass(frozen=True, slots=True)
class Scored:
    """`probability`: that the work was done all the same, 0 to 1. `flagged`: above the model's own line. `reasons`: (code,
    weight in log-odds), the weightiest first. `facts`: in the order of reading. Both are empty for the rule, whose facts and
    factors stand in the evidence. `measures`: the values scored, for training and drift."""

    model_version: str
    probability: float
    verifiable: bool
    flagged: bool
    reasons: Sequence[tuple[str, float]] = ()
    facts: Sequence[Fact] = ()
    measures: dict[str, float] = field(default_factory=dict)
