from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.kit.clock import now
from payments.selectors import Terms

# The same words as payments.models.Tariff.Payer.
PAYERS = [
    ("executor", pgettext_lazy("pays the commission", "the executor")),
    ("customer", pgettext_lazy("pays the commission", "the customer")),
    ("both", pgettext_lazy("pays the commission", "both, half each")),
]


def beginning(day: date, zone: str) -> datetime:
    """The first moment of the day in the city; today means now."""
    moment = datetime.combine(day, time(), ZoneInfo(zone))
    today = now().astimezone(ZoneInfo(zone)).date()
    return now() if day == today else moment


class DayInput(forms.DateInput):
    input_type = "date"

    def format_value(self, value: Any) -> str | None:
        return value.isoformat() if isinstance(value, date) else value


class TermsForm(forms.Form):
    """Prices in the city's currency; 0 switches a model off."""

    fee = forms.DecimalField(label=_("Fee of a response"), min_value=0, max_value=100_000, decimal_places=2)
    month = forms.DecimalField(label=_("A month by subscription"), min_value=0, max_value=1_000_000, decimal_places=2)
    commission = forms.DecimalField(
        label=_("Commission of a secure deal"), help_text=_("0 to 15 %"), min_value=0, max_value=15, decimal_places=2
    )
    payer = forms.ChoiceField(label=_("Who pays the commission"), choices=PAYERS, widget=forms.RadioSelect)
    begins = forms.DateField(
        label=_("From which day"),
        widget=DayInput,
        help_text=_("Executors are told at once; where they pay more, some days before."),
    )
    share = forms.IntegerField(
        label=_("For which share of executors"), help_text=_("100: for everybody"), min_value=1, max_value=100
    )

    def terms(self, currency: str) -> Terms:
        clean = self.cleaned_data
        return Terms(
            response_fee_minor=_minor(clean["fee"]),
            subscription_minor=_minor(clean["month"]),
            commission_bp=_minor(clean["commission"]),
            commission_payer=clean["payer"],
            currency=currency,
        )


class WidenForm(forms.Form):
    share = forms.IntegerField(label=_("For which share of executors"), min_value=1, max_value=100)
    begins = forms.DateField(label=_("From which day"), widget=DayInput)


def _minor(amount: Decimal) -> int:
    return int(amount * 100)
