"""All reads of the fraud room."""

from fraud.selectors.desk import (
    CaseFile,
    ClosedSearch,
    QueueLine,
    appeal_lines,
    case_file,
    next_case_id,
    open_count,
    outcomes,
    queue_page,
)
from fraud.selectors.evidence import EvidenceView, evidence_of
from fraud.selectors.own import OwnCase, own_case, own_cases

__all__ = [
    "CaseFile",
    "ClosedSearch",
    "EvidenceView",
    "OwnCase",
    "QueueLine",
    "appeal_lines",
    "case_file",
    "evidence_of",
    "next_case_id",
    "open_count",
    "outcomes",
    "own_case",
    "own_cases",
    "queue_page",
]
