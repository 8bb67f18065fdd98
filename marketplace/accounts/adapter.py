"""How allauth finds and writes our people: a phone or an e-mail address, and a one-time code sent to it."""

import base64
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.accounts.models import User
from marketplace.accounts.phones import normal_phone
from marketplace.accounts.services.people import confirm_phone
from marketplace.accounts.sms import send_sms
from marketplace.kit.errors import InvalidInput

RETURN_TO = "return_to"  # key of the session: where a page asked for a phone or an address
STAFF_SESSION_SECONDS = 12 * 3600


class PhoneField(forms.CharField):
    """Any usual way to write a number; the value is E.164."""

    widget = forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"})

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        try:
            return normal_phone(typed) if typed else ""
        except InvalidInput as error:
            raise ValidationError(error.sentence, code="invalid_phone") from error


class AccountAdapter(DefaultAccountAdapter):
    """Phone and e-mail on our own user model."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "incorrect_code": gettext_lazy("This code does not fit. Check the last message and type it again."),
        "too_many_login_attempts": gettext_lazy("Too many tries. Wait a few minutes and ask for a new code."),
        "rate_limited": gettext_lazy("Too many requests. Wait a minute and try again."),
        "email_taken": gettext_lazy("This e-mail address belongs to another account."),
        "phone_taken": gettext_lazy("This phone number belongs to another account."),
        "same_as_current": gettext_lazy("This is what you have already."),
        "invalid_login": gettext_lazy("Enter a phone number or an e-mail address."),
        "account_inactive": gettext_lazy("This account is closed."),
    }

    def get_login_stages(self) -> list[str]:
        """No stages that confirm the phone or the e-mail: the code that lets a person in has done so."""
        needless = (".PhoneVerificationStage", ".EmailVerificationStage")
        return [stage for stage in super().get_login_stages() if not stage.endswith(needless)]

    def phone_form_field(self, **kwargs: Any) -> PhoneField:
        return PhoneField(**kwargs)

    def get_user_by_phone(self, phone: str) -> User | None:
        return User.objects.filter(phone=phone).first()

    def get_phone(self, user: User) -> tuple[str, bool] | None:
        return (user.phone, user.phone_confirmed_at is not None) if user.phone else None

    def set_phone(self, user: User, phone: str, verified: bool) -> None:
        if verified:
            confirm_phone(user=user, phone=phone)
        else:
            user.phone, user.phone_confirmed_at = phone, None
            user.save(update_fields=["phone", "phone_confirmed_at"])

    def set_phone_verified(self, user: User, phone: str) -> None:
        if user.phone != phone or user.phone_confirmed_at is None:
            confirm_phone(user=user, phone=phone)

    def send_verification_code_sms(self, user: User, phone: str, code: str, **kwargs: Any) -> None:
        send_sms(phone=phone, text=_("Poruchi: your code is %(code)s. Tell it to nobody.") % {"code": code})
        self._show_in_demo(code)

    def send_account_already_exists_sms(self, phone: str) -> None:
        send_sms(phone=phone, text=_("Poruchi: this number belongs to another account. Sign in with it."))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        super().send_mail(template_prefix, email, context)
        if code := context.get("code"):
            self._show_in_demo(code)

    def _show_in_demo(self, code: str) -> None:
        """The page that asks for the code shows it, in demo mode only: there is no phone to look at."""
        if settings.DEMO:
            self.request.session["demo_code"] = code

    def send_account_already_exists_mail(self, email: str) -> None:
        login_url = settings.SITE_URL + reverse("account_login")
        self.send_mail("account/email/account_already_exists", email, {"login_url": login_url})

    def can_delete_email(self, email_address: EmailAddress) -> bool:
        """A confirmed address is replaced by another one, never just taken away."""
        return not email_address.verified

    def get_email_verification_redirect_url(self, email_address: EmailAddress) -> str:
        return self.request.session.pop(RETURN_TO, None) or reverse("account:profile")

    def format_email_subject(self, subject: str) -> str:
        return subject

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """A new person tells their name first; the session of staff ends after a working day."""
        request.session.pop("demo_code", None)
        if user.is_staff:
            request.session.set_expiry(STAFF_SESSION_SECONDS)
        response: HttpResponse = super().post_login(request, user, **kwargs)
        if user.name:
            return response
        return HttpResponseRedirect(f"{reverse('account:welcome')}?{urlencode({'next': response.headers['Location']})}")


class MfaAdapter(DefaultMFAAdapter):
    """Secrets of authenticator apps are encrypted at rest; staff cannot drop their last second factor."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy("This code does not fit. Wait for the next one in the app and type it."),
        "unverified_email": gettext_lazy("Confirm your e-mail address first."),
        "cannot_delete_authenticator": gettext_lazy("Staff keep at least one second factor. Add another one first."),
    }

    def encrypt(self, text: str) -> str:
        return _fernet(settings.SECRET_KEY).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _fernet(settings.SECRET_KEY).decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        factors = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
        others = Authenticator.objects.filter(user=authenticator.user, type__in=factors).exclude(pk=authenticator.pk)
        return not authenticator.user.is_staff or others.exists()


def _fernet(secret: str) -> Fernet:
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"second factor").derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(key))
