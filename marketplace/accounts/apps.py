from django.apps import AppConfig
from django.contrib.admin import apps as admin
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    default = True
    name = "marketplace.accounts"
    label = "accounts"
    verbose_name = _("People")

    def ready(self) -> None:
        from allauth.account.signals import email_confirmed
        from allauth.mfa.signals import authenticator_added

        from marketplace.accounts.in_step import count_new_factor_as_passed, remember_confirmed_email

        email_confirmed.connect(remember_confirmed_email)
        authenticator_added.connect(count_new_factor_as_passed)


class OperatorAdmin(admin.AdminConfig):
    """Django's admin, opened by our own sign-in and only for operators."""

    default = False
    default_site = "marketplace.accounts.admin_site.OperatorSite"
