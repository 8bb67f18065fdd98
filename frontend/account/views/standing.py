"""Restrictions: the reason, the end, and an appeal."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from frontend.account.forms import VerificationForm
from frontend.account.views.verification import verification_page
from marketplace.accounts import selectors, services
from marketplace.accounts.requests import SignedIn
from marketplace.kit.errors import DomainError, NotFound


@require_safe
@login_required
def restrictions(request: SignedIn) -> HttpResponse:
    return _page(request)


def _page(request: SignedIn, *, tried: int | None = None, status: int = 200) -> HttpResponse:
    """`tried`: the restriction whose appeal was refused; what was typed stays in its field."""
    appeals = selectors.appeals_of(request.user)
    lines = [
        {"restriction": restriction, "appeal": appeals.get(f"restriction:{restriction.pk}")}
        for restriction in selectors.standing_restrictions(request.user.pk)
    ]
    context = {"lines": lines, "strikes": selectors.strikes_of(request.user.pk), "tried": tried}
    return render(request, "account/restrictions.html", context, status=status)


@require_POST
@login_required
def appeal_restriction(request: SignedIn, restriction_id: int) -> HttpResponse:
    try:
        services.appeal_restriction(user=request.user, restriction_id=restriction_id, text=request.POST.get("text", ""))
        messages.success(request, _("Your appeal is with another moderator. We answer within three days."))
    except NotFound:
        raise
    except DomainError as error:
        messages.error(request, error.sentence)
        return _page(request, tried=restriction_id, status=error.status)
    return redirect("account:restrictions")


@require_POST
@login_required
def appeal_refusal(request: SignedIn) -> HttpResponse:
    """Against the last refusal to verify."""
    last = selectors.last_request_of(request.user)
    if last is None:
        raise NotFound
    try:
        services.appeal_verification(user=request.user, request_id=last.pk, text=request.POST.get("text", ""))
        messages.success(request, _("Your appeal is with another moderator. We answer within three days."))
    except NotFound:
        raise
    except DomainError as error:
        messages.error(request, error.sentence)
        return verification_page(request, VerificationForm(initial={"full_name": request.user.name}), error.status)
    return redirect("account:verification")
