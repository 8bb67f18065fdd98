"""Reads of threads and messages."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from marketplace.chat.models import Message, Thread
from marketplace.kit.errors import NotFound
from marketplace.kit.pagination import Page, key_page
from marketplace.kit.rows import Prepared, first_value, rows
from tasks_app.selectors import standing_assignment

if TYPE_CHECKING:
    from marketplace.accounts.models import User

_UNREAD = """
SELECT count(*) FROM (
    SELECT id, customer_read_id AS seen FROM chat_thread WHERE customer_id = %s
    UNION ALL SELECT id, executor_read_id FROM chat_thread WHERE executor_id = %s
) AS mine JOIN chat_message AS message ON message.thread_id = mine.id AND message.id > mine.seen
WHERE message.sender_id IS DISTINCT FROM %s
"""


def threads_of(user: "User") -> "QuerySet[Thread]":
    """The person's threads that have messages, latest first, each with `last_text` and `unread`."""
    last = Message.objects.filter(thread=OuterRef("pk")).order_by("-id").values("text")[:1]
    threads = Thread.objects.filter(Q(customer=user) | Q(executor=user)).annotate(
        last_text=Subquery(last), unread=Coalesce(Subquery(_unread_count(user)), Value(0))
    )
    return (
        threads.exclude(last_text=None)
        .select_related("response__task", "customer", "executor")
        .order_by("-last_message_at", "-id")
    )


def threads_page(*, user: "User", after: str | None = None, size: int = 20) -> Page[Thread]:
    return key_page(threads_of(user), order=["last_message_at", "id"], after=after, size=size)


def unread_total(user: "User") -> int:
    """How many of the others' messages the person has not read."""
    return int(first_value(_UNREAD, [user.pk, user.pk, user.pk]))


def thread_visible_to(user: "User", thread_id: int) -> Thread:
    """Raises NotFound: a conversation of others does not exist."""
    rows = Thread.objects.select_related("response__task__city", "customer", "executor")
    found = rows.filter(Q(customer=user) | Q(executor=user), pk=thread_id).first()
    if found is None:
        raise NotFound
    return found


def messages_page(*, thread: Thread, before: str | None = None, size: int = 50) -> Page[Message]:
    """The latest messages, oldest first on the page; `next_key` leads to earlier ones."""
    page = key_page(thread.messages.select_related("sender"), order=["id"], after=before, size=size)
    return Page(list(reversed(page.rows)), page.next_key)


def messages_after(*, thread: Thread, message_id: int) -> list[Message]:
    """What came after a message, oldest first."""
    return list(thread.messages.filter(pk__gt=message_id).select_related("sender").order_by("pk")[:200])


def contacts_are_open(thread: Thread) -> bool:
    """Contacts are masked until an assignment with this executor."""
    deal = standing_assignment(thread.response.task_id)
    return deal is not None and deal.executor_id == thread.executor_id and deal.status != "cancelled"


def threads_with_masked_contacts(*, since: datetime) -> "QuerySet[Thread]":
    """Conversations in which a contact was hidden; no words of them."""
    return Thread.objects.filter(masked_contacts__gt=0, last_message_at__gte=since).order_by("pk")


def messages_for_case(response_id: int) -> list[Message]:
    """The whole conversation, oldest first; the caller checks that the reader is a moderator and audits the look."""
    rows = Message.objects.filter(thread__response_id=response_id)
    return list(rows.select_related("sender").order_by("pk")[:500])


@dataclass(frozen=True, slots=True)
class Talk:
    """Times of a conversation, no words of it: None where there was none."""

    last_at: datetime | None
    contact_at: datetime | None


_TALK = Prepared("""
SELECT max(m.at), max(m.at) FILTER (WHERE m.masked_contacts > 0)
FROM chat_message AS m JOIN chat_thread AS t ON t.id = m.thread_id WHERE t.response_id = %s AND m.at <= %s
""")


def talk_until(*, response_id: int, until: datetime) -> Talk:
    """When the last message came, and the last one in which a contact was hidden, up to a moment."""
    [(last_at, contact_at)] = rows(_TALK, [response_id, until])
    return Talk(last_at, contact_at)


def _unread_count(user: "User") -> "QuerySet[Message, Any]":
    mine = Q(thread__customer=user, id__gt=OuterRef("customer_read_id")) | Q(
        thread__executor=user, id__gt=OuterRef("executor_read_id")
    )
    others = Message.objects.filter(mine, thread=OuterRef("pk")).exclude(sender=user)
    return others.order_by().values("thread").annotate(total=Count("pk")).values("total")


def note_answer(*, response_id: int, answered: set[int]) -> None:
    """For tasks: add the response to `answered` when its customer has written about it."""
    written = Message.objects.filter(thread__response_id=response_id, sender_id=F("thread__customer_id"))
    if written.exists():
        answered.add(response_id)
