"""Who may take which step of a deal. The reason is the sentence that the person reads."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from marketplace.accounts import policies as people
from marketplace.kit.clock import now
from marketplace.kit.policy import Allowed, Decision, Denied
from payments.selectors import is_secure
from tasks_app.models import Assignment, Cancellation, Task
from tasks_app.states import ASSIGNMENT_STEPS, TASK_STEPS, UNFINISHED

if TYPE_CHECKING:
    from marketplace.accounts.models import User

Side, Status = Cancellation.Side, Assignment.Status

ONLY_EXECUTOR = Denied("only_the_executor", _("Only the executor of this deal can do this."))
ONLY_CUSTOMER = Denied("only_the_customer", _("Only the customer of this deal can do this."))
ONLY_MODERATOR = Denied("only_a_moderator", _("Only a moderator can do this."))
NOT_A_SIDE = Denied("not_a_side", _("You do not take part in this deal."))
NOT_NOW = Denied(
    "step_not_possible", _("The deal is at another stage now. Refresh the page to see how it stands."), 409
)
TOO_EARLY = Denied("deal_not_over", _("The agreed time is not over yet."), 409)
ACCEPTED_BY_TIME = Denied("accepted_by_time", _("The time to answer is over: the work counts as accepted."), 409)
ALREADY_CHOSEN = Denied("executor_already_chosen", _("An executor is chosen already: cancel the deal instead."), 409)
TASK_ENDED = Denied("task_ended", _("This task has already ended."), 409)
NOTHING_TO_ANSWER = Denied("cancellation_decided", _("It is decided already whose fault the cancellation was."), 409)
FAULT_SETTLED = Denied("fault_settled", _("The two agree, or it is decided already whose fault it was."), 409)
DISPUTE_STANDS = Denied(
    "dispute_stands", _("The customer disputes the work. Settle it together, or a moderator decides."), 409
)
WORK_BEGUN = Denied(
    "secure_work_begun",
    _("The work has begun and your money is held: offer a part of it, or let a moderator divide it."),
    409,
)
DIVIDE = Denied("secure_divide", _("Money is held for this deal: divide it between the two."), 409)
ANSWERED = Denied("cancellation_answered", _("You have already said why this deal was cancelled."), 409)


def side_of(assignment: Assignment, user: "User") -> str | None:
    """customer, executor or moderator; None for a stranger. A moderator who takes part is a side, not a judge."""
    if assignment.customer_id == user.pk:
        return Side.CUSTOMER
    if assignment.executor_id == user.pk:
        return Side.EXECUTOR
    return Side.MODERATOR if people.is_moderator(user) else None


def may_step(assignment: Assignment, user: "User", to: str) -> Decision:
    """On the way, started, done: the executor's buttons."""
    if assignment.executor_id != user.pk:
        return ONLY_EXECUTOR
    return Allowed() if assignment.status in ASSIGNMENT_STEPS[to] else NOT_NOW


def may_confirm(assignment: Assignment, user: "User") -> Decision:
    """Either side, once the agreed time is over, while nobody has called the work done."""
    if side_of(assignment, user) not in (Side.CUSTOMER, Side.EXECUTOR):
        return NOT_A_SIDE
    if assignment.window_end > now():
        return TOO_EARLY
    return Allowed() if assignment.status in UNFINISHED else NOT_NOW


def may_accept(assignment: Assignment, user: "User") -> Decision:
    if assignment.customer_id != user.pk:
        return ONLY_CUSTOMER
    return Allowed() if assignment.status in ASSIGNMENT_STEPS[Status.ACCEPTED] else NOT_NOW


def may_dispute(assignment: Assignment, user: "User") -> Decision:
    """While the work goes on, and after "done" until the moment of automatic acceptance."""
    if assignment.customer_id != user.pk:
        return ONLY_CUSTOMER
    if assignment.status not in ASSIGNMENT_STEPS[Status.DISPUTED]:
        return NOT_NOW
    if assignment.accept_by is not None and assignment.accept_by <= now():
        return ACCEPTED_BY_TIME
    return Allowed()


def may_resolve(assignment: Assignment, user: "User") -> Decision:
    """A moderator who takes no part ends a dispute."""
    if not (judge := may_judge(assignment, user)):
        return judge
    return DIVIDE if is_secure(assignment.pk) else Allowed()


def may_judge(assignment: Assignment, user: "User") -> Decision:
    """A moderator who takes no part, in a dispute, with held money or without."""
    if side_of(assignment, user) != Side.MODERATOR:
        return ONLY_MODERATOR
    return Allowed() if assignment.status == Status.DISPUTED else NOT_NOW


def may_cancel(assignment: Assignment, user: "User") -> Decision:
    """Either side, before the work is called done. In a dispute the customer; an executor only to give held money back, else a
    dispute would end by the word of the one it is about. A customer does not take held money back alone once the work has begun."""
    side = side_of(assignment, user)
    if side not in (Side.CUSTOMER, Side.EXECUTOR):
        return NOT_A_SIDE
    if assignment.status not in ASSIGNMENT_STEPS[Status.CANCELLED]:
        return NOT_NOW
    if assignment.status not in (Status.STARTED, Status.DISPUTED):
        return Allowed()
    secure = is_secure(assignment.pk)
    if side == Side.EXECUTOR:
        return DISPUTE_STANDS if assignment.status == Status.DISPUTED and not secure else Allowed()
    return WORK_BEGUN if secure else Allowed()


def may_answer(cancellation: Cancellation, user: "User") -> Decision:
    """The side that has not said why yet, while nobody has decided for the two."""
    side = side_of(cancellation.assignment, user)
    if side not in (Side.CUSTOMER, Side.EXECUTOR):
        return NOT_A_SIDE
    if cancellation.by_side not in (Side.CUSTOMER, Side.EXECUTOR) or cancellation.fault_decided_by_id is not None:
        return NOTHING_TO_ANSWER
    return ANSWERED if getattr(cancellation, f"{side}_reason") else Allowed()


def may_decide_fault(cancellation: Cancellation, user: "User") -> Decision:
    """A moderator who takes no part, once, where the two have not agreed."""
    if side_of(cancellation.assignment, user) != Side.MODERATOR:
        return ONLY_MODERATOR
    if cancellation.by_side not in (Side.CUSTOMER, Side.EXECUTOR) or cancellation.fault_decided_by_id is not None:
        return FAULT_SETTLED
    return Allowed() if cancellation.fault == Cancellation.Fault.UNKNOWN else FAULT_SETTLED


def may_cancel_task(task: Task, user: "User") -> Decision:
    """The customer, before the choice."""
    if task.customer_id != user.pk:
        return ONLY_CUSTOMER
    if task.status == Task.Status.OPEN:
        return Allowed()
    return TASK_ENDED if task.status not in TASK_STEPS["cancelled"] else ALREADY_CHOSEN


def may_remove_task(task: Task, user: "User") -> Decision:
    if task.customer_id == user.pk or not people.is_moderator(user):
        return ONLY_MODERATOR
    return Allowed() if task.status in TASK_STEPS["removed"] else TASK_ENDED
