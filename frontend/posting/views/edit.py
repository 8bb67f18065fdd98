"""Changing an open task: the same screens, one at a time."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from frontend.posting import forms
from frontend.posting.steps import EDITS, Progress
from frontend.posting.views.parts import accepted, place_form
from frontend.posting.visitor import person_of
from marketplace.kit.policy import require
from tasks_app import selectors, services
from tasks_app.posting.content import DraftContent
from tasks_app.posting.policies import may_edit
from tasks_app.posting.written import written_parts, written_when

FORMS: dict[str, Any] = {
    "details": forms.DetailsForm,
    "place": place_form,
    "when": forms.WhenForm,
    "budget": forms.BudgetForm,
}


@require_GET
@login_required
def menu(request: HttpRequest, task_id: int) -> HttpResponse:
    """What can be changed."""
    person = person_of(request)
    assert person is not None  # noqa: S101  login_required
    task = selectors.own_task(person, task_id)
    require(may_edit(person, task))
    lines = [
        {"label": label, "icon": icon, "href": reverse("posting:edit_part", args=[task_id, part])}
        for part, (label, icon) in EDITS.items()
        if part in FORMS
    ]
    label, icon = EDITS["photos"]
    lines.append({"label": label, "icon": icon, "href": reverse("posting:task_photos", args=[task_id])})
    return render(request, "posting/edit.html", {"task": task, "lines": lines})


@require_http_methods(["GET", "POST"])
@login_required
def edit(request: HttpRequest, task_id: int, part: str) -> HttpResponse:
    if part not in FORMS:
        raise Http404
    person = person_of(request)
    assert person is not None  # noqa: S101  login_required
    task = selectors.own_task(person, task_id)
    require(may_edit(person, task))
    content = DraftContent({**written_parts(task), "when": written_when(task)})
    form = FORMS[part](content, content.part(part), request.POST if request.method == "POST" else None)
    if request.method == "POST" and accepted(
        form, lambda values: services.edit_task(task_id=task_id, by=person, part=part, values=values)
    ):
        messages.success(request, _("The task is changed. Those who have responded are told."))
        return redirect("deal:task", task_id)
    back = reverse("deal:task", args=[task_id])
    progress = Progress(0, 0, back, back, _("Save"))
    context = {"form": form, "content": content, "progress": progress, "task": task}
    return render(request, f"posting/{part}.html", context, status=422 if form.is_bound else 200)
