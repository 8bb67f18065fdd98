"""How a moderator divides held money: three usual shares, or a sum."""

from typing import Any

from babel.numbers import get_currency_precision
from django import forms
from django.utils.translation import gettext_lazy as _

from frontend.deal.forms import FAULTS, NOTE
from frontend.wallet.cards.forms import MOST
from marketplace.kit.money import Money

ALL, HALF, NOTHING, OTHER = "all", "half", "nothing", "other"
REASON = {"required": _("Write the reason of the decision: both sides will read it.")}


class DivideForm(forms.Form):
    """`share`: of the price, to the executor before the commission."""

    share = forms.ChoiceField(
        choices=[(ALL, ALL), (HALF, HALF), (NOTHING, NOTHING), (OTHER, OTHER)],
        error_messages={"required": _("Choose how the money is divided.")},
    )
    amount = forms.IntegerField(label=_("To the executor"), required=False, min_value=0, max_value=MOST)
    at_fault = forms.ChoiceField(
        label=_("Whose fault, if the executor gets nothing"),
        widget=forms.RadioSelect,
        required=False,
        choices=[*FAULTS, ("unknown", _("Hard to say"))],
        initial="unknown",
    )
    reason = forms.CharField(
        label=_("Reason: both sides will read it"), widget=forms.Textarea(attrs=NOTE), error_messages=REASON
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("share") == OTHER and data.get("amount") is None:
            self.add_error("amount", _("Write the sum."))
        return data

    def part_of(self, price: Money) -> Money:
        share = self.cleaned_data["share"]
        if share == OTHER:
            return Money(self.cleaned_data["amount"] * 10 ** get_currency_precision(price.currency), price.currency)
        return Money({ALL: price.minor, HALF: price.minor // 2, NOTHING: 0}[share], price.currency)


class ReturnForm(forms.Form):
    """`seen`: what the executor had got when the page was opened, minor units; pressed twice, the second finds less."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=100 * MOST)
    amount = forms.IntegerField(label=_("Back to the customer"), min_value=1, max_value=MOST)
    reason = forms.CharField(
        label=_("Reason: both sides will read it"), widget=forms.Textarea(attrs=NOTE), error_messages=REASON
    )

    def money(self, currency: str) -> Money:
        return Money(self.cleaned_data["amount"] * 10 ** get_currency_precision(currency), currency)
