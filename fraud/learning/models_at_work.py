"""Which model judges: challenger → shadow → champion by its figures, and one step back by one command."""

from typing import TYPE_CHECKING, Any

from django.db import transaction

from fraud.learning.errors import ModelUnknown, NotBetter, NoWayBack
from fraud.learning.models import ModelVersion
from fraud.learning.separation import compare
from marketplace.accounts import policies as people
from marketplace.kit import audit
from marketplace.kit.clock import now
from marketplace.kit.errors import NotFound

if TYPE_CHECKING:
    from marketplace.accounts.models import User

Role = ModelVersion.Role
FIRST, FIRST_WITH_CONTEXT = "shipped:geography", "shipped:context"


@transaction.atomic
def register(*, version: str, path: str, metrics: dict[str, Any] | None = None) -> ModelVersion:
    """A challenger; the same version again renews its figures."""
    row, created = ModelVersion.objects.get_or_create(
        version=version, defaults={"path": path, "metrics": metrics or {}, "trained_at": now(), "role_since": now()}
    )
    if not created and metrics:
        row.metrics = metrics
        row.save(update_fields=["metrics"])
    return row


@transaction.atomic
def to_shadow(*, version: str, by: "User | None" = None) -> ModelVersion:
    """Score beside the champion, without effect. Raises ModelUnknown."""
    row = _locked(version, by)
    _leave(Role.SHADOW, Role.CHALLENGER)
    return _enter(row, Role.SHADOW, by)


@transaction.atomic
def promote(*, version: str, by: "User | None" = None, force: bool = False) -> ModelVersion:
    """Give the model the work. Without `force` only when, on cancellations that people decided and both have scored, it told
    fraud from honest people at least as well as what served, and not below the least that is asked of any model. Raises
    ModelUnknown, NotBetter."""
    row = _locked(version, by)
    if not force and not compare(version).is_better:
        raise NotBetter
    for old in ModelVersion.objects.filter(role=Role.CHAMPION):
        old.was_champion_until = now()
        old.save(update_fields=["was_champion_until"])
    _leave(Role.CHAMPION, Role.RETIRED)
    return _enter(row, Role.CHAMPION, by)


@transaction.atomic
def roll_back(*, by: "User | None" = None) -> ModelVersion | None:
    """The champion before this one serves again; before the first model it is the readable rule (None). Raises NoWayBack
    when the rule judges already."""
    _may(by)
    if not ModelVersion.objects.filter(role=Role.CHAMPION).exists():
        raise NoWayBack
    earlier = ModelVersion.objects.filter(role=Role.RETIRED).exclude(was_champion_until=None)
    row = earlier.order_by("-was_champion_until").first()
    _leave(Role.CHAMPION, Role.CHALLENGER)
    if row is None:
        audit.record(actor=by, action="model.rolled_back", subject="model:rule")
        return None
    row.was_champion_until = None
    row.save(update_fields=["was_champion_until"])
    return _enter(row, Role.CHAMPION, by)


def models_known(limit: int = 20) -> list[ModelVersion]:
    """The latest changed first."""
    return list(ModelVersion.objects.order_by("-role_since")[:limit])


def _locked(version: str, by: "User | None") -> ModelVersion:
    _may(by)
    row = ModelVersion.objects.select_for_update().filter(version=version).first()
    if row is None:
        raise ModelUnknown
    return row


def _may(by: "User | None") -> None:
    """None: a command or a job."""
    if by is not None and not people.is_operator(by):
        raise NotFound


def _leave(role: str, to: str) -> None:
    ModelVersion.objects.filter(role=role).update(role=to, role_since=now())


def _enter(row: ModelVersion, role: str, by: "User | None") -> ModelVersion:
    row.role, row.role_since = role, now()
    row.save(update_fields=["role", "role_since"])
    audit.record(actor=by, action=f"model.{role}", subject=f"model:{row.version}"[:80])
    return row
