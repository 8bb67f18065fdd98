"""Appeals against decided cases: another moderator reads the same evidence and decides."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from fraud import policies, selectors, services
from fraud.selectors.desk import case_of_appeal
from frontend.desk.access import moderators_only
from frontend.desk.pages import case_context
from marketplace.accounts import selectors as people
from marketplace.accounts import services as accounts
from marketplace.accounts.requests import SignedIn
from marketplace.kit.errors import DomainError


@moderators_only
@require_GET
def appeals(request: SignedIn) -> HttpResponse:
    lines = selectors.appeal_lines(people.pending_appeals("case"))
    return render(request, "desk/appeals.html", {"lines": lines, "open_count": selectors.open_count()})


@moderators_only
@require_GET
def appeal(request: SignedIn, appeal_id: int) -> HttpResponse:
    return _appeal_page(request, appeal_id)


@moderators_only
@require_POST
def decide_appeal(request: SignedIn, appeal_id: int) -> HttpResponse:
    found = people.appeal_for_decision(appeal_id)
    case_of_appeal(found)
    try:
        accounts.decide_appeal(
            appeal=found,
            by=request.user,
            upheld=request.POST.get("upheld") == "yes",
            reason=request.POST.get("reason", ""),
        )
    except DomainError as refusal:
        return _appeal_page(request, appeal_id, refusal)
    messages.success(request, _("The appeal is decided. The executor reads your reason."))
    return redirect("desk:case_appeals")


def _appeal_page(request: SignedIn, appeal_id: int, refusal: DomainError | None = None) -> HttpResponse:
    found = people.appeal_for_decision(appeal_id)
    case = services.view_case(case_id=case_of_appeal(found).pk, by=request.user)
    context = case_context(selectors.case_file(case)) | {
        "appeal": found,
        "may_decide": found.outcome == "pending" and bool(policies.may_decide_appeal(request.user, case)),
        "refusal": refusal,
        "open_count": selectors.open_count(),
    }
    return render(request, "desk/appeal.html", context, status=refusal.status if refusal else 200)
