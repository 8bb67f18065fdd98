"""One response: the customer opens and chooses it, its executor sees what became of it."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from frontend.deal.money_words import fee_story
from frontend.deal.notices import done, refused
from frontend.deal.people import portrait
from marketplace.accounts.requests import SignedIn
from marketplace.kit.errors import DomainError, NotFound
from marketplace.kit.policy import Denied
from payments.selectors import card_payments_on, charge_for
from tasks_app import selectors, services
from tasks_app.models import Response

SAID = ("too_early", "allowance_used")


@login_required
@require_GET
def show(request: SignedIn, response_id: int) -> HttpResponse:
    """Opening the page as the customer marks the response as seen; a browser's own prefetch does not."""
    response = selectors.response_visible_to(request.user, response_id)
    if response.task.customer_id == request.user.pk:
        if not _is_prefetch(request):
            services.open_response(response_id=response.pk, by=request.user)
        return render(request, "deal/response.html", _customers_view(request, response))
    return render(request, "deal/own_response.html", _executors_view(response))


@login_required
def choose(request: SignedIn, response_id: int) -> HttpResponse:
    """Asks once more, saying what happens; then chooses."""
    response = selectors.response_visible_to(request.user, response_id)
    if response.task.customer_id != request.user.pk:
        raise NotFound
    if response.task.secure_deal and response.status == "sent":
        return redirect("deal:secure_choose", response.pk)
    if request.method == "POST":
        try:
            deal = services.choose_response(response_id=response.pk, by=request.user)
        except DomainError as error:
            refused(request, error)
            return redirect("deal:task", response.task_id)
        done(request, _("Agreed. You can see each other's phone now."))
        return redirect("deal:assignment", deal.pk)
    context = _customers_view(request, response)
    context["others"] = response.task.responses_count - 1
    context["protected"] = selectors.secure_quote(response) if card_payments_on() else None
    return render(request, "deal/choose.html", context)


def _customers_view(request: SignedIn, response: Response) -> dict[str, object]:
    ranked = selectors.ranked_responses(request.user, response.task)
    return {
        "response": response,
        "task": response.task,
        "portrait": portrait(response.executor),
        "message": selectors.readable_message(response, request.user),
        "facts": next((row.facts for row in ranked if row.response.pk == response.pk), ()),
        "may_choose": selectors.may_choose(response),
    }


def _executors_view(response: Response) -> dict[str, object]:
    deal = selectors.assignments_by_response([response.pk]).get(response.pk)
    ask_back = selectors.may_ask_fee_back(response)
    return {
        "may_ask_back": bool(ask_back),
        # Only refusals that tell something new; the fee's own story says the rest.
        "ask_back_refusal": ask_back.reason if isinstance(ask_back, Denied) and ask_back.code in SAID else "",
        "response": response,
        "task": response.task,
        "story": fee_story(charge_for(response.pk), response.task.city.time_zone),
        "may_edit": selectors.may_edit(response),
        "may_withdraw": selectors.may_withdraw(response),
        "free": selectors.withdraws_freely(response),
        "deal": deal,
    }


def _is_prefetch(request: SignedIn) -> bool:
    purpose = request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", "")
    return "prefetch" in purpose.lower()
