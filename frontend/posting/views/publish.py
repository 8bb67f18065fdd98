"""The last screens: how the task will look, publishing, what happens next; and one's drafts."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from frontend.posting.steps import address, edits_of, first_gap
from frontend.posting.summary import summary_of
from frontend.posting.visitor import keeps_drafts, person_of, visitor_ids
from tasks_app import selectors, services
from tasks_app.models import TaskDraft
from tasks_app.posting.content import DraftContent
from tasks_app.posting.errors import DraftIncomplete
from tasks_app.posting.policies import may_publish


@require_GET
@keeps_drafts
def preview(request: HttpRequest, public_id: UUID) -> HttpResponse:
    draft = _draft(request, public_id)
    if draft.task_id is not None:
        return redirect("posting:published", public_id)
    if gap := first_gap(draft):
        return redirect(address(draft, gap))
    person = person_of(request)
    context = {
        "draft": draft,
        "content": DraftContent(draft.data),
        "summary": summary_of(draft),
        "photos": draft.photos.all(),
        "back": address(draft, "photos"),
        "edits": edits_of(draft),
        "denied": may_publish(person) if person else None,
        "here": request.path,
    }
    return render(request, "posting/preview.html", context)


@require_POST
@keeps_drafts
def publish(request: HttpRequest, public_id: UUID) -> HttpResponse:
    draft, person = _draft(request, public_id), person_of(request)
    if person is None:
        return redirect(f"{reverse('account_login')}?next={address(draft, 'preview')}")
    try:
        services.publish_task(draft=draft, by=person, operation=f"page:{draft.public_id}")
    except DraftIncomplete as missing:
        messages.warning(request, missing.sentence)
        return redirect(f"{address(draft, missing.part)}?from=preview")
    return redirect("posting:published", public_id)


@require_GET
@login_required
def published(request: HttpRequest, public_id: UUID) -> HttpResponse:
    draft = _draft(request, public_id)
    if draft.task is None:
        return redirect(address(draft, "preview"))
    return render(request, "posting/published.html", {"draft": draft, "task": draft.task})


@require_GET
@keeps_drafts
def drafts(request: HttpRequest) -> HttpResponse:
    found = selectors.unpublished_drafts(person_of(request), visitor_ids=visitor_ids(request))[:50]
    return render(request, "posting/drafts.html", {"drafts": found})


@require_POST
@keeps_drafts
def discard(request: HttpRequest, public_id: UUID) -> HttpResponse:
    services.discard_draft(draft=_draft(request, public_id))
    messages.success(request, _("The draft is deleted."))
    return redirect("posting:drafts")


@require_POST
@login_required
def again(request: HttpRequest, task_id: int) -> HttpResponse:
    """The same task once more, as a draft."""
    person = person_of(request)
    assert person is not None  # noqa: S101  login_required
    draft = services.copy_to_draft(task=selectors.own_task(person, task_id), by=person)
    return redirect(address(draft, "preview"))


def _draft(request: HttpRequest, public_id: UUID) -> TaskDraft:
    return selectors.draft_visible_to(person_of(request), public_id, visitor_ids=visitor_ids(request))
