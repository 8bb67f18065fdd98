from django import forms
from django.utils.translation import gettext_lazy as _

from payments.services import RequisitesForm as Typed

KINDS = [
    ("company", _("Company")),
    ("entrepreneur", _("Individual entrepreneur")),
    ("self_employed", _("Self-employed")),
]


def _day(label: object) -> forms.DateField:
    return forms.DateField(
        label=label,  # type: ignore[arg-type]
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Write the day as year-month-day.")},
    )


class PeriodForm(forms.Form):
    """A period of whole days; empty means the current month."""

    first = _day(_("First day"))
    last = _day(_("Last day"))


class RequisitesForm(forms.Form):
    """Shapes only; whether the numbers are right is the service's to say."""

    kind = forms.ChoiceField(label=_("Who you are on paper"), choices=KINDS, widget=forms.RadioSelect)
    name = forms.CharField(label=_("Name as registered"), max_length=200)
    inn = forms.CharField(label=_("INN"), max_length=20, help_text=_("Ten digits for a company, twelve for a person."))
    kpp = forms.CharField(label=_("KPP"), max_length=20, required=False, help_text=_("Companies only."))
    address = forms.CharField(
        label=_("Registered address"), max_length=300, required=False, help_text=_("Needed for a company.")
    )

    def typed(self) -> Typed:
        return Typed(**{name: self.cleaned_data[name] for name in ("kind", "name", "inn", "kpp", "address")})


class MonthForm(forms.Form):
    """A month that is over, and which paper about it."""

    month = forms.ChoiceField(label=_("Month"))
    series = forms.ChoiceField(label=_("Paper"), choices=[("act", _("Act")), ("invoice", _("Invoice"))])

    def __init__(self, *args: object, months: list[tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["month"].choices = months  # type: ignore[attr-defined]
