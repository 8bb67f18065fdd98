"""What a policy answers: yes, or no with a code and the sentence that the person reads."""

from dataclasses import dataclass

from django.utils.functional import Promise

from marketplace.kit.errors import PolicyDenied


@dataclass(frozen=True, slots=True)
class Allowed:
    def __bool__(self) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class Denied:
    code: str
    reason: str | Promise
    status: int = 403

    def __bool__(self) -> bool:
        return False


Decision = Allowed | Denied


def require(decision: Decision) -> None:
    """Raise PolicyDenied unless allowed."""
    if isinstance(decision, Denied):
        raise PolicyDenied(code=decision.code, status=decision.status, reason=decision.reason)
