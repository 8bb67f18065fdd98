"""The wallet: what is there, what was taken and why, what may come back."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from frontend.papers.story import story_of
from frontend.wallet import words
from frontend.wallet.forms import LimitsForm
from marketplace.accounts.policies import may_respond
from marketplace.accounts.requests import SignedIn
from marketplace.kit.clock import now
from marketplace.kit.errors import DomainError, NotFound
from marketplace.kit.policy import require
from payments import selectors, services


@login_required
@require_GET
def overview(request: SignedIn) -> HttpResponse:
    user = request.user
    page = selectors.statement_page(user_id=user.pk, after=request.GET.get("after"))
    held, held_until = selectors.standing_holds(user.pk)
    trial_end = selectors.trial_until(user.pk)
    context = {
        "balance": selectors.wallet_balance(user.pk),
        "cards_on": selectors.card_payments_on(),
        "debt": selectors.debt_of(user.pk),
        "held": held,
        "held_until": held_until,
        "trial_end": trial_end if trial_end and trial_end > now() else None,
        "may_begin_trial": trial_end is None and bool(may_respond(user)),
        "lines": [(line, words.title_of(line), words.why_of(line)) for line in page.rows],
        "next_key": page.next_key,
        "first_page": "after" not in request.GET,
    }
    return render(request, "wallet/overview.html", context)


@login_required
@require_GET
def line(request: SignedIn, line_id: int) -> HttpResponse:
    found = selectors.statement_line(user_id=request.user.pk, line_id=line_id)
    if found is None:
        raise NotFound
    context = {
        "line": found,
        "title": words.title_of(found),
        "story": story_of(found, request.user),
    }
    return render(request, "wallet/line.html", context)


@login_required
def limits(request: SignedIn) -> HttpResponse:
    cap = selectors.spending_cap(request.user.pk)
    initial = {
        "daily": cap.daily_minor // 100 if cap and cap.daily_minor is not None else None,
        "weekly": cap.weekly_minor // 100 if cap and cap.weekly_minor is not None else None,
    }
    form = LimitsForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        services.set_spending_cap(user_id=request.user.pk, daily=form.money("daily"), weekly=form.money("weekly"))
        messages.success(request, _("The limits are saved."))
        return redirect("wallet:overview")
    return render(request, "wallet/limits.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@require_POST
def begin_trial(request: SignedIn) -> HttpResponse:
    require(may_respond(request.user))
    try:
        services.start_trial(user_id=request.user.pk)
        messages.success(request, _("Your free day has begun: responses cost nothing for 24 hours."))
    except DomainError as error:
        messages.error(request, error.sentence)
    return redirect("wallet:overview")
