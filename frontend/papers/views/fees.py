"""Asking for the fee of an opened, unanswered response."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from marketplace.accounts.requests import SignedIn
from marketplace.kit.errors import DomainError, NotFound
from marketplace.kit.policy import Denied
from payments import selectors as payments
from tasks_app import selectors, services


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def ask_back(request: SignedIn, response_id: int) -> HttpResponse:
    """What asking does and how often one may, before the button; the refusal in words when it is not possible."""
    response = selectors.response_visible_to(request.user, response_id)
    if response.executor_id != request.user.pk:
        raise NotFound
    if request.method == "POST":
        try:
            services.ask_fee_back(response_id=response.pk, by=request.user)
        except DomainError as error:
            messages.error(request, error.sentence)
            return redirect("papers:ask_back", response.pk)
        messages.success(request, _("The fee is back in your wallet."))
        return redirect("deal:response", response.pk)
    decision = selectors.may_ask_fee_back(response)
    context = {
        "response": response,
        "charge": payments.charge_for(response.pk),
        "refusal": decision.reason if isinstance(decision, Denied) else "",
        "allowance": payments.silent_allowance(request.user.pk),
    }
    return render(request, "papers/ask_back.html", context)
