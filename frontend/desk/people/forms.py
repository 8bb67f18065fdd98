"""What a moderator types about a person."""

from django import forms
from django.utils.translation import gettext_lazy as _


class RestrictForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("What is forbidden"),
        choices=[("responding", _("responding")), ("posting", _("posting tasks")), ("blocked", _("everything"))],
        widget=forms.RadioSelect,
    )
    days = forms.TypedChoiceField(
        label=_("For how long"),
        choices=[("3", _("3 days")), ("14", _("14 days")), ("90", _("90 days")), ("0", _("until lifted"))],
        coerce=int,
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reason, which the person reads"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
