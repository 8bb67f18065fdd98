"""Conversations: a list and a thread; plain forms, with live messages on top."""

from typing import TYPE_CHECKING
from uuid import uuid4

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from marketplace.accounts.requests import SignedIn
from marketplace.chat import selectors, services
from marketplace.chat.models import Message, Thread
from marketplace.chat.policies import may_write
from marketplace.kit.errors import DomainError
from marketplace.kit.live import current_sequence

if TYPE_CHECKING:
    from marketplace.accounts.models import User


@login_required
@require_GET
def threads(request: SignedIn) -> HttpResponse:
    page = selectors.threads_page(user=request.user, after=request.GET.get("after"))
    rows = [(row, _other(row, request.user.pk)) for row in page.rows]
    return render(request, "chat/list.html", {"rows": rows, "next_key": page.next_key})


@login_required
@require_POST
def start(request: SignedIn, response_id: int) -> HttpResponse:
    return redirect("chat:thread", services.open_thread(response_id=response_id, by=request.user).pk)


@login_required
def thread(request: SignedIn, thread_id: int) -> HttpResponse:
    """The conversation; a POST writes a message (the same client_id again changes nothing)."""
    found = selectors.thread_visible_to(request.user, thread_id)
    error, text = "", ""
    if request.method == "POST":
        text = request.POST.get("text", "")
        try:
            client_id = request.POST.get("client_id", "")[:64] or uuid4().hex
            services.send_message(thread_id=thread_id, by=request.user, text=text, client_id=client_id)
            if not request.htmx:
                return redirect("chat:thread", thread_id)
            return HttpResponse(status=204)
        except DomainError as refusal:
            error = refusal.sentence
            if request.htmx:
                return HttpResponse(error, status=refusal.status, content_type="text/plain; charset=utf-8")
    return _show(request, found, error=error, text=text)


@login_required
@require_GET
def newer(request: SignedIn, thread_id: int) -> HttpResponse:
    """Messages after the last one shown, as a part of the page."""
    found = selectors.thread_visible_to(request.user, thread_id)
    after = request.GET.get("after", "0")
    rows = selectors.messages_after(thread=found, message_id=int(after) if after.isdecimal() else 0)
    _read(found, rows, request)
    return render(request, "chat/parts/messages.html", {"rows": rows, "thread": found, **_seen(found, request)})


def _show(request: SignedIn, found: Thread, *, error: str, text: str) -> HttpResponse:
    sequence = current_sequence(f"thread:{found.pk}")
    page = selectors.messages_page(thread=found, before=request.GET.get("before"))
    _read(found, page.rows, request)
    decision = may_write(found, request.user)
    context = {
        "thread": found,
        "other": _other(found, request.user.pk),
        "rows": page.rows,
        "earlier_key": page.next_key,
        "sequence": sequence,
        "client_id": uuid4().hex,
        "refusal": "" if decision else getattr(decision, "reason", ""),
        "contacts_open": selectors.contacts_are_open(found),
        "error": error,
        "text": text,
        **_seen(found, request),
    }
    return render(request, "chat/thread.html", context, status=422 if error else 200)


def _read(found: Thread, rows: list[Message], request: SignedIn) -> None:
    if rows:
        services.mark_read(thread_id=found.pk, by=request.user, message_id=rows[-1].pk)


def _seen(found: Thread, request: SignedIn) -> dict[str, int]:
    """Up to which message the other side has read."""
    is_customer = request.user.pk == found.customer_id
    return {"seen_id": found.executor_read_id if is_customer else found.customer_read_id}


def _other(found: Thread, reader_id: int) -> "User":
    return found.executor if reader_id == found.customer_id else found.customer
