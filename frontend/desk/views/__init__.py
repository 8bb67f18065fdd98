from frontend.desk.views.appeals import appeal, appeals, decide_appeal
from frontend.desk.views.cases import add_note, ask_both, case, decide, following, queue, snooze, take
from frontend.desk.views.own import answer, appeal_case, own_case, own_cases

__all__ = [
    "add_note",
    "answer",
    "appeal",
    "appeal_case",
    "appeals",
    "ask_both",
    "case",
    "decide",
    "decide_appeal",
    "following",
    "own_case",
    "own_cases",
    "queue",
    "snooze",
    "take",
]
