"""What people type about the money of a deal. Rules live in the services."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from babel.numbers import get_currency_precision
from django import forms
from django.utils.translation import gettext_lazy as _

from frontend.deal.forms import FAULTS, NOTE
from frontend.wallet.cards.forms import NEW_CARD, card_words
from marketplace.kit.money import Money

if TYPE_CHECKING:
    from payments.models import SavedCard

WHOLE = {"required": _("Write the sum."), "invalid": _("Write the sum in whole roubles.")}


class PayForm(forms.Form):
    """A kept card or the processor's page; `agreed` is the sum that the page showed."""

    operation = forms.CharField(widget=forms.HiddenInput, max_length=64, min_length=8)
    agreed = forms.IntegerField(widget=forms.HiddenInput)
    card = forms.ChoiceField(label=_("Pay with"), widget=forms.RadioSelect, required=False)

    def __init__(self, *args: Any, cards: "Sequence[SavedCard]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = [(str(card.pk), card_words(card)) for card in cards]
        self.fields["card"].choices = [*kept, (NEW_CARD, _("Another card"))]  # type: ignore[attr-defined]
        self.has_cards = bool(kept)

    @staticmethod
    def new_operation() -> str:
        return uuid4().hex

    @property
    def card_id(self) -> int | None:
        chosen = self.cleaned_data["card"]
        return int(chosen) if chosen.isdigit() else None


class SumForm(forms.Form):
    """A part of the price in whole units, and why."""

    amount = forms.IntegerField(min_value=0, error_messages=WHOLE)
    reason = forms.CharField(
        widget=forms.Textarea(attrs=NOTE), error_messages={"required": _("Say why in a few words.")}
    )

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = currency

    def money(self) -> Money:
        return Money(self.cleaned_data["amount"] * 10 ** get_currency_precision(self.currency), self.currency)


class PartForm(SumForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"].label = _("How much would you pay")
        self.fields["amount"].help_text = _("Of the price. 0: everything comes back to you.")
        self.fields["reason"].label = _("What is not done, or done badly")


class DivideForm(SumForm):
    """A moderator's division; the fault matters only when the executor gets nothing."""

    at_fault = forms.ChoiceField(
        label=_("Whose fault, if the executor gets nothing"),
        widget=forms.RadioSelect,
        choices=[*FAULTS, ("unknown", _("Hard to say"))],
        initial="unknown",
    )
    field_order = ("amount", "at_fault", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"].label = _("Of the price, to the executor")
        self.fields["amount"].help_text = _("Before the commission. The rest goes back to the customer's card.")
        self.fields["reason"].label = _("Reason: both sides will read it")


class AppealForm(forms.Form):
    text = forms.CharField(
        label=_("What do you disagree with?"),
        help_text=_("Another moderator reads it and decides for good. The money stays held until then."),
        widget=forms.Textarea(attrs=NOTE),
        error_messages={"required": _("Say why in a few words.")},
    )
