"""The shift, the map of somebody on the way, and what is stored of a person's positions."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from fraud import selectors as fraud
from marketplace.accounts.requests import SignedIn
from marketplace.kit.errors import DomainError, InvalidInput, NotFound
from marketplace.kit.live import current_sequence
from marketplace.kit.policy import Denied
from tasks_app import selectors as tasks
from tasks_app.tracking import consent, policies, selectors, services
from tasks_app.tracking.keys import make_key
from tasks_app.tracking.partitions import KEEP_DAYS


@login_required
@require_GET
def shift(request: SignedIn) -> HttpResponse:
    return _shift_page(request)


@login_required
@require_POST
def start(request: SignedIn) -> HttpResponse:
    """The device's id comes from its own storage; agreeing is a box that was ticked."""
    agreed = "agree" in request.POST or selectors.location_consent(request.user.pk)
    try:
        services.start_shift(
            user=request.user,
            device_id=request.POST.get("device_id", ""),
            consent_version=request.POST.get("consent_version", "") if agreed else "",
        )
    except DomainError as refusal:
        return _shift_page(request, refusal)
    return redirect("tracking:shift")


@login_required
@require_POST
def end(request: SignedIn) -> HttpResponse:
    try:
        services.end_shift(user=request.user)
    except NotFound:
        pass  # it has ended by itself: what the person wanted
    messages.success(request, _("The shift is over. Your position is not taken any more."))
    return redirect("tracking:shift")


@login_required
@require_GET
def watch(request: SignedIn, assignment_id: int) -> HttpResponse:
    """The page with the map; the part with the numbers comes again every 15 seconds."""
    deal = tasks.assignment_visible_to(request.user, assignment_id)
    decision = policies.may_watch(request.user, deal)
    if isinstance(decision, Denied) and decision.status == 404:
        raise NotFound
    last = selectors.last_position_for(assignment=deal, viewer=request.user)
    context: dict[str, Any] = {
        "deal": deal,
        "sequence": current_sequence(f"deal:{deal.pk}"),
        "closed": str(decision.reason) if isinstance(decision, Denied) else "",
        "last": last,
        "stale": last is not None and last.age.total_seconds() > 300,
        "zone": deal.task.city.time_zone,
    }
    if request.headers.get("HX-Request"):
        return render(request, "tracking/watch_part.html", context)
    return render(request, "tracking/watch.html", context)


@login_required
@require_GET
def stored(request: SignedIn) -> HttpResponse:
    return _stored_page(request)


@login_required
@require_POST
def delete_day(request: SignedIn) -> HttpResponse:
    try:
        count = services.delete_track(user=request.user, day=_day(request.POST.get("day", "")))
    except DomainError as refusal:
        return _stored_page(request, refusal)
    messages.success(request, _("Deleted: %(count)s positions.") % {"count": count})
    return redirect("tracking:stored")


@login_required
@require_POST
def withdraw(request: SignedIn) -> HttpResponse:
    services.withdraw_location_consent(user=request.user)
    messages.success(request, _("Your consent is taken back. No position is taken until you agree again."))
    return redirect("tracking:stored")


def _shift_page(request: SignedIn, refusal: DomainError | None = None) -> HttpResponse:
    open_shift = selectors.open_shift(request.user.pk)
    key = make_key(executor_id=request.user.pk, device_id=open_shift.device_id) if open_shift else ""
    may = policies.may_track(request.user)
    context = {
        "shift": open_shift,
        "key": key,
        "agreed": selectors.location_consent(request.user.pk),
        "version": consent.VERSION,
        "sentences": consent.SENTENCES,
        "denied": str(may.reason) if isinstance(may, Denied) else "",
        "refusal": refusal,
    }
    return render(request, "tracking/shift.html", context, status=refusal.status if refusal else 200)


def _stored_page(request: SignedIn, refusal: DomainError | None = None) -> HttpResponse:
    days = selectors.stored_summary(request.user)
    chosen = request.GET.get("day")
    fixes = selectors.stored_day(user=request.user, day=_day(chosen)) if chosen else []
    track = [{"lon": fix.lon, "lat": fix.lat, "accuracy": fix.accuracy_m} for fix in fixes]
    context = {
        "days": days,
        "chosen": _day(chosen) if chosen else None,
        "fixes": fixes,
        "track": track,
        "middle": fixes[len(fixes) // 2] if fixes else None,
        "city": request.user.city.slug if request.user.city else "",
        "copies": fraud.own_copies(request.user),
        "deleted": selectors.own_deletions(request.user),
        "agreed": selectors.agreed_once(request.user.pk),
        "keep_days": KEEP_DAYS,
        "refusal": refusal,
    }
    return render(request, "tracking/stored.html", context, status=refusal.status if refusal else 200)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InvalidInput(field="day", reason=_("This is not a day.")) from error
