"""Ways in for tests of pages: the codes that were sent, and signing in as somebody."""

import re
from pathlib import Path
from typing import Any

from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY,
    AUTHENTICATION_METHODS_SESSION_KEY,
)
from django.conf import settings
from django.core import mail
from django.test import Client

from marketplace.accounts.models import User
from marketplace.accounts.second_factor import give_authenticator_app
from marketplace.kit.clock import now


def sign_in(client: Client, person: User, *, second_factor: bool = True) -> Client:
    """A session as the sign-in leaves it; staff have passed a second factor unless told otherwise."""
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
    if person.is_staff and second_factor:
        give_authenticator_app(user=person)
        session = client.session
        record: dict[str, Any] = {"method": "mfa", "at": now().timestamp(), "type": "totp"}
        session[AUTHENTICATION_METHODS_SESSION_KEY] = [record]
        session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(person.pk)
        session.save()
    return client


def texts_to(phone: str) -> list[str]:
    """Text messages to this number, the newest last."""
    outbox = Path(settings.EMAIL_FILE_PATH)
    files = sorted(outbox.glob("*.sms.txt"), key=lambda file: file.stat().st_mtime_ns)
    texts = [file.read_text(encoding="utf-8") for file in files]
    return [text for text in texts if text.startswith(f"To: {phone}\n")]


def code_by_sms(phone: str) -> str:
    return _code(texts_to(phone)[-1].partition("\n")[2])


def code_by_email(address: str) -> str:
    return _code([message for message in mail.outbox if message.to == [address]][-1].body)


def _code(text: str) -> str:
    found = re.search(r"\b\d{6}\b", text)
    assert found, text
    return found[0]
