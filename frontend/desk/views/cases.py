"""The queue and the case: one screen, forms that work without a script, keys on top."""

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_POST

from fraud import selectors, services
from fraud.questions import DUE_HOURS, QUESTIONS
from fraud.selectors.desk import VIEWS
from frontend.desk.access import moderators_only
from frontend.desk.pages import KEYS, case_context, choices
from frontend.numbers import whole_number
from marketplace.accounts.requests import SignedIn
from marketplace.accounts.selectors import pending_appeals
from marketplace.kit.errors import DomainError
from tasks_app.selectors import groups_with_categories

if TYPE_CHECKING:
    from fraud.models import Decision

RESTRICT_DAYS = (7, 30)
SNOOZE_HOURS = (4, 12)


@moderators_only
@require_GET
def queue(request: SignedIn) -> HttpResponse:
    return render(request, "desk/queue.html", _queue(request))


@moderators_only
@require_GET
def case(request: SignedIn, case_id: int) -> HttpResponse:
    return _case_page(request, case_id)


@moderators_only
@require_GET
def following(request: SignedIn, case_id: int) -> HttpResponse:
    """To the next case of the queue (`?back` the one before); at its end back to the queue."""
    target = selectors.next_case_id(case_id, request.user, back="back" in request.GET)
    return redirect("desk:case", target) if target else redirect("desk:queue")


@moderators_only
@require_POST
def decide(request: SignedIn, case_id: int) -> HttpResponse:
    form = request.POST
    days = whole_number(form.get("restrict_days", ""))
    try:
        decision = services.decide_case(
            case_id=case_id,
            by=request.user,
            outcome=form.get("outcome", ""),
            reason=form.get("reason", ""),
            reason_code=form.get("reason_code", ""),
            keep_fee="keep_fee" in form,
            strike="strike" in form,
            restrict_days=days if days in RESTRICT_DAYS else None,
        )
    except DomainError as refusal:
        return _case_page(request, case_id, refusal=refusal)
    messages.success(request, _said(decision, wished_fee="keep_fee" in form))
    return redirect("desk:following", case_id)


@moderators_only
@require_POST
def take(request: SignedIn, case_id: int) -> HttpResponse:
    services.take_case(case_id=case_id, by=request.user)
    return redirect("desk:case", case_id)


@moderators_only
@require_POST
def add_note(request: SignedIn, case_id: int) -> HttpResponse:
    return _act(request, case_id, services.add_note, text=request.POST.get("text", ""))


@moderators_only
@require_POST
def ask_both(request: SignedIn, case_id: int) -> HttpResponse:
    hours = whole_number(request.POST.get("hours", ""))
    return _act(
        request,
        case_id,
        services.ask_both,
        question=request.POST.get("question", ""),
        template=request.POST.get("template", ""),
        side=request.POST.get("side", "both"),
        hours=hours if hours in DUE_HOURS else None,
    )


@moderators_only
@require_POST
def snooze(request: SignedIn, case_id: int) -> HttpResponse:
    hours = whole_number(request.POST.get("hours", ""))
    services.snooze_case(case_id=case_id, by=request.user, hours=hours if hours in SNOOZE_HOURS else SNOOZE_HOURS[0])
    return redirect("desk:following", case_id)


def _said(decision: "Decision", *, wished_fee: bool) -> str:
    """From now on it may be told what kind of case it was."""
    if decision.case.kind == "audit":
        return _("Decided. It was a random check: the two hear of it only if you asked them or confirmed it.")
    if wished_fee and not decision.keep_fee and decision.outcome == "confirmed":
        return _("Decided. Both sides read your reason. No fee was waiting.")
    return _("Decided. Both sides read your reason.")


def _act(request: SignedIn, case_id: int, service: Any, **given: Any) -> HttpResponse:
    try:
        service(case_id=case_id, by=request.user, **given)
    except DomainError as refusal:
        return _case_page(request, case_id, refusal=refusal)
    return redirect("desk:case", case_id)


def _queue(request: SignedIn) -> dict[str, Any]:
    view = request.GET.get("view", "open")
    view = view if view in VIEWS else "open"
    asked = {name: request.GET.get(name, "").strip()[:100] for name in ("person", "category", "outcome")}
    page = selectors.queue_page(
        view=view, by=request.user, after=request.GET.get("after"), search=selectors.ClosedSearch(**asked)
    )
    return {
        "view": view,
        "asked": asked,
        "asked_query": urlencode({"view": view, **{name: value for name, value in asked.items() if value}}),
        "groups": groups_with_categories() if view == "closed" else [],
        "outcomes": selectors.outcomes(),
        "lines": page.rows,
        "next_key": page.next_key,
        "open_count": selectors.open_count(),
        "work": selectors.day_of_work(),
        "appeal_count": pending_appeals("case").count(),
    }


def _case_page(request: SignedIn, case_id: int, refusal: DomainError | None = None) -> HttpResponse:
    case = services.view_case(case_id=case_id, by=request.user)
    labels = {
        "confirmed": pgettext("case", "Confirm"),
        "innocent": _("Innocent"),
        "cannot_tell": _("Cannot tell"),
        "plausible": pgettext("case", "Plausible"),
    }
    context = _queue(request) | case_context(selectors.case_file(case))
    context |= {
        "choices": choices(labels),
        "restrict_days": RESTRICT_DAYS,
        "snooze_hours": SNOOZE_HOURS,
        "questions": QUESTIONS,
        "due_hours": DUE_HOURS,
        "refusal": refusal,
        "refused_in": _dialog(request) if refusal and case.status != "closed" else "",
        "tried": request.POST,
    }
    return render(request, "desk/case.html", context, status=refusal.status if refusal else 200)


def _dialog(request: SignedIn) -> str:
    """The dialog that was sent: it opens again and says there what is wrong."""
    if "question" in request.POST:
        return "ask"
    outcome = request.POST.get("outcome", "")
    return outcome if outcome in KEYS else ""
