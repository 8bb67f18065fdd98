"""Signing in with a code where there is no browser session (phone apps).

allauth's own process runs in a session of the server's that only this sign-in knows; the app holds its signed name.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final

from allauth.account.adapter import get_adapter
from allauth.account.forms import RequestLoginCodeForm
from allauth.account.internal.flows.email_verification import verify_email_indirectly
from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.stages import LoginByCodeStage, LoginStageController
from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import update_last_login
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from marketplace.accounts import services
from marketplace.accounts.errors import AccountClosed, CodeExpired, SecondFactorNeeded, TooManyRequests, WrongCode
from marketplace.accounts.models import User
from marketplace.accounts.phones import normal_phone
from marketplace.accounts.second_factor import has_second_factor
from marketplace.kit.errors import InvalidInput

GOOD_FOR_SECONDS: Final = settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT
EITHER: Final = _("Enter a phone number such as +7 912 345-67-89, or an e-mail address.")
_SALT: Final = "code-sign-in"
_SessionStore: Any = import_module(settings.SESSION_ENGINE).SessionStore


@dataclass(frozen=True, slots=True)
class Started:
    """`flow` goes back with the code; the code is good for `good_for_seconds`."""

    flow: str
    sent_to: str
    good_for_seconds: int = GOOD_FOR_SECONDS


def read_login(typed: str) -> dict[str, str]:
    """{"phone": E.164} or {"email": address}. Raises InvalidInput."""
    typed = typed.strip()
    try:
        if "@" not in typed:
            return {"phone": normal_phone(typed)}
        validate_email(typed)
    except (InvalidInput, ValidationError) as error:
        raise InvalidInput(field="login", reason=EITHER) from error
    return {"email": typed.lower()}


def start(request: HttpRequest, *, login: str) -> Started:
    """Send a code to a phone or an address, known or new. Raises InvalidInput, TooManyRequests."""
    whom = read_login(login)
    form = RequestLoginCodeForm(whom)
    if not form.is_valid():
        raise TooManyRequests
    person = form._user or services.open_account(language=(get_language() or "ru")[:2], **whom)
    store = _SessionStore()
    store.set_expiry(GOOD_FOR_SECONDS + 60)
    with in_session(request, store):
        LoginCodeVerificationProcess.initiate(request=request, user=person, **whom)
    store.save()
    (sent_to,) = whom.values()
    return Started(signing.dumps(store.session_key, salt=_SALT), sent_to)


@transaction.atomic
def _try(request: HttpRequest, key: str, code: str, second_factor: str) -> User | Exception:
    """Who the code lets in, or why not; returned and not raised, so that a wrong try is counted for good."""
    if not hold(key):
        return CodeExpired()
    store = _SessionStore(session_key=key)
    with in_session(request, store):
        stage = LoginStageController.enter(request, LoginByCodeStage.key)
        process = LoginCodeVerificationProcess.resume(stage) if stage else None
        if process is None:
            return CodeExpired()
        if not compare_user_code(actual=code, expected=process.code):
            left = process.record_invalid_attempt()
            store.save()
            return WrongCode() if left else CodeExpired()
        person: User = process.user
        if not person.is_active:
            return AccountClosed()
        if has_second_factor(person) and not _fits(person, second_factor):
            if second_factor:
                process.record_invalid_attempt()
                store.save()
            return SecondFactorNeeded()
        _confirm(request, person, process.state)
    store.delete()
    person.refresh_from_db()
    return person


def hold(key: str) -> bool:
    """Tries of one sign-in wait for each other, so that those sent at once count one by one."""
    return Session.objects.select_for_update().filter(session_key=key).first() is not None


def finish(request: HttpRequest, *, flow: str, code: str, second_factor: str = "") -> User:
    """The person whose code this is. Raises WrongCode, CodeExpired, SecondFactorNeeded, AccountClosed."""
    try:
        key = signing.loads(flow, salt=_SALT, max_age=GOOD_FOR_SECONDS + 60)
    except signing.BadSignature as error:
        raise CodeExpired from error
    result = _try(request, key, code, second_factor)
    if isinstance(result, Exception):
        raise result
    return result


def _fits(person: User, second_factor: str) -> bool:
    """A code of the authenticator app."""
    app = Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).first()
    return bool(second_factor and app and app.wrap().validate_code(second_factor))


def _confirm(request: HttpRequest, person: User, state: dict[str, Any]) -> None:
    if phone := state.get("phone"):
        get_adapter().set_phone_verified(person, phone)
    elif email := state.get("email"):
        verify_email_indirectly(request, person, email)
    update_last_login(None, person)  # type: ignore[arg-type]  # the receiver of Django's own signal


@contextmanager
def in_session(request: HttpRequest, store: SessionBase) -> Iterator[None]:
    """allauth reads and writes `request.session`; the caller's own stays untouched."""
    own, request.session = request.session, store
    try:
        yield
    finally:
        request.session = own
