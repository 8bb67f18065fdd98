"""Support asks by the number of a statement's line: what it was, and a button for a fee charged in error."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from frontend.account.forms import refuse
from frontend.desk.access import moderators_only
from frontend.wallet import words
from marketplace.accounts.policies import may_operate
from marketplace.accounts.requests import SignedIn
from marketplace.kit import audit
from marketplace.kit.errors import DomainError, NotFound
from marketplace.kit.policy import require
from payments import selectors, services


class LineForm(forms.Form):
    line = forms.IntegerField(label=gettext_lazy("Number of the line"), min_value=1, max_value=2**62)


class ReturnForm(forms.Form):
    why = forms.CharField(
        label=gettext_lazy("Why it should not have been charged"), max_length=1000, widget=forms.Textarea
    )


@moderators_only
def find(request: SignedIn) -> HttpResponse:
    require(may_operate(request.user))
    form = LineForm(request.GET or None)
    if form.is_valid():
        if selectors.line_for_desk(form.cleaned_data["line"]) is not None:
            return redirect("desk:fee", form.cleaned_data["line"])
        form.add_error("line", _("There is no such line in anybody's wallet."))
    return render(request, "desk/fees/find.html", {"form": form}, status=422 if form.errors else 200)


@moderators_only
def fee(request: SignedIn, line_id: int) -> HttpResponse:
    require(may_operate(request.user))
    line = selectors.line_for_desk(line_id)
    if line is None:
        raise NotFound
    audit.record(actor=request.user, action="line.viewed", subject=f"line:{line.id}")
    form = ReturnForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and line.response_id is not None:
        try:
            services.return_fee_charged_in_error(
                response_id=line.response_id, by=request.user, why=form.cleaned_data["why"]
            )
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("The fee is back in the person's wallet."))
            return redirect("desk:fee", line.id)
    may_return = line.kind == "response_fee" and line.charge is not None and line.charge.status != "refunded"
    context = {
        "line": line,
        "title": words.title_of(line),
        "fate": words.why_of(line),
        "form": form if may_return else None,
    }
    return render(request, "desk/fees/fee.html", context, status=422 if form.errors else 200)
