"""Verification, step by step: phone, e-mail, name and city, documents."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from frontend.account.forms import VerificationForm, refuse
from marketplace.accounts import policies, selectors, services
from marketplace.accounts.errors import VerificationFull
from marketplace.accounts.models import User
from marketplace.accounts.requests import SignedIn
from marketplace.kit.errors import DomainError
from marketplace.kit.policy import Denied


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def verification(request: SignedIn) -> HttpResponse:
    person = request.user
    form = VerificationForm(request.POST or None, request.FILES or None, initial={"full_name": person.name})
    if request.method == "POST" and form.is_valid():
        try:
            _submit(request, form)
            return redirect("account:verification")
        except DomainError as error:
            refuse(form, error)
    return verification_page(request, form, 422 if form.errors else 200)


def verification_page(request: SignedIn, form: VerificationForm, status: int) -> HttpResponse:
    """With what was typed: into the form, or as an appeal (`text`)."""
    person = request.user
    last = selectors.last_request_of(person)
    context = {
        "form": form,
        "typed": request.POST.get("text", ""),
        "person": person,
        "executor": selectors.executor_profile(person),
        "last": last,
        "appeal": selectors.appeals_of(person).get(f"verification:{last.pk}") if last else None,
        "refusal": _refusal(person),
        "ready": bool(person.phone_confirmed_at and person.email_confirmed_at and person.name and person.city_id),
    }
    return render(request, "account/verification.html", context, status=status)


def _refusal(person: User) -> str:
    """Before anybody looks for a document: why nothing can be sent now."""
    decision = policies.may_ask_for_verification(person)
    if isinstance(decision, Denied):
        return str(decision.reason)
    return "" if person.city is None or selectors.places_left(person.city) else VerificationFull().sentence


def _submit(request: SignedIn, form: VerificationForm) -> None:
    data = form.cleaned_data
    services.submit_verification(
        user=request.user,
        full_name=data["full_name"],
        document_kind=data["document_kind"],
        document=data["document"],
        selfie=data["selfie"],
        consent_version=services.CONSENT_VERSION if data["consent"] else "",
    )
