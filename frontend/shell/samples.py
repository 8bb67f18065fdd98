"""Words and figures for the living page of components: real ones, in the reader's language."""

import json
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.kit.clock import now
from marketplace.kit.money import Money


def icon_names() -> list[str]:
    """Every name that c-icon and a category may use."""
    return list(json.loads(settings.ICON_NAMES.read_text()))


class SampleForm(forms.Form):
    title = forms.CharField(
        label=gettext_lazy("What has to be done?"),
        help_text=gettext_lazy("One line: an executor decides by it whether to open the task."),
    )
    price = forms.IntegerField(label=gettext_lazy("Your budget"))
    details = forms.CharField(label=gettext_lazy("Details"), widget=forms.Textarea, required=False)
    when = forms.ChoiceField(
        label=gettext_lazy("Which day?"),
        widget=forms.RadioSelect,
        choices=[
            ("today", gettext_lazy("Today")),
            ("tomorrow", gettext_lazy("Tomorrow")),
            ("any", gettext_lazy("Any day")),
        ],
    )
    tools = forms.MultipleChoiceField(
        label=gettext_lazy("What should the executor bring?"),
        widget=forms.CheckboxSelectMultiple,
        choices=[("ladder", gettext_lazy("A ladder")), ("drill", gettext_lazy("A drill"))],
    )
    flexible = forms.BooleanField(
        label=gettext_lazy("The time can be discussed"),
        help_text=gettext_lazy("There will be more responses: the executor offers another time."),
        required=False,
    )


def component_samples() -> dict[str, Any]:
    wrong = SampleForm({"title": "", "price": "", "when": "tomorrow"}, auto_id="wrong_%s")
    wrong.is_valid()
    return {
        "samples": {
            "form": SampleForm(auto_id="sample_%s", initial={"when": "tomorrow", "title": _("Hang a chandelier")}),
            "wrong": wrong,
            "price": Money(250_000),
            "fee": Money(12_000),
            "balance": Money(124_000),
            "refund": Money(9_000),
            "names": [_("Andrey K."), _("Maria S."), _("Ilya P."), _("Vera T.")],
            "now": now(),
        }
    }
