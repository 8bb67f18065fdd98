from frontend.desk.views.appeals import appeal, appeals, decide_appeal
from frontend.desk.views.cases import add_note, ask_both, case, decide, following, queue, snooze, take
from frontend.desk.views.learning import change_model, learning, set_capacity
from frontend.desk.views.own import answer, appeal_case, explain_case, forget_track, own_case, own_cases
from frontend.desk.views.second import decide_second, decide_third, second_review, second_reviews, third_review

__all__ = [
    "add_note",
    "answer",
    "appeal",
    "appeal_case",
    "appeals",
    "ask_both",
    "case",
    "change_model",
    "decide",
    "decide_appeal",
    "decide_second",
    "decide_third",
    "explain_case",
    "following",
    "forget_track",
    "learning",
    "own_case",
    "own_cases",
    "queue",
    "second_review",
    "second_reviews",
    "set_capacity",
    "snooze",
    "take",
    "third_review",
]
