"""Sending, changing, withdrawing and opening a response. Each verb is one transaction under the task's lock."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from marketplace.kit import live
from marketplace.kit.clock import now
from marketplace.kit.errors import DomainError, NotFound
from marketplace.kit.money import Money
from marketplace.kit.policy import require
from marketplace.notifications.services import notify
from payments import services as payments
from tasks_app.history import step_response
from tasks_app.locks import lock_response, lock_task_to_answer
from tasks_app.models import Response, ResponseEvent, Task
from tasks_app.responses import content, policies
from tasks_app.responses.sending import earlier_responses, write_response

if TYPE_CHECKING:
    from marketplace.accounts.models import User


class OperationReused(DomainError):
    """The same operation key came with another task: a mistake of the client, never a second response."""

    code = "operation_reused"
    status = 409
    message = _("This form was already used for another task. Open the task again and respond anew.")


@transaction.atomic
def send_response(
    *,
    task_id: int,
    by: "User",
    message: str,
    price: Money,
    available_at: datetime | None,
    operation: str,
    agreed: Money | None = None,
) -> Response:
    """Send and pay for a response. The same `operation` again returns the same response and charges nothing. `agreed`: the
    fee that was shown before the button; a dearer one is refused, not charged.

    Raises PolicyDenied, InvalidInput, OperationReused, and what payments raises when the fee cannot be paid; then
    nothing is written.
    """
    task = lock_task_to_answer(task_id)
    earlier = earlier_responses(user_id=by.pk, task_id=task.pk, operation=operation)
    if repeated := _repeated(earlier, operation, task):
        return repeated
    require(policies.may_send(task=task, user=by, answered=bool(earlier)))
    response = write_response(
        task=task,
        by=by,
        message=content.checked_message(message),
        price=content.checked_price(price, task),
        available_at=content.checked_time(available_at),
        operation=operation,
    )
    _charge(response, agreed)
    notify(
        user_id=task.customer_id,
        kind="response_received",
        params={
            "executor": by.public_name,
            "title": task.title,
            "price": {"minor": price.minor, "currency": price.currency},
        },
        path=f"/responses/{response.pk}/",
        key=f"response-received:{response.pk}",
    )
    live.publish(topic=f"task:{task.pk}", kind="responses_changed", payload={"count": task.responses_count})
    return response


@transaction.atomic
def edit_response(
    *, response_id: int, by: "User", message: str, price: Money, available_at: datetime | None
) -> Response:
    """Change what was offered, until the customer has opened it. The history keeps what was there before."""
    response = _own(response_id, by)
    require(policies.may_edit(response))
    message, price = content.checked_message(message), content.checked_price(price, response.task)
    before = {
        "message": response.message,
        "price_minor": response.price_minor,
        "available_at": response.available_at and response.available_at.isoformat(),
    }
    response.message, response.price_minor, response.edited_at = message, price.minor, now()
    response.available_at = content.checked_time(available_at)
    response.save(update_fields=["message", "price_minor", "available_at", "edited_at"])
    ResponseEvent.objects.create(
        response=response, actor=by, left=response.status, entered=response.status, reason="edited", before=before
    )
    live.publish(topic=f"task:{response.task_id}", kind="responses_changed", payload={})
    return response


@transaction.atomic
def withdraw_response(*, response_id: int, by: "User") -> Response:
    """Take the response back before the choice; its place is free again. Its fee stays unless a rule applies later, or
    the task was changed after it and the time to withdraw for that is not over."""
    response = _own(response_id, by)
    if response.status == Response.Status.WITHDRAWN:
        return response
    require(policies.may_withdraw(response))
    changed = policies.withdraws_freely(response)
    step_response(response, Response.Status.WITHDRAWN, actor=by, reason="task_changed" if changed else "withdrawn")
    _count(response.task, -1)
    if changed:
        payments.refund_response_fee(response_id=response.pk, rule="task_changed")
    live.publish(
        topic=f"task:{response.task_id}", kind="responses_changed", payload={"count": response.task.responses_count}
    )
    return response


@transaction.atomic
def open_response(*, response_id: int, by: "User") -> Response:
    """The customer opens a response: it counts as seen from now on. Again changes nothing."""
    response = lock_response(response_id)
    if response.task.customer_id != by.pk:
        raise NotFound
    if response.status == Response.Status.WITHDRAWN:
        raise NotFound
    if mark_seen(response, by=by):
        live.publish(topic=f"user:{response.executor_id}", kind="response_seen", payload={"response": response.pk})
    return response


def mark_seen(response: Response, *, by: "User") -> bool:
    """Under the task's lock: note the first opening; False when it was opened before.

    Too late for the 48-hour rule, the fee goes back first, whether or not the sweep has come round.
    """
    if response.seen_at is not None:
        return False
    response.seen_at = now()
    if response.unopened_due_at <= response.seen_at:
        payments.refund_response_fee(response_id=response.pk, rule="unopened_48h")
    response.save(update_fields=["seen_at"])
    payments.mark_response_opened(response_id=response.pk, at=response.seen_at)
    ResponseEvent.objects.create(
        response=response, actor=by, left=response.status, entered=response.status, reason="seen"
    )
    return True


def _repeated(earlier: list[tuple[int, int, str]], operation: str, task: Task) -> Response | None:
    """The response that this very operation made before."""
    for pk, task_id, key in earlier:
        if key == operation:
            if task_id != task.pk:
                raise OperationReused
            return Response.objects.get(pk=pk)
    return None


def _charge(response: Response, agreed: Money | None) -> None:
    task = response.task
    payments.charge_response_fee(
        user_id=response.executor_id,
        response_id=response.pk,
        category_id=task.category_id,
        city_id=task.city_id,
        task_id=task.pk,
        title=task.title,
        unopened_until=response.unopened_due_at,
        agreed=agreed,
    )


def _count(task: Task, difference: int) -> None:
    """Responses that stand, and the card's version, under the task's lock."""
    Task.objects.filter(pk=task.pk).update(responses_count=F("responses_count") + difference, version=F("version") + 1)
    task.responses_count += difference
    task.version += 1


def _own(response_id: int, by: "User") -> Response:
    response = lock_response(response_id)
    if response.executor_id != by.pk:
        raise NotFound
    return response
