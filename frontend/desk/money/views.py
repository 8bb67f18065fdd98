"""The operators' view of money: what is held, owed and in flight, what does not agree, and every row down to its source."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from frontend.desk.access import operators_only
from frontend.desk.money import names, words
from frontend.wallet.cards.forms import MOST, WHOLE, TopUpForm
from marketplace.accounts.requests import SignedIn
from marketplace.kit.errors import DomainError
from marketplace.kit.money import Money
from payments import selectors, services
from payments.models import Intent


class ReturnForm(forms.Form):
    operation = forms.CharField(widget=forms.HiddenInput, max_length=64, min_length=8)
    amount = forms.IntegerField(
        label=gettext_lazy("How much to return"), min_value=1, max_value=MOST, error_messages=WHOLE
    )
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        help_text=gettext_lazy("It stays in the audit log with your name."),
        max_length=1000,
        widget=forms.Textarea,
    )


@operators_only
@require_GET
def overview(request: SignedIn) -> HttpResponse:
    asked = request.GET.get("q", "")
    if asked:
        found = selectors.find_trail(asked)
        if found is not None:
            return redirect("desk:money_trail", found)
    state = request.GET.get("state", "all")
    page = selectors.intents_page(state=state, after=request.GET.get("after"))
    context = {
        "standing": selectors.standing(),
        "mismatches": [
            (
                one.check,
                names.check_name(one.check),
                names.detail(one.subject),
                names.difference(one.detail, one.subject),
            )
            for one in selectors.found_mismatches()
        ],
        "on": selectors.card_payments_on(),
        "rows": [_row(intent) for intent in page.rows],
        "next_key": page.next_key,
        "states": [(name, label, name == state) for name, label in words.STATES.items()],
        "state": state,
        "asked": asked,
    }
    return render(request, "desk/money/overview.html", context)


@operators_only
@require_GET
def trail(request: SignedIn, intent_id: int) -> HttpResponse:
    return _trail_page(request, intent_id)


@operators_only
@require_POST
def give_back(request: SignedIn, intent_id: int) -> HttpResponse:
    """Unused money of a top-up back to its card, at the person's request."""
    form = ReturnForm(request.POST)
    if not form.is_valid():
        return _trail_page(request, intent_id, form)
    try:
        made = services.return_by_staff(
            top_up_id=intent_id,
            amount=Money(form.cleaned_data["amount"] * 100),
            reason=form.cleaned_data["reason"],
            operation=form.cleaned_data["operation"],
            by=request.user,
        )
    except DomainError as error:
        form.add_error(None, error.sentence)
        return _trail_page(request, intent_id, form)
    if made is None:
        messages.info(request, _("The sum is above the limit: a second member of staff has to agree."))
        return redirect("desk:money_trail", intent_id)
    services.carry_out(intent_id=made.pk)
    messages.success(request, _("The money is on its way to the card."))
    return redirect("desk:money_trail", made.pk)


@operators_only
@require_GET
def lines(request: SignedIn) -> HttpResponse:
    page = selectors.lines_page(after=request.GET.get("after"))
    rows = [(row, names.movement_name(row["line"].kind)) for row in page.rows]
    return render(request, "desk/money/lines.html", {"rows": rows, "next_key": page.next_key})


def _trail_page(request: SignedIn, intent_id: int, form: ReturnForm | None = None) -> HttpResponse:
    trail = selectors.money_trail(intent_id)
    left = selectors.returnable(trail.intent) if trail.intent.status == "settled" else None
    is_top_up = trail.intent.kind.startswith("top_up_") and trail.intent.kind != "top_up_refund"
    if form is None and left and is_top_up:
        form = ReturnForm(initial={"operation": TopUpForm.new_operation(), "amount": left.minor // 100})
    context = {
        "trail": trail,
        "row": _row(trail.intent),
        "entries": [
            (
                entry,
                names.entry_name(entry.kind),
                [(words.ACCOUNTS[kind], owner, words.change(kind, money)) for kind, owner, money in entry.legs],
            )
            for entry in trail.entries
        ],
        "lines": [(line, names.movement_name(line.kind)) for line in trail.lines],
        "reason": selectors.decline_sentence(trail.intent.refusal_code) if trail.intent.refusal_code else "",
        "form": form,
        "left": left,
    }
    return render(request, "desk/money/trail.html", context, status=422 if form and form.errors else 200)


def _row(intent: Intent) -> dict[str, Any]:
    return {
        "intent": intent,
        "kind": words.KINDS.get(intent.kind, intent.kind),
        "status": words.STATUSES[intent.status],
        "tone": {"settled": "ok", "failed": "danger", "created": "money"}.get(intent.status, ""),
    }
