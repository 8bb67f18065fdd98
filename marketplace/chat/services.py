"""Opening a thread, writing, reading."""

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from marketplace.chat.models import Message, Thread
from marketplace.chat.policies import may_write
from marketplace.chat.selectors import contacts_are_open, thread_visible_to
from marketplace.kit import live
from marketplace.kit.clock import now
from marketplace.kit.contacts import mask_contacts
from marketplace.kit.errors import InvalidInput
from marketplace.kit.policy import require
from marketplace.notifications.services import notify
from tasks_app import selectors as tasks
from tasks_app import services as task_services

if TYPE_CHECKING:
    from marketplace.accounts.models import User

MAX_LENGTH = 2000


@transaction.atomic
def open_thread(*, response_id: int, by: "User") -> Thread:
    """The conversation about a response, begun on first use. The customer's look also opens the response.

    Raises NotFound for anybody but the two sides.
    """
    response = tasks.response_visible_to(by, response_id)
    thread = Thread.objects.get_or_create(
        response_id=response.pk,
        defaults={"customer_id": response.task.customer_id, "executor_id": response.executor_id, "created_at": now()},
    )[0]
    if by.pk == thread.customer_id and response.seen_at is None:
        task_services.open_response(response_id=response.pk, by=by)
    return thread_visible_to(by, thread.pk)


@transaction.atomic
def send_message(*, thread_id: int, by: "User", text: str, client_id: str) -> Message:
    """Write. The same `client_id` again gives the first message: a repeated send changes nothing.

    Raises PolicyDenied and InvalidInput; contacts are masked until an assignment with this executor.
    """
    thread = thread_visible_to(by, thread_id)
    Thread.objects.select_for_update(of=("self",)).get(pk=thread.pk)
    if earlier := thread.messages.filter(sender=by, client_id=client_id).first():
        return earlier
    require(may_write(thread, by))
    words = _checked(text)
    masked = None if contacts_are_open(thread) else mask_contacts(words)
    message = Message.objects.create(
        thread=thread,
        sender=by,
        client_id=client_id,
        text=masked.text if masked else words,
        masked_contacts=masked.count if masked else 0,
        at=now(),
    )
    Thread.objects.filter(pk=thread.pk).update(
        last_message_at=message.at, masked_contacts=F("masked_contacts") + message.masked_contacts
    )
    mark_read(thread_id=thread.pk, by=by, message_id=message.pk)
    _tell(thread, message, by)
    return message


def mark_read(*, thread_id: int, by: "User", message_id: int) -> None:
    """The person has read up to a message of this thread; never moves back, nor beyond the last one."""
    known = Message.objects.filter(thread_id=thread_id, pk__lte=message_id)
    message_id = known.order_by("-pk").values_list("pk", flat=True).first() or 0
    for side in ("customer", "executor"):
        rows = Thread.objects.filter(pk=thread_id, **{side: by, f"{side}_read_id__lt": message_id})
        if rows.update(**{f"{side}_read_id": message_id}):
            live.publish(topic=f"thread:{thread_id}", kind="read", payload={"side": side, "message_id": message_id})


def _checked(text: str) -> str:
    words = text.strip()
    if not words:
        raise InvalidInput(field="text", reason=_("Write something first."))
    if len(words) > MAX_LENGTH:
        raise InvalidInput(field="text", reason=_("A message has at most 2,000 characters. Send it in parts."))
    return words


def _tell(thread: Thread, message: Message, by: "User") -> None:
    other = thread.executor_id if by.pk == thread.customer_id else thread.customer_id
    live.publish(topic=f"thread:{thread.pk}", kind="message", payload={"id": message.pk, "sender": by.pk})
    read = thread.executor_read_id if other == thread.executor_id else thread.customer_read_id
    notify(
        user_id=other,
        kind="message_received",
        params={"sender": by.public_name, "title": thread.response.task.title},
        path=f"/threads/{thread.pk}/",
        key=f"thread:{thread.pk}:after:{read}",  # one piece of news until the other side has read
    )
