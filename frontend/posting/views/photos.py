"""Photos of a draft: sent several at once, ordered, deleted; each works as a plain form."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from frontend.posting.steps import address, first_gap, progress
from frontend.posting.visitor import keeps_drafts, person_of, visitor_ids
from marketplace.accounts.limits import PHOTOS, limit_visitor
from marketplace.kit.errors import DomainError
from tasks_app import selectors, services
from tasks_app.models import TaskDraft


@require_http_methods(["GET", "POST"])
@keeps_drafts
def photos(request: HttpRequest, public_id: UUID) -> HttpResponse:
    draft = _draft(request, public_id)
    if gap := first_gap(draft, before="photos"):
        return redirect(address(draft, gap))
    refusals = []
    if request.method == "POST":
        refusals = add_each(request, lambda file: services.add_photo(draft=draft, source=file))
    context = {
        "draft": draft,
        "photos": draft.photos.all(),
        "refusals": refusals,
        "progress": progress(draft, "photos", returning=request.GET.get("from") == "preview"),
    }
    if request.method == "POST" and not refusals:
        return redirect(request.get_full_path())
    template = "posting/photos.html"
    return render(request, template, context, status=refused_as(refusals))


@require_POST
@keeps_drafts
def delete(request: HttpRequest, public_id: UUID, photo_id: UUID) -> HttpResponse:
    draft = _draft(request, public_id)
    services.delete_photo(draft=draft, public_id=photo_id)
    return redirect(address(draft, "photos"))


@require_POST
@keeps_drafts
def order(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """`photo`: ids in the wanted order, those not named keep theirs after them."""
    draft = _draft(request, public_id)
    services.order_photos(draft=draft, public_ids=[_id(text) for text in request.POST.getlist("photo")[:20]])
    return redirect(address(draft, "photos"))


def refused_as(refusals: list[dict[str, Any]]) -> int:
    """A limit that was reached says so; other refusals of files are 422."""
    return next((line["status"] for line in refusals if line["status"] in (429, 503)), 422 if refusals else 200)


def _draft(request: HttpRequest, public_id: UUID) -> TaskDraft:
    return selectors.draft_visible_to(person_of(request), public_id, visitor_ids=visitor_ids(request))


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


def add_each(request: HttpRequest, add: Callable[[Any], object]) -> list[dict[str, Any]]:
    """Each file by itself: what can be taken is, the others are named with the reason."""
    refusals = []
    files = request.FILES.getlist("photos")
    for at, file in enumerate(files):
        try:
            limit_visitor(request, PHOTOS)
            add(file)
        except DomainError as refused:
            for_all = refused.code in ("too_many_photos", "too_many_requests", "try_later")
            names = [each.name or "" for each in (files[at:] if for_all else [file])]
            refusals += [{"name": name, "sentence": refused.sentence, "status": refused.status} for name in names]
            if for_all:
                break
    return refusals
