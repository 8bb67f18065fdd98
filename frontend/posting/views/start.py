"""What is to be done: search by what was typed, or the catalogue."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from frontend.posting.steps import progress
from frontend.posting.visitor import keeps_drafts, person_of, remember_draft, visitor_ids
from tasks_app import selectors, services
from tasks_app.posting.errors import AnswersRefused


@require_http_methods(["GET", "POST"])
@keeps_drafts
def start(request: HttpRequest) -> HttpResponse:
    """A new draft: nothing is kept before a category is chosen."""
    if request.method == "POST":
        return _begin(request)
    return render(request, "posting/start.html", _choices(request) | {"drafts": _unfinished(request)})


@require_http_methods(["GET", "POST"])
@keeps_drafts
def category(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Another category for a draft."""
    draft = selectors.draft_visible_to(person_of(request), public_id, visitor_ids=visitor_ids(request))
    returning = request.GET.get("from") == "preview"
    context = _choices(request) | {"draft": draft, "progress": progress(draft, "category", returning=returning)}
    if request.method == "POST":
        try:
            services.save_part(draft=draft, part="category", values={"category": request.POST.get("category")})
        except AnswersRefused as refused:
            return render(request, "posting/start.html", context | {"sentence": refused.sentence}, status=422)
        return redirect(progress(draft, "category", returning=returning).next)
    return render(request, "posting/start.html", context)


@require_GET
def suggest(request: HttpRequest) -> HttpResponse:
    """The finds alone, for a page that asks while one types."""
    return render(request, "posting/parts/finds.html", _choices(request))


def _choices(request: HttpRequest) -> dict[str, object]:
    text = (request.GET.get("q") or request.POST.get("q") or "").strip()[:200]
    return {
        "q": text,
        "city": request.GET.get("city", ""),
        "finds": [match.category for match in selectors.search_categories(text, limit=6)] if text else [],
        "groups": selectors.groups_with_categories(),
        "picked": _picked(request),
    }


def _picked(request: HttpRequest) -> object:
    slug = request.GET.get("category", "")
    return selectors.category_by_slug(slug) if slug else None


def _unfinished(request: HttpRequest) -> list[object]:
    return list(selectors.unpublished_drafts(person_of(request), visitor_ids=visitor_ids(request))[:3])


def _begin(request: HttpRequest) -> HttpResponse:
    if not request.POST.get("category"):
        sentence = _("Choose what kind of work it is.")
        return render(request, "posting/start.html", _choices(request) | {"sentence": sentence}, status=422)
    try:
        draft = services.start_draft(
            owner=person_of(request),
            text=request.POST.get("q", ""),
            category=request.POST.get("category", ""),
            city=request.POST.get("city", ""),
        )
    except AnswersRefused as refused:
        return render(request, "posting/start.html", _choices(request) | {"sentence": refused.sentence}, status=422)
    response = redirect(progress(draft, "category", returning=False).next)
    if draft.owner_id is None:
        remember_draft(request, response, draft.public_id)
    return response
