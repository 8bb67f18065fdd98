"""Somebody's standing: strikes, restrictions, what is known; a moderator restricts and lifts."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from fraud.selectors import signals_of_person
from frontend.desk.people.forms import RestrictForm
from marketplace.accounts import policies, selectors, services
from marketplace.accounts.requests import SignedIn
from marketplace.kit.clock import now
from marketplace.kit.errors import DomainError
from marketplace.kit.policy import require
from marketplace.trust.selectors import repeated_reviews_of


@require_safe
@login_required
def search(request: SignedIn) -> HttpResponse:
    require(policies.may_moderate(request.user))
    query = request.GET.get("q", "").strip()
    found = selectors.find_people(query) if query else []
    return render(request, "desk/people/search.html", {"query": query, "found": found})


@require_safe
@login_required
def person(request: SignedIn, user_id: int) -> HttpResponse:
    return _page(request, user_id, RestrictForm())


@require_POST
@login_required
def restrict(request: SignedIn, user_id: int) -> HttpResponse:
    require(policies.may_moderate(request.user))
    form = RestrictForm(request.POST)
    if not form.is_valid():
        return _page(request, user_id, form)
    days = form.cleaned_data["days"]
    try:
        services.restrict(
            user=selectors.person(user_id),
            kind=form.cleaned_data["kind"],
            reason=form.cleaned_data["reason"],
            until=now() + timedelta(days=days) if days else None,
            by=request.user,
            source="desk",
        )
    except DomainError as error:
        form.add_error(None, error.sentence)
        return _page(request, user_id, form)
    messages.success(request, _("Restricted."))
    return redirect("desk:person", user_id)


@require_POST
@login_required
def lift(request: SignedIn, restriction_id: int) -> HttpResponse:
    require(policies.may_moderate(request.user))
    restriction = selectors.restriction(restriction_id)
    services.lift_restriction(restriction=restriction, by=request.user)
    return redirect("desk:person", restriction.user_id)


def _page(request: SignedIn, user_id: int, form: RestrictForm) -> HttpResponse:
    require(policies.may_moderate(request.user))
    chosen = selectors.person(user_id)
    context = {
        "person": chosen,
        "executor": selectors.executor_profile(chosen),
        "restrictions": selectors.restrictions_of(chosen),
        "standing": {line.pk for line in selectors.standing_restrictions(chosen.pk)},
        "strikes": selectors.strikes_of(chosen.pk),
        "repeated": repeated_reviews_of(chosen.pk),
        "signals": signals_of_person(chosen.pk),
        "form": form,
    }
    return render(request, "desk/people/person.html", context, status=422 if form.errors else 200)
