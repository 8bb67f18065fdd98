"""A task's page: the owner sees the responses, everybody else the public page."""

from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from frontend.deal.forms import CancelTaskForm, place_error
from frontend.deal.notices import done
from frontend.deal.people import portraits
from frontend.feed.task_page import render_task_page
from marketplace.accounts.requests import SignedIn
from marketplace.kit.errors import DomainError, NotFound
from marketplace.kit.live import current_sequence
from tasks_app import selectors, services

if TYPE_CHECKING:
    from marketplace.accounts.models import User
    from tasks_app.models import Task


@require_GET
def show(request: HttpRequest, task_id: int) -> HttpResponse:
    task = selectors.find_task(task_id)
    reader = request.user
    if reader.is_authenticated and task.customer_id == reader.pk:
        return render(request, "deal/task.html", _owners_view(reader, task))
    return render_task_page(request, task)


@login_required
def cancel(request: SignedIn, task_id: int) -> HttpResponse:
    """Before the choice: the reason, and what it does, before the button."""
    task = selectors.find_task(task_id)
    if task.customer_id != request.user.pk:
        raise NotFound
    form = CancelTaskForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.cancel_task(task_id=task.pk, by=request.user, **form.cleaned_data)
        except DomainError as error:
            place_error(form, error)
        else:
            done(request, _("The task is cancelled. The executors' fees go back to them."))
            return redirect("deal:task", task.pk)
    status = 422 if form.errors else 200
    return render(request, "deal/cancel_task.html", {"task": task, "form": form}, status=status)


def _owners_view(reader: "User", task: "Task") -> dict[str, Any]:
    topic = f"task:{task.pk}"
    sequence = current_sequence(topic)  # before the rows: what comes in between is told, not lost
    ranked = selectors.ranked_responses(reader, task)
    people = portraits(row.response.executor for row in ranked)
    last = task.events.last()
    rows = [
        {
            "ranked": row,
            "portrait": people[row.response.executor_id],
            "message": selectors.readable_message(row.response, task.customer),
        }
        for row in ranked
    ]
    return {
        "task": task,
        "topic": topic,
        "sequence": sequence,
        "rows": rows,
        "deal": selectors.standing_assignment(task.pk),
        "is_open": task.status == "open",
        "ended_because": selectors.reason_text(last.reason) if last and task.closed_at else "",
        "points": task.points.all(),
        "photos": task.photos.all(),
    }
