"""The page of a deal for both sides, and its steps."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from frontend.deal.deal_page import deal_context
from frontend.deal.forms import AnswerForm, CancelForm, DisputeForm, place_error
from frontend.deal.notices import done, refused
from frontend.deal.secure.views import JUST_PAID
from marketplace.accounts.requests import SignedIn
from marketplace.kit.errors import DomainError, NotFound
from marketplace.kit.live import current_sequence
from payments.selectors import secure_deal_of
from tasks_app import selectors, services
from tasks_app.models import Assignment

STEPS: dict[str, Callable[..., Assignment]] = {
    "on_the_way": services.set_on_the_way,
    "start": services.start_work,
    "done": services.finish_work,
    "accept": services.accept_work,
    "took_place": services.confirm_took_place,
}


@login_required
@require_GET
def show(request: SignedIn, assignment_id: int) -> HttpResponse:
    topic = f"deal:{assignment_id}"
    sequence = current_sequence(topic)  # before the deal: what comes in between is told, not lost
    deal = selectors.assignment_visible_to(request.user, assignment_id)
    context = {"topic": topic, "sequence": sequence, **deal_context(deal, request.user)}
    _tell_of_payment(request, context)
    return render(request, "deal/deal.html", context)


def _tell_of_payment(request: SignedIn, context: dict[str, Any]) -> None:
    """After paying, once, and only while it is true: a bank may take a payment back within the second."""
    if request.session.get(JUST_PAID) == context["deal"].pk:
        del request.session[JUST_PAID]
        if (money := context.get("money")) is not None and money.status == "held":
            done(request, _("Agreed. The money is held until you accept the work."))


@login_required
@require_POST
def step(request: SignedIn, assignment_id: int) -> HttpResponse:
    """One of the buttons of the deal; pressing twice is the same as once."""
    service = STEPS.get(request.POST.get("step", ""))
    if service is None:
        raise NotFound
    try:
        service(assignment_id=assignment_id, by=request.user)
    except NotFound:
        raise
    except DomainError as error:
        refused(request, error)
    return redirect("deal:assignment", assignment_id)


@login_required
def dispute(request: SignedIn, assignment_id: int) -> HttpResponse:
    deal = _deal(request, assignment_id, "customer")
    form = DisputeForm(request.POST if request.method == "POST" else None)

    def act() -> str:
        services.dispute_work(assignment_id=deal.pk, by=request.user, reason=form.cleaned_data["reason"])
        return _("We told the executor. Nothing is accepted until you settle it.")

    return _form_page(request, deal, form, act, "deal/dispute.html", {"money": secure_deal_of(deal.pk)})


@login_required
def cancel(request: SignedIn, assignment_id: int) -> HttpResponse:
    """Reasons, each with what it does to the fee, before the button."""
    deal = _deal(request, assignment_id, "customer", "executor")
    decision = selectors.may_cancel(deal, request.user)
    if not decision:
        return redirect("deal:assignment", deal.pk)
    preview = selectors.cancellation_preview(deal, selectors.side_of(deal, request.user) or "")
    form = CancelForm(
        request.POST if request.method == "POST" else None,
        choices=[(c.reason.code, str(c.reason.text)) for c in preview.choices],
    )

    def act() -> str:
        services.cancel_assignment(assignment_id=deal.pk, by=request.user, **form.cleaned_data)
        return _("The deal is cancelled. We asked the other side how they see it.")

    chosen = form.data.get("reason", "")
    return _form_page(request, deal, form, act, "deal/cancel.html", {"preview": preview, "chosen": chosen})


@login_required
def answer(request: SignedIn, assignment_id: int) -> HttpResponse:
    """The other side says how they see the cancellation."""
    deal = _deal(request, assignment_id, "customer", "executor")
    cancellation = getattr(deal, "cancellation", None)
    if cancellation is None or not selectors.may_answer(cancellation, request.user):
        return redirect("deal:assignment", deal.pk)
    form = AnswerForm(
        request.POST if request.method == "POST" else None,
        side=selectors.side_of(deal, request.user) or "",
        stage=cancellation.stage,
    )

    def act() -> str:
        services.answer_cancellation(cancellation_id=cancellation.pk, by=request.user, **form.cleaned_data)
        return _("Thank you. Your answer is written down.")

    return _form_page(request, deal, form, act, "deal/answer.html", {"cancellation": cancellation})


def _form_page(
    request: SignedIn,
    deal: Assignment,
    form: Form,
    act: Callable[[], str],
    template: str,
    context: dict[str, Any],
) -> HttpResponse:
    """Show the form; when it is sent and right, act and go back to the deal."""
    if request.method == "POST" and form.is_valid():
        try:
            sentence = act()
        except DomainError as error:
            place_error(form, error)
        else:
            done(request, sentence)
            return redirect("deal:assignment", deal.pk)
    context = {"deal": deal, "task": deal.task, "form": form, **context}
    return render(request, template, context, status=422 if form.errors else 200)


def _deal(request: SignedIn, assignment_id: int, *sides: str) -> Assignment:
    deal = selectors.assignment_visible_to(request.user, assignment_id)
    if (selectors.side_of(deal, request.user) or "") not in sides:
        raise NotFound
    return deal
