"""Who may send, change, withdraw, open and choose a response. The reason is the sentence that the person reads."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from marketplace.accounts import policies as people
from marketplace.kit.clock import now
from marketplace.kit.policy import Allowed, Decision, Denied
from tasks_app.models import Response, Task

if TYPE_CHECKING:
    from marketplace.accounts.models import User

OWN_TASK = Denied("own_task", _("This is your own task: you cannot respond to it."))
ALREADY_ANSWERED = Denied("already_answered", _("You have already responded to this task."), 409)
TASK_NOT_OPEN = Denied("task_not_open", _("This task no longer takes responses."), 409)
DEADLINE_PASSED = Denied("deadline_passed", _("The time for responses to this task is over."), 409)
TASK_FULL = Denied("task_full", _("All places for responses to this task are taken. Nothing was charged."), 409)
NOT_SENT = Denied("response_not_standing", _("This response no longer stands."), 409)
SEEN = Denied("response_seen", _("The customer has already opened this response, so it can no longer be changed."), 409)
EXECUTOR_AWAY = Denied(
    "executor_unavailable", _("This executor cannot take tasks at the moment. Choose somebody else."), 409
)


def takes_responses(task: Task) -> Decision:
    """Open and before its deadline, whether or not the job that expires it has run."""
    if task.status != Task.Status.OPEN:
        return TASK_NOT_OPEN
    return Allowed() if now() < task.respond_by else DEADLINE_PASSED


def may_send(*, task: Task, user: "User", answered: bool) -> Decision:
    """`answered`: this person has a response to this task already, withdrawn or not."""
    if task.customer_id == user.pk:
        return OWN_TASK
    if answered:
        return ALREADY_ANSWERED
    if not (open_ := takes_responses(task)):
        return open_
    if not (person := people.may_respond(user)):
        return person
    return Allowed() if task.responses_count < task.max_responses else TASK_FULL


def may_edit(response: Response) -> Decision:
    """Message, price and time, until the customer has opened it or chosen."""
    if response.status != Response.Status.SENT:
        return NOT_SENT
    if response.seen_at is not None:
        return SEEN
    return takes_responses(response.task)


def may_withdraw(response: Response) -> Decision:
    """Until the choice."""
    if response.status != Response.Status.SENT:
        return NOT_SENT
    return takes_responses(response.task)


def withdraws_freely(response: Response) -> bool:
    """The task was changed after this response, and the time to withdraw for that with the fee back is not over."""
    return response.free_withdrawal_until is not None and now() < response.free_withdrawal_until


def may_choose(response: Response) -> Decision:
    """One standing response of an open task, by an executor who may still work."""
    if not (open_ := takes_responses(response.task)):
        return open_
    if response.status != Response.Status.SENT:
        return NOT_SENT
    return Allowed() if people.may_respond(response.executor) else EXECUTOR_AWAY
