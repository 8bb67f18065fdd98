"""How allauth finds and writes our people."""

from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    """Phone and e-mail on our own user model."""
