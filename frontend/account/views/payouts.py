"""Where an executor's money goes: the account for payouts, what it still asks for, and each payout to the bank."""

from contextlib import suppress

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_POST

from marketplace.accounts.requests import SignedIn
from marketplace.kit.errors import DomainError
from payments import selectors, services


@login_required
@require_GET
def payouts(request: SignedIn) -> HttpResponse:
    """Coming back from the processor's page (`?back`) the account is asked for at once."""
    if "back" in request.GET and selectors.card_payments_on():
        with suppress(DomainError):
            services.refresh_account_now(user_id=request.user.pk)
    page = selectors.payouts_page(user_id=request.user.pk, after=request.GET.get("after"))
    context = {
        "account": selectors.payout_account(request.user.pk),
        "on": selectors.card_payments_on(),
        "came_back": selectors.payout_came_back(request.user.pk),
        "waiting": selectors.waiting_for_account(request.user.pk),
        "rows": [(row, status_words(row.status)) for row in page.rows],
        "next_key": page.next_key,
    }
    return render(request, "account/payouts.html", context)


@login_required
@require_POST
def start_payouts(request: SignedIn) -> HttpResponse:
    """To the processor's own pages, where identity and bank account are given; they never pass through us."""
    here = settings.SITE_URL + reverse("account:payouts")
    try:
        link = services.start_onboarding(user_id=request.user.pk, return_url=f"{here}?back", refresh_url=here)
    except DomainError as error:
        messages.error(request, error.sentence)
        return redirect("account:payouts")
    return redirect(link)


def status_words(status: str) -> str:
    return {
        "pending": pgettext("payout", "being prepared"),
        "in_transit": pgettext("payout", "on its way"),
        "paid": pgettext("payout", "arrived"),
        "failed": pgettext("payout", "came back"),
        "canceled": pgettext("payout", "cancelled"),
    }.get(status, _("unknown"))
