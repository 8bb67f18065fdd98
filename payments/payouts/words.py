"""The processor's codes in people's words."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

Text = str | Promise

_CHECKED = _("the payment service is checking what you sent")

# The first that a requirement begins with names it.
_ASKED: tuple[tuple[str, Text], ...] = (
    ("external_account", _("the bank account that gets the money")),
    ("individual.dob", _("your date of birth")),
    ("individual.first_name", _("your name")),
    ("individual.last_name", _("your name")),
    ("individual.address", _("your address")),
    ("individual.phone", _("your phone")),
    ("individual.email", _("your e-mail address")),
    ("individual.id_number", _("the number of your identity document")),
    ("individual.ssn", _("the number of your identity document")),
    ("individual.verification", _("a picture of your identity document")),
    ("individual", _("facts about you")),
    ("tos_acceptance", _("your consent to the terms of the payment service")),
    ("business_profile", _("what you do")),
    ("business_type", _("whether you are a private person")),
)
_FAILURES: dict[str, Text] = {
    "account_closed": _("The bank account is closed."),
    "account_frozen": _("The bank account is frozen."),
    "bank_account_restricted": _("The bank account does not take such payments."),
    "could_not_process": _("The bank could not process the payment."),
    "debit_not_authorized": _("The bank account does not take such payments."),
    "incorrect_account_holder_name": _("The name of the account's holder does not match."),
    "invalid_account_number": _("There is no bank account with this number."),
    "invalid_currency": _("The bank account does not take this currency."),
    "no_account": _("There is no bank account with this number."),
}


def missing(names: Iterable[str]) -> list[str]:
    """What is asked, each thing once."""
    return list(dict.fromkeys(str(_asked(name)) for name in names))


def problem(code: str) -> str:
    """Why the account was stopped; empty when it was not."""
    if not code:
        return ""
    if code.startswith("rejected"):
        return str(_("The payment service has refused the account. Write to support: we will find another way."))
    if code.endswith("pending_verification"):
        return str(_("The payment service is checking what you sent."))
    return str(_("The payment service needs something more from you."))


def failure(code: str) -> str:
    return str(_FAILURES.get(code, _("The bank did not say why.")))


def failure_source(code: str) -> str:
    """The sentence before translation, to be stored and translated for each reader."""
    with override(None):
        return failure(code)


def source_of(names: list[str]) -> str:
    """The first thing that is asked, before translation."""
    with override(None):
        return str(_asked(names[0])) if names else str(_CHECKED)


def _asked(name: str) -> Text:
    return next(
        (text for start, text in _ASKED if name.startswith(start)), _("one more answer on the payment service's page")
    )
