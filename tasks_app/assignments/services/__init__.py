"""Choosing, doing, cancelling and ending. Each verb is one transaction under the task's lock."""

from tasks_app.assignments.services.cancelling import answer_cancellation, cancel_assignment
from tasks_app.assignments.services.choosing import choose_response
from tasks_app.assignments.services.doing import (
    accept_work,
    dispute_work,
    finish_work,
    set_on_the_way,
    start_work,
)
from tasks_app.assignments.services.ending import cancel_task, close_task_of_blocked, expire_task, remove_task
from tasks_app.assignments.services.judging import decide_fault, resolve_dispute
from tasks_app.assignments.services.lapsing import confirm_took_place, remind_of_deal, settle_deal, settle_dispute

__all__ = [
    "accept_work",
    "answer_cancellation",
    "cancel_assignment",
    "cancel_task",
    "choose_response",
    "close_task_of_blocked",
    "confirm_took_place",
    "decide_fault",
    "dispute_work",
    "expire_task",
    "finish_work",
    "remind_of_deal",
    "remove_task",
    "resolve_dispute",
    "set_on_the_way",
    "settle_deal",
    "settle_dispute",
    "start_work",
]
