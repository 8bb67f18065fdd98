"""Confirming a second way to reach a person who is signed in already: a code goes to the phone or the address, as on the pages.

The steps are allauth's; they keep their state in a session of its own for each code, never in the caller's.
"""

from importlib import import_module
from typing import Any, Final, TypeAlias

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.email_verification_by_code import EmailVerificationProcess
from allauth.account.internal.flows.phone_verification import ChangePhoneVerificationProcess
from allauth.core import ratelimit
from allauth.core.exceptions import ImmediateHttpResponse, RateLimited
from allauth.core.internal.cryptokit import compare_user_code
from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.code_sign_in import GOOD_FOR_SECONDS, Started, hold, in_session
from marketplace.accounts.errors import CodeExpired, ContactTaken, TooManyRequests, WrongCode
from marketplace.accounts.models import User
from marketplace.accounts.phones import normal_phone
from marketplace.accounts.requests import SignedIn
from marketplace.accounts.selectors import contact_is_anothers
from marketplace.kit.errors import InvalidInput

_SALT: Final = "contact-code"
_SessionStore: Any = import_module(settings.SESSION_ENGINE).SessionStore
Process: TypeAlias = ChangePhoneVerificationProcess | EmailVerificationProcess


def send_to_phone(request: SignedIn, *, typed: str) -> Started:
    """Raises InvalidInput, ContactTaken, TooManyRequests."""
    return _start(request, phone=normal_phone(typed))


def send_to_email(request: SignedIn, *, typed: str) -> Started:
    """Raises InvalidInput, ContactTaken, TooManyRequests."""
    email = typed.strip().lower()
    try:
        validate_email(email)
    except ValidationError as error:
        raise InvalidInput(field="email", reason=_("Enter an e-mail address such as anna@example.org.")) from error
    return _start(request, email=email)


def confirm(request: SignedIn, *, flow: str, code: str) -> User:
    """The code fits: the phone or the address is the person's own from now on.

    Raises WrongCode, CodeExpired (also for a code that somebody else asked for), ContactTaken.
    """
    try:
        key = signing.loads(flow, salt=_SALT, max_age=GOOD_FOR_SECONDS + 60)
    except signing.BadSignature as error:
        raise CodeExpired from error
    try:
        wrong = _try(request, key, code)
    except IntegrityError as error:
        raise ContactTaken from error
    if wrong is not None:
        raise wrong
    return User.objects.get(pk=request.user.pk)


def _start(request: SignedIn, **contact: str) -> Started:
    if contact_is_anothers(user=request.user, **contact):
        raise ContactTaken
    store = _SessionStore()
    store.set_expiry(GOOD_FOR_SECONDS + 60)
    try:
        ratelimit.consume(request, action="change_phone", user=request.user, raise_exception=True)
        with in_session(request, store):
            _send(request, **contact)
    except (RateLimited, ImmediateHttpResponse) as limited:
        raise TooManyRequests from limited
    store.save()
    (sent_to,) = contact.values()
    return Started(signing.dumps(store.session_key, salt=_SALT), sent_to)


def _send(request: SignedIn, *, phone: str = "", email: str = "") -> None:
    if phone:
        ChangePhoneVerificationProcess.initiate(request, phone)
    else:
        EmailVerificationProcess.initiate(request=request, user=request.user, email=email)


@transaction.atomic
def _try(request: SignedIn, key: str, code: str) -> Exception | None:
    """Why the code confirms nothing, else None; returned and not raised, so that a wrong try is counted for good."""
    if not hold(key):
        return CodeExpired()
    store = _SessionStore(session_key=key)
    with in_session(request, store):
        process = _waiting(request)
        if process is None or process.user is None or process.state["user_id"] != str(request.user.pk):
            return CodeExpired()
        if not compare_user_code(actual=code, expected=process.code):
            left = process.record_invalid_attempt()
            store.save()
            return WrongCode() if left else CodeExpired()
        if not _finish(process):
            return ContactTaken()
    store.delete()
    return None


def _waiting(request: HttpRequest) -> Process | None:
    return ChangePhoneVerificationProcess.resume(request) or EmailVerificationProcess.resume(request)


def _finish(process: Process) -> bool:
    """False when somebody else has confirmed it meanwhile."""
    if isinstance(process, EmailVerificationProcess):
        return process.email_address.verified or process.finish() is not None
    if get_adapter().get_user_by_phone(process.phone) not in (None, process.user):
        return False
    process.finish()
    return True
