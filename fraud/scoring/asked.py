"""What a scorer is given and what it answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from tasks_app import selectors as tasks

if TYPE_CHECKING:  # arrays are loaded by workers only, not by every page
    from fraud.model.services import Measured


@dataclass(frozen=True, slots=True)
class Asked:
    """One cancellation at one moment, `measured` once for everybody who scores it; `took_ms`: that measuring. `late`: how
    often positions of that time came after it was first asked."""

    deal: tasks.CancelledAssignment
    moment: str
    as_of: datetime
    measured: "Measured"
    late: int = 0
    took_ms: float = 0.0


@dataclass(frozen=True, slots=True)
class Scored:
    """`probability`: that the work was done all the same, 0 to 1. `flagged`: above the model's own line. `reasons`: (code,
    weight in log-odds), the weightiest first; empty for the rule, whose factors stand in the evidence."""

    model_version: str
    probability: float
    verifiable: bool
    flagged: bool
    reasons: Sequence[tuple[str, float]] = ()
