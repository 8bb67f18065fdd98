"""All reads of the fraud room."""

from fraud.selectors.copies import OwnCopy, own_copies
from fraud.selectors.desk import (
    CaseFile,
    ClosedSearch,
    DayOfWork,
    QueueLine,
    appeal_lines,
    cancellation_of_case,
    case_file,
    day_of_work,
    flag_waits,
    next_case_id,
    open_count,
    outcomes,
    queue_page,
)
from fraud.selectors.evidence import EvidenceView, evidence_of
from fraud.selectors.own import OwnCase, own_case, own_cases
from fraud.selectors.scores import ScoreView, score_of
from fraud.selectors.signals import SignalView, signals_of_case, signals_of_person, unusual_people

__all__ = [
    "CaseFile",
    "ClosedSearch",
    "DayOfWork",
    "EvidenceView",
    "OwnCase",
    "OwnCopy",
    "QueueLine",
    "ScoreView",
    "SignalView",
    "appeal_lines",
    "cancellation_of_case",
    "case_file",
    "day_of_work",
    "evidence_of",
    "flag_waits",
    "next_case_id",
    "open_count",
    "outcomes",
    "own_case",
    "own_cases",
    "own_copies",
    "queue_page",
    "score_of",
    "signals_of_case",
    "signals_of_person",
    "unusual_people",
]
