"""Conversations for phone apps."""

from datetime import datetime

from ninja import Field, Query, Router, Schema

from marketplace.accounts.api import auth
from marketplace.accounts.requests import SignedIn
from marketplace.chat import selectors, services
from marketplace.chat.models import Message, Thread
from marketplace.kit.http import PageKey
from marketplace.kit.live import current_sequence

router = Router(tags=["messages"], auth=auth)


class MessageOut(Schema):
    id: int
    sender_id: int
    text: str
    masked_contacts: int
    at: datetime


class ThreadOut(Schema):
    id: int
    response_id: int
    task_id: int
    task_title: str
    other_id: int
    other_name: str
    last_text: str = ""
    unread: int = 0


class ThreadsOut(Schema):
    threads: list[ThreadOut]
    next_key: str | None


class MessagesOut(Schema):
    """`sequence`: subscribe to the topic `thread:<id>` from here to miss nothing."""

    sequence: int
    messages: list[MessageOut]
    earlier_key: str | None


class MessageIn(Schema):
    text: str = Field(..., max_length=4000)
    client_id: str = Field(..., min_length=8, max_length=64, description="made by the device; repeating it is safe")


class ReadIn(Schema):
    message_id: int = Field(..., ge=0, le=2**62)


@router.get("/threads", response=ThreadsOut, summary="My conversations, latest first")
def threads(request: SignedIn, page: Query[PageKey]) -> ThreadsOut:
    found = selectors.threads_page(user=request.user, after=page.after)
    return ThreadsOut(threads=[_thread(row, request.user.pk) for row in found.rows], next_key=found.next_key)


@router.post("/responses/{int:response_id}/thread", response=ThreadOut, summary="The conversation about a response")
def open_thread(request: SignedIn, response_id: int) -> ThreadOut:
    return _thread(services.open_thread(response_id=response_id, by=request.user), request.user.pk)


@router.get("/threads/{int:thread_id}/messages", response=MessagesOut, summary="Messages, oldest first on the page")
def messages(request: SignedIn, thread_id: int, page: Query[PageKey]) -> dict[str, object]:
    thread = selectors.thread_visible_to(request.user, thread_id)
    sequence = current_sequence(f"thread:{thread.pk}")
    found = selectors.messages_page(thread=thread, before=page.after)
    return {"sequence": sequence, "messages": found.rows, "earlier_key": found.next_key}


@router.post("/threads/{int:thread_id}/messages", response=MessageOut, summary="Write a message")
def send(request: SignedIn, thread_id: int, body: MessageIn) -> Message:
    return services.send_message(thread_id=thread_id, by=request.user, text=body.text, client_id=body.client_id)


@router.post("/threads/{int:thread_id}/read", response={204: None}, summary="Read up to a message")
def read(request: SignedIn, thread_id: int, body: ReadIn) -> tuple[int, None]:
    thread = selectors.thread_visible_to(request.user, thread_id)
    services.mark_read(thread_id=thread.pk, by=request.user, message_id=body.message_id)
    return 204, None


def _thread(thread: Thread, reader_id: int) -> ThreadOut:
    other = thread.executor if reader_id == thread.customer_id else thread.customer
    return ThreadOut(
        id=thread.pk,
        response_id=thread.response_id,
        task_id=thread.response.task_id,
        task_title=thread.response.task.title,
        other_id=other.pk,
        other_name=other.public_name,
        last_text=getattr(thread, "last_text", None) or "",
        unread=getattr(thread, "unread", 0),
    )
