"""A dispute with what both sides said, and its decision; a task that has to be taken down."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from frontend.deal.forms import RemoveTaskForm, ResolveForm, place_error
from frontend.deal.people import portrait
from frontend.deal.timeline import timeline
from frontend.desk.access import moderators_only
from frontend.desk.held.forms import DivideForm
from frontend.desk.held.shares import divide_context
from marketplace.accounts.requests import SignedIn
from marketplace.chat.selectors import messages_for_case
from marketplace.kit import audit
from marketplace.kit.clock import now
from marketplace.kit.errors import DomainError
from payments.selectors import secure_deal_of
from tasks_app import selectors, services


@moderators_only
def queue(request: SignedIn) -> HttpResponse:
    """Disputes that nobody has settled, the one due first on top."""
    return render(request, "desk/disputes/queue.html", _list(request))


@moderators_only
def dispute(request: SignedIn, assignment_id: int) -> HttpResponse:
    """Reading the two sides' conversation is written down; the decision is an audited event too."""
    form = ResolveForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        clean = form.cleaned_data
        try:
            services.resolve_dispute(
                assignment_id=assignment_id,
                by=request.user,
                accept=clean["outcome"] == "accept",
                at_fault=clean["at_fault"],
                note=clean["note"],
            )
        except DomainError as error:
            place_error(form, error)
        else:
            messages.success(request, _("The dispute is settled."))
            return redirect("desk:disputes")
    context = {"form": form, **dispute_context(request, assignment_id)}
    if (held := secure_deal_of(assignment_id)) is not None:
        context |= {**divide_context(held), "divide_form": DivideForm()}
    return render(request, "desk/disputes/dispute.html", context, status=422 if form.errors else 200)


@moderators_only
def remove_task(request: SignedIn, task_id: int) -> HttpResponse:
    task = selectors.find_task(task_id)
    form = RemoveTaskForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.remove_task(task_id=task.pk, by=request.user, **form.cleaned_data)
        except DomainError as error:
            place_error(form, error)
        else:
            messages.success(request, _("The task is removed."))
            return redirect("desk:disputes")
    context = {"task": task, "form": form, **_list(request)}
    return render(request, "desk/disputes/remove_task.html", context, status=422 if form.errors else 200)


def _list(request: SignedIn) -> dict[str, Any]:
    page = selectors.disputed_page(after=request.GET.get("after"))
    return {"rows": page.rows, "next_key": page.next_key, "now": now()}


def dispute_context(request: SignedIn, assignment_id: int) -> dict[str, Any]:
    """What the page of a dispute shows; the look is written down."""
    deal = selectors.deal_for_desk(request.user, assignment_id)
    audit.record(actor=request.user, action="dispute.viewed", subject=f"deal:{deal.pk}")
    return {
        "deal": deal,
        "task": deal.task,
        **_list(request),
        "executor": portrait(deal.executor),
        "customer_record": selectors.customer_record(deal.customer_id),
        "moments": timeline(deal, deal.task.city.time_zone),
        "talk": messages_for_case(deal.response_id),
        "may_divide": bool(selectors.may_divide(deal, request.user)),
        "may_resolve": bool(selectors.may_resolve(deal, request.user)),
    }
