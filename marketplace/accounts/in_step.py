"""allauth keeps e-mail addresses in a table of its own; ours follows when one is confirmed there."""

from typing import Any

from allauth.account.models import EmailAddress

from marketplace.accounts.services.people import note_confirmed_email


def remember_confirmed_email(*, email_address: EmailAddress, **_: Any) -> None:
    note_confirmed_email(user_id=email_address.user_id, email=email_address.email)
