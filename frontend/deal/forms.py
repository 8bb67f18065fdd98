"""What people type on the pages of responses and deals. Rules live in the services; forms only read the fields."""

from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from babel.numbers import get_currency_precision
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.kit.errors import DomainError
from marketplace.kit.money import Money
from tasks_app.posting.parts.typed import whole_number
from tasks_app.selectors import REMOVAL_REASONS, TASK_REASONS, reasons_of

MOST = 10**10  # what a price's column holds, whatever the currency
NOTE = {"rows": 4, "maxlength": 1000}
FAULTS = [
    ("customer", _("The customer's")),
    ("executor", _("The executor's")),
    ("nobody", _("Nobody's")),
]


class ResponseForm(forms.Form):
    """Price in major units, message, when the executor can come (in the city's time)."""

    operation = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)
    agreed = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)
    price = forms.CharField(
        label=_("Your price"),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={"required": _("Name your price.")},
    )
    message = forms.CharField(
        label=_("Message to the customer"),
        help_text=_("What you will do, with what, what is included in the price."),
        widget=forms.Textarea(attrs={"rows": 5, "maxlength": 2000}),
        error_messages={"required": _("Write a few words to the customer.")},
    )
    available_at = forms.DateTimeField(
        label=_("When can you come"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        error_messages={"invalid": _("Write the date and the time.")},
    )

    def __init__(self, *args: Any, zone: str, currency: str, **kwargs: Any) -> None:
        self.zone, self.currency = ZoneInfo(zone), currency
        super().__init__(*args, **kwargs)

    def full_clean(self) -> None:
        """Times are typed in the time of the task's city, wherever the reader is."""
        with timezone.override(self.zone):
            super().full_clean()

    def clean_price(self) -> int:
        """Whole units of the currency, typed with or without spaces. Whether it may be asked the service decides."""
        price = whole_number(self.cleaned_data["price"])
        if price is None:
            raise forms.ValidationError(_("Write the price as a whole number, for example 2500."))
        if not 0 < price <= MOST:
            raise forms.ValidationError(
                _("This price is too high for a task. Check the zeros.") if price > 0 else _("Name your price.")
            )
        return price

    def values(self) -> dict[str, Any]:
        """For the services: message, price as Money, available_at."""
        minor = self.cleaned_data["price"] * 10 ** get_currency_precision(self.currency)
        return {
            "message": self.cleaned_data["message"],
            "price": Money(minor, self.currency),
            "available_at": self.cleaned_data["available_at"],
        }

    @staticmethod
    def new_operation() -> str:
        return uuid4().hex


class CancelForm(forms.Form):
    """Why a side cancels a deal."""

    reason = forms.ChoiceField(
        label=_("Why are you cancelling?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the reasons."), "invalid_choice": _("Choose one of the reasons.")},
    )
    note = forms.CharField(label=_("In your own words"), required=False, widget=forms.Textarea(attrs=NOTE))

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = choices  # type: ignore[attr-defined]


class CancelTaskForm(CancelForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, choices=[(r.code, str(r.text)) for r in TASK_REASONS], **kwargs)


class RemoveTaskForm(CancelForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, choices=[(r.code, str(r.text)) for r in REMOVAL_REASONS], **kwargs)
        self.fields["reason"].label = _("Why is the task removed?")


class AnswerForm(CancelForm):
    """The other side's view of a cancellation."""

    at_fault = forms.ChoiceField(
        label=_("Whose fault was it?"),
        widget=forms.RadioSelect,
        choices=[*FAULTS, ("unknown", _("Hard to say"))],
        error_messages={"required": _("Say whose fault it was.")},
    )

    def __init__(self, *args: Any, side: str, stage: str, **kwargs: Any) -> None:
        super().__init__(*args, choices=[(r.code, str(r.text)) for r in reasons_of(side, stage)], **kwargs)
        self.fields["reason"].label = _("Why was the deal cancelled?")

    field_order = ("reason", "at_fault", "note")


class DisputeForm(forms.Form):
    reason = forms.CharField(
        label=_("What is wrong with the work?"),
        help_text=_("The executor will read this. If you cannot agree, a moderator will."),
        widget=forms.Textarea(attrs=NOTE),
        error_messages={"required": _("Write what is wrong with the work.")},
    )


class ResolveForm(forms.Form):
    """A moderator ends a dispute."""

    outcome = forms.ChoiceField(
        label=_("Decision"),
        widget=forms.RadioSelect,
        choices=[("accept", _("The work counts as accepted")), ("cancel", _("The deal is cancelled"))],
        error_messages={"required": _("Choose a decision.")},
    )
    at_fault = forms.ChoiceField(
        label=_("Whose fault, if it is cancelled"),
        widget=forms.RadioSelect,
        choices=[*FAULTS, ("unknown", _("Hard to say"))],
        initial="unknown",
    )
    note = forms.CharField(
        label=_("Reason: both sides will read it"),
        widget=forms.Textarea(attrs=NOTE),
        error_messages={"required": _("Write the reason of the decision: both sides will read it.")},
    )


class FaultForm(forms.Form):
    """A moderator decides whose fault a cancellation was."""

    at_fault = forms.ChoiceField(
        label=_("Whose fault was it?"),
        widget=forms.RadioSelect,
        choices=[*FAULTS, ("unknown", _("Hard to say"))],
        error_messages={"required": _("Say whose fault it was.")},
    )
    note = forms.CharField(
        label=_("Reason: both sides will read it"),
        widget=forms.Textarea(attrs={**NOTE, "data-key": "n"}),
        error_messages={"required": _("Write the reason of the decision: both sides will read it.")},
    )


def place_error(form: forms.Form, error: DomainError) -> None:
    """Show a refusal at its field when it names one, above the form otherwise."""
    field = error.field
    form.add_error(field if field in form.fields else None, error.sentence)
