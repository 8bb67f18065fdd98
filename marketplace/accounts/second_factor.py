"""Whether this session has passed a second factor, and the demo world's way to say so."""

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest

from marketplace.accounts.models import User
from marketplace.kit import audit
from marketplace.kit.errors import NotFound

FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def has_second_factor(user: User) -> bool:
    return is_mfa_enabled(user, FACTORS)


def passed_second_factor(request: HttpRequest) -> bool:
    """allauth keeps in the session which methods were used in it."""
    return any(record["method"] == "mfa" for record in get_authentication_records(request, request.user))


def give_authenticator_app(*, user: User) -> None:
    """A TOTP device, so that people of the demo world and of tests are staff like any other."""
    if not has_second_factor(user):
        TOTP.activate(user, generate_totp_secret())


def sign_in_without_codes(request: HttpRequest, user: User) -> None:
    """Sign in as `user`, second factor included: the demo page's one click. Raises NotFound outside demo mode.

    The session's own record and the audit log say that it was the demo, not an app, that vouched.
    """
    if not settings.DEMO:
        raise NotFound
    login(request, user, backend=_BACKEND)
    record_authentication(request, user, method="code", demo=True)
    if user.is_staff:
        give_authenticator_app(user=user)
        record_authentication(request, user, method="mfa", type="totp", demo=True)
        audit.record(actor=user, action="staff.signed_in_by_demo", subject=f"user:{user.pk}")
