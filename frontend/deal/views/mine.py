"""A person's own tasks and responses, page by page."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from frontend.deal.money_words import fee_story
from marketplace.accounts.requests import SignedIn
from payments.selectors import charges_for
from tasks_app import selectors

TASK_TABS = ("open", "active", "ended")
RESPONSE_TABS = ("waiting", "chosen", "ended")


@login_required
@require_GET
def my_tasks(request: SignedIn) -> HttpResponse:
    tab = request.GET.get("tab", "")
    tab = tab if tab in TASK_TABS else "open"
    page = selectors.my_tasks_page(request.user, tab=tab, after=request.GET.get("after"))
    unseen = selectors.unseen_counts([task.pk for task in page.rows])
    rows = [{"task": task, "unseen": unseen.get(task.pk, 0)} for task in page.rows]
    context = {"rows": rows, "tab": tab, "next_key": page.next_key}
    return render(request, "deal/my_tasks.html", context)


@login_required
@require_GET
def my_responses(request: SignedIn) -> HttpResponse:
    tab = request.GET.get("tab", "")
    tab = tab if tab in RESPONSE_TABS else "waiting"
    page = selectors.my_responses_page(request.user, tab=tab, after=request.GET.get("after"))
    charges = charges_for(response.pk for response in page.rows)
    deals = selectors.assignments_by_response(response.pk for response in page.rows)
    rows = [
        {
            "response": response,
            "story": fee_story(charges.get(response.pk), response.task.city.time_zone),
            "deal": deals.get(response.pk),
        }
        for response in page.rows
    ]
    context = {"rows": rows, "tab": tab, "next_key": page.next_key}
    return render(request, "deal/my_responses.html", context)
