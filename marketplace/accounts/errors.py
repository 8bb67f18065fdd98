"""Refusals about people, each with its code and sentence."""

from django.utils.translation import gettext_lazy as _

from marketplace.kit.errors import DomainError


class VerificationFull(DomainError):
    """The city takes no more requests today."""

    code = "verification_full"
    status = 409
    message = _("Today's checks in this city are all taken. Come back after midnight by the city's time.")


class AlreadyAppealed(DomainError):
    """One appeal for one decision."""

    code = "already_appealed"
    status = 409
    message = _("You have appealed against this already. We answer within three days.")


class WrongCode(DomainError):
    """The one-time code does not fit."""

    code = "wrong_code"
    status = 422
    message = _("This code does not fit. Check the last message and type it again.")


class CodeExpired(DomainError):
    """No code is waited for: too late, too many tries, or used already."""

    code = "code_expired"
    status = 410
    message = _("This code is not valid any more. Ask for a new one.")


class ContactTaken(DomainError):
    """A phone or an address that another account has."""

    code = "contact_taken"
    status = 409
    message = _("This belongs to another account. Sign in with it, or use another one.")


class TooManyRequests(DomainError):
    """A limit on codes by number, address or network."""

    code = "too_many_requests"
    status = 429
    message = _("Too many requests. Wait a minute and try again.")


class LimitsAway(DomainError):
    """The counters that limit codes cannot be reached."""

    code = "try_later"
    status = 503
    message = _("This is not possible for a moment. Try again in a few minutes.")


class SecondFactorNeeded(DomainError):
    """People with a second factor sign in on the pages, not by a code alone."""

    code = "second_factor_needed"
    status = 403
    message = _("This account asks for a second factor. Sign in on the site.")


class AccountClosed(DomainError):
    code = "account_closed"
    status = 403
    message = _("This account is closed.")
