"""What we do when allauth has done something: its tables and sessions and our rows stay in step."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.http import HttpRequest

from marketplace.accounts.models import User
from marketplace.accounts.second_factor import FACTORS
from marketplace.accounts.services.people import note_confirmed_email


def remember_confirmed_email(*, email_address: EmailAddress, **_: Any) -> None:
    note_confirmed_email(user_id=email_address.user_id, email=email_address.email)


def count_new_factor_as_passed(*, request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    """Who has just set a factor up has shown it; asking for it again on the next page would prove nothing more."""
    if authenticator.type in FACTORS:
        record_authentication(
            request, user, method="mfa", type=authenticator.type, id=authenticator.pk, reauthenticated=True
        )
