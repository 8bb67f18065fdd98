"""Second looks: the same evidence, without the first decision and without the score; and the third that settles two."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from fraud import selectors, services
from fraud.learning import second
from fraud.models import SecondReview
from fraud.reasons import full_reason
from frontend.desk.access import moderators_only
from frontend.desk.pages import case_context, choices
from marketplace.accounts.requests import SignedIn
from marketplace.kit.errors import DomainError


@moderators_only
@require_GET
def second_reviews(request: SignedIn) -> HttpResponse:
    lists = {"rows": second.second_queue(request.user)[:50], "thirds": second.third_queue(request.user)[:50]}
    return render(request, "desk/second/list.html", lists)


@moderators_only
@require_GET
def second_review(request: SignedIn, review_id: int) -> HttpResponse:
    return _page(request, second.second_review(review_id, request.user))


@moderators_only
@require_GET
def third_review(request: SignedIn, review_id: int) -> HttpResponse:
    return _page(request, second.third_review(review_id, request.user), third=True)


@moderators_only
@require_POST
def decide_second(request: SignedIn, review_id: int) -> HttpResponse:
    try:
        row = services.decide_second(review_id=review_id, by=request.user, **_given(request))
    except DomainError as refusal:
        return _page(request, second.second_review(review_id, request.user), refusal)
    thanks = _("Thank you. It contradicts the first decision, so a third moderator settles it.")
    messages.success(request, thanks if row.third_due_at else _("Thank you. The two sides notice nothing."))
    return redirect("desk:second_reviews")


@moderators_only
@require_POST
def decide_third(request: SignedIn, review_id: int) -> HttpResponse:
    try:
        services.decide_third(review_id=review_id, by=request.user, **_given(request))
    except DomainError as refusal:
        return _page(request, second.third_review(review_id, request.user), refusal, third=True)
    messages.success(request, _("Settled."))
    return redirect("desk:second_reviews")


def _given(request: SignedIn) -> dict[str, str]:
    return {"outcome": request.POST.get("outcome", ""), "reason": request.POST.get("reason", "")}


def _page(
    request: SignedIn, row: SecondReview, refusal: DomainError | None = None, *, third: bool = False
) -> HttpResponse:
    case = services.view_case(case_id=row.case_id, by=request.user)
    context: dict[str, Any] = case_context(selectors.case_file(case, blind=True), around=False)
    context |= {
        "review": row,
        "third": third,
        "opinions": _opinions(row) if third else [],
        "refusal": refusal,
        "choices": choices(dict(selectors.outcomes())),
    }
    return render(request, "desk/second/review.html", context, status=refusal.status if refusal else 200)


def _opinions(row: SecondReview) -> list[dict[str, str]]:
    """In the order of the outcomes, so that nothing tells which came first."""
    told = {row.first.outcome: full_reason(row.first.reason_code, row.first.reason), row.outcome: row.reason}
    return [{"outcome": label, "reason": told[code]} for code, label in selectors.outcomes() if code in told]
