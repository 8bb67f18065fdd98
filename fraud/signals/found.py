"""One thing found, before it is kept as a Signal row."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Found:
    """`person`: whom it is about; `other`: with whom. `subject` names it, so that finding it again renews one row."""

    kind: str
    person: int
    subject: str
    score: float
    at: datetime
    params: dict[str, Any] = field(default_factory=dict)
    other: int | None = None
    cancellation: int | None = None
    side: str = "for"
