from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.kit.money import Money


class LimitsForm(forms.Form):
    """Spending limits in whole roubles; empty takes a limit away."""

    daily = forms.DecimalField(
        label=_("In 24 hours"), required=False, min_value=0, max_value=1_000_000, decimal_places=0
    )
    weekly = forms.DecimalField(
        label=_("In 7 days"), required=False, min_value=0, max_value=1_000_000, decimal_places=0
    )

    def money(self, name: str) -> Money | None:
        amount: Decimal | None = self.cleaned_data[name]
        return None if amount is None else Money(int(amount * 100))
