"""How well the checks do: figures of each day, agreement, models; for operators."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from fraud import selectors
from fraud.learning import figures, models_at_work, second
from fraud.learning.capacity import state_capacity
from frontend.desk.access import operators_only
from frontend.desk.figures import figure_cards
from frontend.numbers import whole_number
from marketplace.accounts.requests import SignedIn
from marketplace.kit.errors import DomainError

ACTIONS = {"shadow": models_at_work.to_shadow, "promote": models_at_work.promote}


@operators_only
@require_GET
def learning(request: SignedIn) -> HttpResponse:
    return _page(request)


@operators_only
@require_POST
def set_capacity(request: SignedIn) -> HttpResponse:
    per_day = whole_number(request.POST.get("per_day", "")) or 0
    try:
        state_capacity(per_day=per_day, by=request.user)
    except DomainError as refusal:
        return _page(request, refusal)
    messages.success(request, _("The day's work is set."))
    return redirect("desk:learning")


@operators_only
@require_POST
def change_model(request: SignedIn) -> HttpResponse:
    """What comes with the code becomes known; a model goes into the shadow, to the work, or one step back."""
    action, version = request.POST.get("action", ""), request.POST.get("version", "")
    try:
        if action == "adopt":
            models_at_work.adopt_shipped(feature_set=request.POST.get("feature_set", ""), by=request.user)
        elif action == "roll_back":
            models_at_work.roll_back(by=request.user)
        else:
            ACTIONS.get(action, models_at_work.to_shadow)(version=version, by=request.user)
    except DomainError as refusal:
        return _page(request, refusal)
    messages.success(request, _("Done."))
    return redirect("desk:learning")


def _page(request: SignedIn, refusal: DomainError | None = None) -> HttpResponse:
    context = {
        "work": selectors.day_of_work(),
        "cards": figure_cards(figures.history()),
        "alerts": figure_cards({row.name: [row] for row in figures.alerts()}),
        "agreement": second.agreement(),
        "models": models_at_work.models_known(),
        "champion": models_at_work.champion(),
        "before_it": models_at_work.before_it(),
        "unusual": selectors.unusual_people(),
        "refusal": refusal,
    }
    return render(request, "desk/learning.html", context, status=refusal.status if refusal else 200)
