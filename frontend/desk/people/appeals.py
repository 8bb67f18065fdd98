"""Appeals against restrictions and refused verifications."""

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from marketplace.accounts import policies, selectors, services
from marketplace.accounts.requests import SignedIn
from marketplace.kit.errors import DomainError, NotFound
from marketplace.kit.policy import Decision, Denied, require

if TYPE_CHECKING:
    from marketplace.accounts.models import Appeal


@require_safe
@login_required
def queue(request: SignedIn) -> HttpResponse:
    return _page(request)


def _page(request: SignedIn, *, tried: int | None = None, refusal: DomainError | None = None) -> HttpResponse:
    """`tried`: the appeal whose decision was refused; what was typed stays in its field."""
    require(policies.may_moderate(request.user))
    appeals = selectors.pending_appeals("restriction", "verification")
    lines = [_line(appeal, policies.may_decide_appeal(request.user, appeal)) for appeal in appeals[:50]]
    here = any(line["appeal"].pk == tried and not line["refusal"] for line in lines)
    context = {"lines": lines, "tried": tried, "refusal": refusal, "left_over": tried is not None and not here}
    return render(request, "desk/people/appeals.html", context, status=refusal.status if refusal else 200)


def _line(appeal: "Appeal", may_decide: Decision) -> dict[str, Any]:
    """`refusal`: why this reader does not decide it."""
    refusal = may_decide.reason if isinstance(may_decide, Denied) else ""
    return {"appeal": appeal, "decided": selectors.appealed_decision(appeal), "refusal": refusal}


@require_POST
@login_required
def decide(request: SignedIn, appeal_id: int) -> HttpResponse:
    require(policies.may_moderate(request.user))
    try:
        services.decide_appeal(
            appeal=selectors.appeal_for_decision(appeal_id),
            by=request.user,
            upheld=request.POST.get("outcome") == "upheld",
            reason=request.POST.get("reason", ""),
        )
    except NotFound:
        raise
    except DomainError as error:
        return _page(request, tried=appeal_id, refusal=error)
    messages.success(request, _("Decided."))
    return redirect("desk:appeals")
