"""What people type about themselves."""

from typing import Any

from allauth.account.forms import LoginForm
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from marketplace.accounts import services
from marketplace.accounts.code_sign_in import EITHER, read_login
from marketplace.kit.errors import DomainError, InvalidInput
from tasks_app import selectors as tasks

LANGUAGES = [("ru", "Русский"), ("en", "English")]


def refuse(form: forms.Form, error: DomainError) -> None:
    """Show a domain refusal at the field it is about, or above the form."""
    field = error.field
    form.add_error(field if field in form.fields else None, error.sentence)


class SignInForm(LoginForm):
    """A phone number or an e-mail address. Whether an account exists already cannot be told from the answer."""

    user: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = forms.CharField(
            label=_("Phone or e-mail"),
            max_length=254,
            error_messages={"required": EITHER},
            widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
        )

    def clean_login(self) -> str:
        try:
            (login,) = read_login(self.cleaned_data["login"]).values()
        except InvalidInput as error:
            raise ValidationError(error.sentence, code="invalid_login") from error
        return login

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        if self.user is None:
            self.user = services.open_account(language=(get_language() or "ru")[:2], **self.user_credentials())
        response: HttpResponse = super().login(request, redirect_url=redirect_url)
        return response


class PersonForm(forms.Form):
    name = forms.CharField(label=_("First and last name"), max_length=80)
    city = forms.ChoiceField(label=_("City"), required=False)
    language = forms.ChoiceField(label=_("Language of messages"), choices=LANGUAGES, widget=forms.RadioSelect)

    def __init__(self, *args: Any, person: Any, **kwargs: Any) -> None:
        initial = {"name": person.name, "city": person.city_id or "", "language": person.language}
        kwargs["initial"] = initial
        super().__init__(*args, **kwargs)
        cities = [(str(city.pk), city.name) for city in tasks.active_cities()]
        self.fields["city"].choices = [("", _("Not chosen")), *cities]  # type: ignore[attr-defined]

    @property
    def city_id(self) -> int | None:
        chosen = self.cleaned_data["city"]
        return int(chosen) if chosen else None


class PhotoForm(forms.Form):
    photo = forms.FileField(
        label=_("Photo"), widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"})
    )


class VerificationForm(forms.Form):
    full_name = forms.CharField(
        label=_("First and last name as in the document"),
        max_length=160,
        error_messages={"required": _("Write your name as in the document.")},
    )
    document_kind = forms.ChoiceField(
        label=_("Document"),
        choices=list(services.DOCUMENT_KINDS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the document.")},
    )
    document = forms.FileField(
        label=_("Photo of the document"),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp", "capture": "environment"}),
        error_messages={"required": _("Add a photo of the document."), "empty": _("This photo is empty. Add another.")},
    )
    selfie = forms.FileField(
        label=_("Photo of yourself with the document"),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp", "capture": "user"}),
        error_messages={
            "required": _("Add a photo of yourself with the document."),
            "empty": _("This photo is empty. Add another."),
        },
    )
    consent = forms.BooleanField(
        label=_("I agree that a moderator looks at these photos to check who I am"),
        error_messages={"required": _("We can check documents only with your consent.")},
    )
