"""Cancellations of which the two sides tell differently: both accounts side by side, and whose fault it was."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from frontend.deal.forms import FaultForm, place_error
from frontend.deal.timeline import timeline
from frontend.desk.access import moderators_only
from marketplace.accounts.requests import SignedIn
from marketplace.chat.selectors import messages_for_case
from marketplace.kit import audit
from marketplace.kit.errors import DomainError
from payments.selectors import charge_for
from tasks_app import selectors, services
from tasks_app.models import Cancellation

KEYS = "1234"


@moderators_only
def queue(request: SignedIn) -> HttpResponse:
    return render(request, "desk/disputes/contested.html", _list(request))


@moderators_only
def cancellation(request: SignedIn, cancellation_id: int) -> HttpResponse:
    """Reading the two sides' conversation is written down; the decision is an audited event too."""
    found = selectors.cancellation_for_desk(request.user, cancellation_id)
    form = FaultForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.decide_fault(cancellation_id=found.pk, by=request.user, **form.cleaned_data)
        except DomainError as error:
            place_error(form, error)
        else:
            messages.success(request, _("Decided. Both sides read your reason."))
            return redirect("desk:contested")
    audit.record(actor=request.user, action="cancellation.viewed", subject=f"cancellation:{found.pk}")
    context = {"form": form, **_list(request), **_file(request, found)}
    return render(request, "desk/disputes/cancellation.html", context, status=422 if form.errors else 200)


def _list(request: SignedIn) -> dict[str, Any]:
    page = selectors.contested_page(request.user, after=request.GET.get("after"))
    return {"rows": page.rows, "next_key": page.next_key}


def _file(request: SignedIn, found: Cancellation) -> dict[str, Any]:
    deal = found.assignment
    charge = charge_for(deal.response_id)
    return {
        "cancellation": found,
        "deal": deal,
        "task": deal.task,
        "zone": deal.task.city.time_zone,
        "executor": selectors.executor_record(deal.executor_id),
        "customer_record": selectors.customer_record(deal.customer_id),
        "moments": timeline(deal, deal.task.city.time_zone),
        "talk": messages_for_case(deal.response_id),
        "fee": charge.amount if charge and charge.amount and charge.status in ("charged", "refund_pending") else None,
        "may_decide": bool(selectors.may_decide_fault(found, request.user)),
        "keys": KEYS,
    }
