"""The table of terms, one place with its history and new terms, and the running roll-outs."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from frontend.deal.forms import place_error
from frontend.desk.access import operators_only
from frontend.desk.tariffs import words
from frontend.desk.tariffs.forms import TermsForm, WidenForm, beginning
from marketplace.accounts.requests import SignedIn
from marketplace.kit.clock import now
from marketplace.kit.errors import DomainError, NotFound
from payments import selectors, services
from tasks_app.selectors import active_cities, groups_with_categories


@operators_only
@require_safe
def table(request: SignedIn) -> HttpResponse:
    """Every category in every city: what holds now, what is announced, where a roll-out runs."""
    cities, groups = list(active_cities()), list(groups_with_categories())
    places = [(category.pk, city.pk) for group in groups for category in group.categories.all() for city in cities]
    cells = words.cells(places)
    rows = [
        (group, [(category, [(city, cells[category.pk, city.pk]) for city in cities]) for category in group.categories.all()])
        for group in groups
    ]  # fmt: skip
    context = {"cities": cities, "groups": rows, "rollouts": selectors.running_rollouts()}
    return render(request, "desk/tariffs/table.html", context)


@operators_only
def place(request: SignedIn, category_id: int, city_id: int) -> HttpResponse:
    """What holds here and held before; new terms with what they would have earned, before they are published."""
    category, city = _found(category_id, city_id)
    current = selectors.tariff_in_force(category_id=category_id, city_id=city_id)
    form = TermsForm(request.POST or None, initial=_initial(current))
    context: dict[str, Any] = {"category": category, "city": city, "form": form}
    if request.method == "POST" and form.is_valid():
        terms = form.terms(city.currency)
        valid_from = beginning(form.cleaned_data["begins"], city.time_zone)
        if "publish" in request.POST:
            try:
                services.publish_tariff(
                    category_id=category_id, city_id=city_id, terms=terms, valid_from=valid_from, by=request.user,
                    share=form.cleaned_data["share"],
                )  # fmt: skip
            except DomainError as error:
                place_error(form, error)
            else:
                messages.success(request, _("The terms are published; executors are being told."))
                return redirect("desk:tariff", category_id, city_id)
        fee_now = current.response_fee_minor if current else 0
        context["preview"] = words.preview_lines(category_id, city_id, terms, fee_now)
        context["concerned"] = len(selectors.executors_concerned(category_id, city_id))
        context["notice"] = selectors.notice_days(terms, current)
    context |= _standing(category_id, city_id, current)
    return render(request, "desk/tariffs/place.html", context, status=422 if form.errors else 200)


@operators_only
@require_POST
def widen(request: SignedIn, rollout_id: int) -> HttpResponse:
    rollout = _rollout(rollout_id)
    tariff, form = rollout.tariff, WidenForm(request.POST)
    if form.is_valid():
        try:
            services.widen_rollout(
                rollout_id=rollout_id,
                share=form.cleaned_data["share"],
                begins=beginning(form.cleaned_data["begins"], tariff.city.time_zone),
                by=request.user,
            )
            messages.success(request, _("The roll-out reaches more executors from that day on."))
        except DomainError as error:
            messages.error(request, error.sentence)
    else:
        messages.error(request, _("Give a share from 1 to 100 and a day."))
    return redirect("desk:tariff", tariff.category_id, tariff.city_id)


@operators_only
@require_POST
def stop(request: SignedIn, rollout_id: int) -> HttpResponse:
    tariff = _rollout(rollout_id).tariff
    services.stop_rollout(rollout_id=rollout_id, by=request.user)
    messages.success(request, _("The roll-out is stopped: the earlier terms hold for everybody."))
    return redirect("desk:tariff", tariff.category_id, tariff.city_id)


def _standing(category_id: int, city_id: int, current: Any) -> dict[str, Any]:
    rollout = selectors.running_rollouts(category_id, city_id).first()
    history = [words.past(tariff) for tariff in selectors.tariffs_of_place(category_id, city_id)[:20]]
    return {
        "current": words.cell(current),
        "history": history,
        "rollout": rollout,
        "rollout_terms": words.cell(rollout.tariff) if rollout else None,
        "steps": list(rollout.steps.order_by("at")) if rollout else [],
        "arms": words.arm_rows(rollout) if rollout else [],
        "widen_form": WidenForm(initial={"begins": now().date()}, auto_id="widen_%s"),
    }


def _initial(current: Any) -> dict[str, Any]:
    start: dict[str, Any] = {"payer": "executor", "begins": now().date(), "share": 100, "fee": 0, "month": 0}
    if current is None:
        return start | {"commission": 0}
    return start | {
        "fee": _plain(current.response_fee.amount),
        "month": _plain(current.subscription.amount),
        "commission": _plain(Decimal(current.commission_bp) / 100),
        "payer": current.commission_payer,
    }


def _plain(amount: Decimal) -> str:
    return f"{amount.normalize():f}"


def _found(category_id: int, city_id: int) -> tuple[Any, Any]:
    category = next(
        (row for group in groups_with_categories() for row in group.categories.all() if row.pk == category_id), None
    )
    city = active_cities().filter(pk=city_id).first()
    if category is None or city is None:
        raise NotFound
    return category, city


def _rollout(rollout_id: int) -> Any:
    found = selectors.rollout_by_id(rollout_id)
    if found is None:
        raise NotFound
    return found
