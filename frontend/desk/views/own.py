"""A person's own side of a case: what is checked, the evidence, questions to answer, the decision, an appeal."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from fraud import selectors, services
from frontend.deal.money_words import fee_story
from frontend.desk.pages import own_pictures
from marketplace.accounts.requests import SignedIn
from marketplace.kit.errors import DomainError
from payments.selectors import charge_for


@login_required
@require_GET
def own_cases(request: SignedIn) -> HttpResponse:
    return render(request, "desk/own_cases.html", {"cases": selectors.own_cases(request.user)})


@login_required
@require_GET
def own_case(request: SignedIn, case_id: int) -> HttpResponse:
    return _own_page(request, case_id)


@login_required
@require_POST
def answer(request: SignedIn, case_id: int, inquiry_id: int) -> HttpResponse:
    selectors.own_case(request.user, case_id)
    try:
        services.answer_inquiry(inquiry_id=inquiry_id, by=request.user, text=request.POST.get("text", ""))
    except DomainError as refusal:
        return _own_page(request, case_id, refusal)
    messages.success(request, _("Your answer is with the moderator."))
    return redirect("desk:own_case", case_id)


@login_required
@require_POST
def explain_case(request: SignedIn, case_id: int) -> HttpResponse:
    selectors.own_case(request.user, case_id)
    try:
        services.explain_case(case_id=case_id, by=request.user, text=request.POST.get("text", ""))
    except DomainError as refusal:
        return _own_page(request, case_id, refusal)
    messages.success(request, _("Your words are with the moderator."))
    return redirect("desk:own_case", case_id)


@login_required
@require_POST
def appeal_case(request: SignedIn, case_id: int) -> HttpResponse:
    selectors.own_case(request.user, case_id)
    try:
        services.appeal_case(case_id=case_id, by=request.user, text=request.POST.get("text", ""))
    except DomainError as refusal:
        return _own_page(request, case_id, refusal)
    messages.success(request, _("Your appeal is with another moderator. We answer within three days."))
    return redirect("desk:own_case", case_id)


@login_required
@require_POST
def forget_track(request: SignedIn, case_id: int) -> HttpResponse:
    selectors.own_case(request.user, case_id)
    try:
        count = services.forget_case_track(case_id=case_id, by=request.user)
    except DomainError as refusal:
        return _own_page(request, case_id, refusal)
    messages.success(request, _("Deleted: %(count)s positions.") % {"count": count})
    return redirect("tracking:stored")


def _own_page(request: SignedIn, case_id: int, refusal: DomainError | None = None) -> HttpResponse:
    found = selectors.own_case(request.user, case_id)
    context = {
        "case": found,
        "zone": found.zone.key,
        "story": fee_story(charge_for(found.response_id), found.zone.key) if found.is_executor else "",
        "hours": round((found.due_at - found.opened_at).total_seconds() / 3600),
        "refusal": refusal,
        "pictures": own_pictures(found.place) if found.place and found.place.evidence.track else None,
        "typed": request.POST.get("text", ""),
    }
    return render(request, "desk/own_case.html", context, status=refusal.status if refusal else 200)
