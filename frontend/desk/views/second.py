"""Second looks: the same evidence, without the first decision and without the score."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from fraud import selectors, services
from fraud.learning import second
from frontend.desk.access import moderators_only
from frontend.desk.pages import case_context
from marketplace.accounts.requests import SignedIn
from marketplace.kit.errors import DomainError


@moderators_only
@require_GET
def second_reviews(request: SignedIn) -> HttpResponse:
    return render(request, "desk/second/list.html", {"rows": second.second_queue(request.user)[:50]})


@moderators_only
@require_GET
def second_review(request: SignedIn, review_id: int) -> HttpResponse:
    return _page(request, review_id)


@moderators_only
@require_POST
def decide_second(request: SignedIn, review_id: int) -> HttpResponse:
    try:
        second.decide_second(
            review_id=review_id,
            by=request.user,
            outcome=request.POST.get("outcome", ""),
            reason=request.POST.get("reason", ""),
        )
    except DomainError as refusal:
        return _page(request, review_id, refusal)
    messages.success(request, _("Thank you. The two sides notice nothing."))
    return redirect("desk:second_reviews")


def _page(request: SignedIn, review_id: int, refusal: DomainError | None = None) -> HttpResponse:
    row = second.second_review(review_id, request.user)
    case = services.view_case(case_id=row.case_id, by=request.user)
    context: dict[str, Any] = case_context(selectors.case_file(case, blind=True))
    context |= {"review": row, "refusal": refusal, "outcomes": selectors.outcomes()}
    return render(request, "desk/second/review.html", context, status=refusal.status if refusal else 200)
