"""Errors that carry a stable code, an HTTP status and a sentence for the person. Pages and the API show the same."""

from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class DomainError(Exception):
    """Subclasses set `code`, `status` and `message`; `message` may use %(name)s of `params`. `field`: of the form, where it is
    about one."""

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 409
    message: ClassVar[str | Promise] = _("This cannot be done.")
    field: str = ""

    def __init__(self, **params: Any) -> None:
        self.params = params
        super().__init__(self.code)

    @property
    def sentence(self) -> str:
        return str(self.message) % self.params if self.params else str(self.message)

    def __str__(self) -> str:
        return f"{self.code}: {self.sentence}"


class PolicyDenied(DomainError):
    """A policy said no; code, status and sentence are those of the Denied."""

    def __init__(self, *, code: str, status: int, reason: str | Promise) -> None:
        self.__dict__.update(code=code, status=status, reason=reason)
        super().__init__()

    @property
    def sentence(self) -> str:
        return str(self.__dict__["reason"])


class NotFound(DomainError):
    """The object does not exist, or not for this person: the two look the same."""

    code = "not_found"
    status = 404
    message = _("We could not find this. It may have been removed.")


class StaleState(DomainError):
    """Somebody else was faster: the object is no longer in a state that allows the step."""

    code = "stale_state"
    status = 409
    message = _("This has changed in the meantime. Refresh the page to see how it stands.")


class InvalidInput(DomainError):
    """A value that a form would have refused. `field` names it."""

    code = "invalid_input"
    status = 422

    def __init__(self, *, field: str, reason: str | Promise) -> None:
        self.field, self.reason = field, reason
        super().__init__()

    @property
    def sentence(self) -> str:
        return str(self.reason)
