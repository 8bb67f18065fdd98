"""Sending a response, changing it, taking it back."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from frontend.customers import customer_facts
from frontend.deal import kept_response
from frontend.deal.forms import ResponseForm, place_error
from frontend.deal.money_words import fee_label, fee_story
from frontend.deal.notices import done, refused
from frontend.wallet.subscriptions.words import covered_words
from marketplace.accounts.requests import SignedIn
from marketplace.accounts.selectors import customer_standing
from marketplace.kit.contacts import mask_contacts
from marketplace.kit.errors import DomainError, NotFound
from marketplace.kit.money import Money
from marketplace.kit.policy import Denied
from payments.selectors import charge_for, quote_response_fee
from tasks_app import selectors, services
from tasks_app.models import Response, Task

# Refusals of money: the person can mend them on the wallet's page and come back to the kept text.
MONEY_CODES = ("insufficient_funds", "spending_cap_reached", "in_debt", "subscription_needed")


@login_required
def respond(request: SignedIn, task_id: int) -> HttpResponse:
    """What it costs and who the customer is, then the answer. Sending twice is the same response, charged once."""
    task = selectors.find_task(task_id)
    own = selectors.response_to(task.pk, request.user)
    if own is not None and request.method != "POST":
        return redirect("deal:response", own.pk)
    if kept_response.wants_to_top_up(request):
        return kept_response.to_top_up(request, task.pk, _missing(request, task))
    form = _form(request, task, kept_response.kept(request, task.pk))
    code = ""
    if request.method == "POST" and form.is_valid():
        try:
            response = _send(request, task, form)
        except DomainError as error:
            place_error(form, error)
            code = error.code
            if code == "fee_changed":
                form = _with_fee_of_now(request, task, form)
        else:
            kept_response.forget(request, task.pk)
            done(request, _("The response is sent. We will tell you when the customer opens it."))
            return redirect("deal:response", response.pk)
    context = _respond_page(request, task, form, code)
    return render(request, "deal/respond.html", context, status=422 if form.errors else 200)


@login_required
def edit(request: SignedIn, response_id: int) -> HttpResponse:
    """Until the customer has opened it."""
    response = _own(request, response_id)
    decision = selectors.may_edit(response)
    if isinstance(decision, Denied):
        return _back(request, response, decision)
    initial = {
        "price": int(response.price.amount),
        "message": response.message,
        "available_at": response.available_at,
    }
    form = _form(request, response.task, initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.edit_response(response_id=response.pk, by=request.user, **form.values())
        except DomainError as error:
            place_error(form, error)
        else:
            done(request, _("The response is changed."))
            return redirect("deal:response", response.pk)
    context = {"response": response, "task": response.task, "form": form}
    return render(request, "deal/edit_response.html", context, status=422 if form.errors else 200)


@login_required
def withdraw(request: SignedIn, response_id: int) -> HttpResponse:
    """Says what happens to the fee before the button."""
    response = _own(request, response_id)
    decision = selectors.may_withdraw(response)
    if isinstance(decision, Denied):
        return _back(request, response, decision)
    if request.method == "POST":
        try:
            services.withdraw_response(response_id=response.pk, by=request.user)
        except DomainError as error:
            refused(request, error)
        else:
            done(request, _("The response is withdrawn."))
        return redirect("deal:response", response.pk)
    charge = charge_for(response.pk)
    context = {
        "response": response,
        "task": response.task,
        "charge": charge if charge and charge.amount and charge.status == "charged" else None,
        "story": fee_story(charge, response.task.city.time_zone),
        "free": selectors.withdraws_freely(response),
    }
    return render(request, "deal/withdraw.html", context)


def _form(request: SignedIn, task: Task, initial: dict[str, Any] | None = None) -> ResponseForm:
    quote = quote_response_fee(user_id=request.user.pk, category_id=task.category_id, city_id=task.city_id)
    start = {"operation": ResponseForm.new_operation(), "agreed": quote.amount.minor} | (initial or {})
    return ResponseForm(
        request.POST if request.method == "POST" else None,
        initial=start,
        zone=task.city.time_zone,
        currency=task.currency,
    )


def _with_fee_of_now(request: SignedIn, task: Task, form: ResponseForm) -> ResponseForm:
    """The same form, which now agrees to what the button says; what was typed stays."""
    quote = quote_response_fee(user_id=request.user.pk, category_id=task.category_id, city_id=task.city_id)
    form.data = {**form.data.dict(), "agreed": str(quote.amount.minor)}  # type: ignore[attr-defined]
    return form


def _send(request: SignedIn, task: Task, form: ResponseForm) -> Response:
    operation = form.cleaned_data["operation"] or f"task:{task.pk}"
    shown = form.cleaned_data["agreed"]
    agreed = None if shown is None else Money(shown, task.currency)
    return services.send_response(task_id=task.pk, by=request.user, operation=operation, agreed=agreed, **form.values())


def _respond_page(request: SignedIn, task: Task, form: ResponseForm, code: str) -> dict[str, Any]:
    quote = quote_response_fee(user_id=request.user.pk, category_id=task.category_id, city_id=task.city_id)
    decision = selectors.may_send(task=task, user=request.user, answered=False)
    return {
        "task": task,
        "details": mask_contacts(task.details).text,
        "form": form,
        "quote": quote,
        "label": fee_label(quote),
        "covered": covered_words(quote.covered_until, task.city.time_zone),
        "month": None if quote.subscription_id or not quote.month else quote.month,
        "facts": customer_facts(customer_standing(task.customer_id), selectors.customer_record(task.customer_id)),
        "denied": str(decision.reason) if isinstance(decision, Denied) else "",
        "secure": selectors.secure_terms(task, request.user) if task.secure_deal else None,
        "denied_code": decision.code if isinstance(decision, Denied) else "",
        "money_refusal": str(quote.refusal.reason) if quote.refusal is not None else "",
        "to_wallet": code in MONEY_CODES or quote.refusal is not None,
        "missing": kept_response.missing_for(quote, request.user.pk),
    }


def _missing(request: SignedIn, task: Task) -> Money | None:
    quote = quote_response_fee(user_id=request.user.pk, category_id=task.category_id, city_id=task.city_id)
    return kept_response.missing_for(quote, request.user.pk)


def _own(request: SignedIn, response_id: int) -> Response:
    response = selectors.response_visible_to(request.user, response_id)
    if response.executor_id != request.user.pk:
        raise NotFound
    return response


def _back(request: SignedIn, response: Response, decision: Denied) -> HttpResponse:
    done(request, str(decision.reason))
    return redirect("deal:response", response.pk)
