"""Held money at the desk. Every decision is an audited event; a large refund waits for a second person."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from frontend.deal.forms import place_error
from frontend.desk.access import moderators_only
from frontend.desk.disputes.views import dispute_context
from frontend.desk.held.forms import DivideForm, ReturnForm
from frontend.desk.held.shares import divide_context
from frontend.desk.money.names import entry_name
from frontend.desk.money.words import ACCOUNTS, change
from marketplace.accounts.requests import SignedIn
from marketplace.kit.errors import DomainError
from marketplace.kit.money import Money
from payments import selectors as money
from payments import services as payments
from payments.models import SecureDeal
from tasks_app import selectors, services

SHOWN = 100


@moderators_only
def queue(request: SignedIn) -> HttpResponse:
    """Refunds that wait for a second person, divisions to be looked at again, and money that was refused on its way."""
    context = {
        "approvals": money.approvals_by_urgency(limit=SHOWN),
        "deals": [(row, money.must_move_by(row)) for row in money.deals_to_split_anew()[:SHOWN]],
        "late": [(row, None) for row in money.late_deals(limit=SHOWN)],
    }
    return render(request, "desk/held/queue.html", context)


@moderators_only
def divide(request: SignedIn, assignment_id: int) -> HttpResponse:
    """The division of a dispute's held money."""
    found = selectors.deal_for_desk(request.user, assignment_id)
    held = money.secure_deal_of(found.pk)
    if held is None:
        return redirect("desk:dispute", assignment_id)
    form = DivideForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        decision = services.Division(
            price_part=form.part_of(held.price),
            at_fault=form.cleaned_data["at_fault"] or "unknown",
            reason=form.cleaned_data["reason"],
        )
        try:
            services.divide_money(assignment_id=assignment_id, by=request.user, decision=decision)
        except DomainError as error:
            place_error(form, error)
        else:
            messages.success(request, _("The money is divided. It moves when the time to appeal is over."))
            return redirect("desk:disputes")
    context = {**dispute_context(request, assignment_id), **divide_context(held), "divide_form": form}
    return render(request, "desk/disputes/dispute.html", context, status=422 if form.errors else 200)


@moderators_only
def deal(request: SignedIn, deal_id: int) -> HttpResponse:
    """One deal's money, with a second division where it is due."""
    held = money.secure_deal_for_desk(request.user, deal_id)
    form = DivideForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            payments.split_anew(
                deal_id=held.pk,
                by=request.user,
                price_part=form.part_of(held.price),
                reason=form.cleaned_data["reason"],
            )
        except DomainError as error:
            place_error(form, error)
        else:
            messages.success(request, _("The money is divided for good."))
            return redirect("desk:held")
    context = {**_deal(request, held), "form": form}
    return render(request, "desk/held/deal.html", context, status=422 if form.errors else 200)


@moderators_only
def give_back(request: SignedIn, deal_id: int) -> HttpResponse:
    """Money that was paid out goes back to the customer."""
    held = money.secure_deal_for_desk(request.user, deal_id)
    form = ReturnForm(request.POST if request.method == "POST" else None, initial={"seen": held.to_executor_minor})
    if request.method == "POST" and form.is_valid():
        try:
            payments.return_after_payout(
                deal_id=held.pk,
                by=request.user,
                amount=form.money(held.currency),
                seen=Money(form.cleaned_data["seen"], held.currency),
                reason=form.cleaned_data["reason"],
            )
        except DomainError as error:
            place_error(form, error)
        else:
            messages.success(request, _("Done. Above the limit it waits for a second staff member."))
            return redirect("desk:held_deal", held.pk)
    context = {**_deal(request, held), "return_form": form}
    return render(request, "desk/held/deal.html", context, status=422 if form.errors else 200)


@moderators_only
@require_POST
def decide(request: SignedIn, approval_id: int) -> HttpResponse:
    """A second staff member agrees to a large refund, or refuses."""
    approve = request.POST.get("answer") == "approve"
    try:
        payments.decide_approval(
            approval_id=approval_id, by=request.user, approve=approve, note=request.POST.get("note", "")
        )
    except DomainError as error:
        messages.error(request, error.sentence)
    else:
        messages.success(request, _("Agreed.") if approve else _("Refused."))
    return redirect("desk:held")


def _deal(request: SignedIn, held: SecureDeal) -> dict[str, Any]:
    split = money.split_of(held)
    waiting = list(money.waiting_about(held))
    anew = money.may_split_anew(held, split, money.refused_approval_of(held), request.user)
    return {
        **divide_context(held),
        "events": money.events_of(held),
        "split": split,
        "moves_by": money.must_move_by(held),
        "may_split": bool(anew),
        "may_not_split": "" if anew else str(getattr(anew, "reason", "")),
        "waiting": waiting,
        "may_return": not waiting and bool(money.may_return_after_payout(held, request.user)),
        "entries": [
            (
                entry,
                entry_name(entry.kind),
                [
                    (change(leg.account.kind, Money(leg.amount_minor, leg.currency)), ACCOUNTS[leg.account.kind])
                    for leg in entry.postings.all()
                ],
            )
            for entry in money.entries_of_deal(held)
        ],
    }
