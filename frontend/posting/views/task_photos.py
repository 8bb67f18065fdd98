"""Photos of a published task: added and deleted while it is open."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from frontend.posting.views.photos import add_each
from marketplace.accounts.requests import SignedIn
from marketplace.kit.policy import require
from tasks_app import selectors, services
from tasks_app.posting.policies import may_edit


@require_http_methods(["GET", "POST"])
@login_required
def photos(request: SignedIn, task_id: int) -> HttpResponse:
    task = selectors.own_task(request.user, task_id)
    require(may_edit(request.user, task))
    refusals = []
    if request.method == "POST":
        refusals = add_each(
            request, lambda file: services.add_task_photo(task_id=task.pk, by=request.user, source=file)
        )
        if not refusals:
            return redirect("posting:task_photos", task.pk)
    context = {"task": task, "photos": task.photos.all(), "refusals": refusals}
    return render(request, "posting/task_photos.html", context, status=422 if refusals else 200)


@require_POST
@login_required
def delete(request: SignedIn, task_id: int, photo_id: UUID) -> HttpResponse:
    services.delete_task_photo(
        task_id=selectors.own_task(request.user, task_id).pk, by=request.user, public_id=photo_id
    )
    return redirect("posting:task_photos", task_id)
