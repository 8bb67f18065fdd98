"""One screen for each part of a task: a plain form, saved when it is sent."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from frontend.posting import forms
from frontend.posting.steps import address, first_gap, progress, steps_of
from frontend.posting.visitor import keeps_drafts, person_of, visitor_ids
from marketplace.accounts.errors import TooManyRequests
from marketplace.accounts.limits import ADDRESSES, limit_visitor
from tasks_app import selectors, services
from tasks_app.posting.content import DraftContent, Values
from tasks_app.posting.errors import AnswersRefused, GeocoderAway

FormMaker = Callable[..., forms.PartForm]


def screen(part: str, form_class: FormMaker) -> Callable[..., HttpResponse]:
    """The view of a part's screen; `posting/<part>.html` draws it."""

    @require_http_methods(["GET", "POST"])
    @keeps_drafts
    def view(request: HttpRequest, public_id: UUID) -> HttpResponse:
        draft = selectors.draft_visible_to(person_of(request), public_id, visitor_ids=visitor_ids(request))
        if gap := first_gap(draft, before=part):
            return redirect(address(draft, gap))
        content = DraftContent(draft.data)
        if part not in steps_of(content):  # the category has changed since and asks nothing of its own
            return redirect(address(draft, "details"))
        stands = progress(draft, part, returning=request.GET.get("from") == "preview")
        form = form_class(content, content.part(part), request.POST if request.method == "POST" else None)
        if request.method == "POST" and accepted(
            form, lambda values: services.save_part(draft=draft, part=part, values=values)
        ):
            return redirect(stands.next)
        context = {"draft": draft, "content": content, "form": form, "progress": stands}
        return render(request, f"posting/{part}.html", context, status=422 if form.is_bound else 200)

    return view


def accepted(form: forms.PartForm, save: Callable[[Values], object]) -> bool:
    """Whether `save` took the form's values; its refusals are shown at the fields."""
    if not form.is_valid():
        return False
    values = form.values
    if form.errors:
        return False
    try:
        save(values)
    except AnswersRefused as refused:
        form.show(refused)
    except GeocoderAway as away:
        form.add_error("address", away.sentence)
    else:
        return True
    return False


def place_form(content: DraftContent, saved: dict[str, Any], data: Any = None) -> forms.PlaceForm:
    return forms.PlaceForm(content, saved, data, cities=list(selectors.active_cities()))


questions = screen("questions", forms.QuestionsForm)
details = screen("details", forms.DetailsForm)
place = screen("place", place_form)
when = screen("when", forms.WhenForm)
budget = screen("budget", forms.BudgetForm)


@require_GET
def city_map(request: HttpRequest) -> HttpResponse:
    """The map to choose a place on, for another city."""
    city = selectors.city_by_slug(request.GET.get("city", ""))
    return render(request, "posting/parts/picker.html", {"city": city, "lon": city.centre.x, "lat": city.centre.y})


@require_GET
def suggest_address(request: HttpRequest) -> HttpResponse:
    """Addresses for what is typed so far."""
    try:
        limit_visitor(request, ADDRESSES)
    except TooManyRequests as refused:
        return render(request, "posting/parts/addresses.html", {"sentence": refused.sentence}, status=refused.status)
    text = next((value for name, value in request.GET.dict().items() if name.endswith("address")), "")[:200]
    city = selectors.city_by_slug(request.GET.get("city", ""))
    try:
        found = selectors.suggest_addresses(text, city=city)
    except GeocoderAway as away:
        return render(request, "posting/parts/addresses.html", {"sentence": away.sentence})
    return render(request, "posting/parts/addresses.html", {"found": found, "typed": text.strip()})
