"""What people type on the pages of top-ups. Sums are whole units of the currency."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.kit.money import Money
from payments.models import AutoTopUp, SavedCard

OTHER_SUM = "other"
NEW_CARD = "new"
WHOLE = {"invalid": _("Write the sum in whole roubles.")}
MOST = 10_000_000  # roubles: above it a sum is a slip of the finger, and the books' numbers are far away


def card_words(card: SavedCard) -> str:
    return f"{card.brand.title()} ·· {card.last4}"


def until_words(card: SavedCard) -> str:
    """«12/27», as it is printed on the card."""
    return f"{card.exp_month:02}/{card.exp_year % 100:02}"


def new_operation() -> str:
    return uuid4().hex


class TopUpForm(forms.Form):
    """A sum of three, or another one; a kept card, or the processor's page."""

    operation = forms.CharField(widget=forms.HiddenInput, max_length=64, min_length=8)
    back = forms.CharField(widget=forms.HiddenInput, max_length=300, required=False)
    preset = forms.ChoiceField(label=_("How much"), widget=forms.RadioSelect, required=False)
    other = forms.IntegerField(
        label=_("Another sum"), required=False, min_value=1, max_value=MOST, error_messages=WHOLE
    )
    card = forms.ChoiceField(label=_("Pay with"), widget=forms.RadioSelect, required=False)
    keep_card = forms.BooleanField(
        label=_("Keep this card"),
        help_text=_("For next time, and for automatic top-up if you switch it on. You can take it away at any moment."),
        required=False,
    )

    def __init__(self, *args: Any, presets: Sequence[Money], cards: Sequence[SavedCard], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sums = [(str(value.minor), value.format()) for value in presets]
        kept = [(str(card.pk), card_words(card)) for card in cards]
        self.fields["preset"].choices = [*sums, (OTHER_SUM, _("Another sum"))]  # type: ignore[attr-defined]
        self.fields["card"].choices = [*kept, (NEW_CARD, _("Another card"))]  # type: ignore[attr-defined]
        self.has_cards = bool(kept)

    new_operation = staticmethod(new_operation)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("preset") in ("", OTHER_SUM) and "other" in data and data["other"] is None:
            self.add_error("other", _("Write the sum."))
        return data

    @property
    def amount(self) -> Money:
        """What was typed counts before what was chosen."""
        typed = self.cleaned_data["other"]
        return Money(typed * 100 if typed is not None else int(self.cleaned_data["preset"]))

    @property
    def card_id(self) -> int | None:
        chosen = self.cleaned_data["card"]
        return int(chosen) if chosen.isdigit() else None


class AutomaticForm(forms.Form):
    threshold = forms.IntegerField(label=_("When less is left than"), min_value=0, max_value=MOST, error_messages=WHOLE)
    amount = forms.IntegerField(label=_("top up by"), min_value=1, max_value=MOST, error_messages=WHOLE)
    monthly_cap = forms.IntegerField(
        label=_("At most in a calendar month"),
        help_text=_("Above this nothing is taken by itself; we only tell you."),
        min_value=1,
        max_value=MOST,
        error_messages=WHOLE,
    )

    @classmethod
    def of(cls, wish: AutoTopUp | None, data: Any = None) -> "AutomaticForm":
        start = (
            (wish.threshold_minor, wish.amount_minor, wish.monthly_cap_minor) if wish else (20_000, 100_000, 500_000)
        )
        names = ("threshold", "amount", "monthly_cap")
        return cls(data, initial={name: minor // 100 for name, minor in zip(names, start, strict=True)})

    def money(self) -> dict[str, Money]:
        """For the service."""
        return {name: Money(self.cleaned_data[name] * 100) for name in ("threshold", "amount", "monthly_cap")}


class ReturnForm(forms.Form):
    operation = forms.CharField(widget=forms.HiddenInput, max_length=64, min_length=8)
    amount = forms.IntegerField(label=_("How much"), min_value=1, max_value=MOST, error_messages=WHOLE)
