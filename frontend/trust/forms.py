from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

STARS = [
    (5, pgettext_lazy("stars", "5 — excellent")),
    (4, pgettext_lazy("stars", "4 — good")),
    (3, pgettext_lazy("stars", "3 — fair")),
    (2, pgettext_lazy("stars", "2 — poor")),
    (1, pgettext_lazy("stars", "1 — bad")),
]
MARKS = [(n, str(n)) for n in range(1, 6)]


def _mark(label: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label, choices=MARKS, coerce=int, required=False, empty_value=None, widget=forms.RadioSelect
    )


class ReviewForm(forms.Form):
    stars = forms.TypedChoiceField(label=_("How was it?"), choices=STARS, coerce=int, widget=forms.RadioSelect)
    quality = _mark(_("Quality of work"))
    punctuality = _mark(_("Punctuality"))
    politeness = _mark(_("Politeness"))
    price = _mark(_("Price as agreed"))
    text = forms.CharField(
        label=_("In your words"),
        help_text=_("What was done, how it went, what others should know."),
        max_length=2000,
        required=False,
        widget=forms.Textarea,
    )

    CRITERIA = ("quality", "punctuality", "politeness", "price")

    def criteria(self) -> dict[str, int]:
        return {name: self.cleaned_data[name] for name in self.CRITERIA if self.cleaned_data[name]}

    def marks(self) -> list[forms.BoundField]:
        return [self[name] for name in self.CRITERIA]


class ReplyForm(forms.Form):
    text = forms.CharField(label=_("Your reply"), min_length=2, max_length=1000, widget=forms.Textarea)


class AlbumForm(forms.Form):
    title = forms.CharField(label=_("Name of the album"), min_length=2, max_length=80)


class PhotoForm(forms.Form):
    photo = forms.FileField(label=_("Picture"), help_text=_("JPEG, PNG or WebP, up to 15 MB."))
    caption = forms.CharField(label=_("Caption"), max_length=120, required=False)
