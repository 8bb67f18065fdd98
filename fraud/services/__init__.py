"""All writes of the fraud room."""

from fraud.services.appealing import appeal_case, carry_out_appeal, uphold_unanswered_appeals
from fraud.services.asking import answer_inquiry, ask_both, explain_case
from fraud.services.collecting import (
    collect_due_evidence,
    collect_evidence,
    keep_refund_waiting,
    plan_evidence,
)
from fraud.services.deciding import decide_case, expire_overdue_holds
from fraud.services.ending import end_cases_that_are_over
from fraud.services.forgetting import forget_case_track, forget_day, forget_days_before, forget_old_evidence
from fraud.services.handling import add_note, snooze_case, take_case, view_case
from fraud.services.late import read_all_positions, read_positions
from fraud.services.second import decide_second, decide_third, settle_overdue

__all__ = [
    "add_note",
    "answer_inquiry",
    "appeal_case",
    "ask_both",
    "carry_out_appeal",
    "collect_due_evidence",
    "collect_evidence",
    "decide_case",
    "decide_second",
    "decide_third",
    "end_cases_that_are_over",
    "expire_overdue_holds",
    "explain_case",
    "forget_case_track",
    "forget_day",
    "forget_days_before",
    "forget_old_evidence",
    "keep_refund_waiting",
    "plan_evidence",
    "read_all_positions",
    "read_positions",
    "settle_overdue",
    "snooze_case",
    "take_case",
    "uphold_unanswered_appeals",
    "view_case",
]
