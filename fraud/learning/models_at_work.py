"""Which model judges: challenger → shadow → champion by its figures, and one step back by one command."""

from typing import TYPE_CHECKING, Any

from django.db import transaction

from fraud.learning.errors import AtWork, ModelUnknown, NotCompared, NoWayBack, Weaker
from fraud.learning.models import ModelVersion
from fraud.learning.separation import ENOUGH_LABELS, Comparison, compare
from fraud.rules import rule
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
def adopt_shipped(*, feature_set: str = "geography", by: "User | None" = None) -> ModelVersion:
    """The model that comes with the code becomes a challenger, to be let into the shadow or promoted; adopted before, it stays
    what it is. Raises NotFound for who is no operator, ModelUnknown."""
    _may(by)
    path = f"shipped:{feature_set}"
    if path not in (FIRST, FIRST_WITH_CONTEXT):
        raise ModelUnknown
    from fraud.scoring.by_model import model_of

    row = register(version=model_of(path).version, path=path)
    audit.record(actor=by, action="model.adopted", subject=f"model:{row.version}"[:80])
    return row


@transaction.atomic
def to_shadow(*, version: str, by: "User | None" = None) -> ModelVersion:
    """Score beside the champion, without effect. Raises ModelUnknown, and AtWork for the champion: it would leave its work."""
    row = _locked(version, by)
    if row.role == Role.CHAMPION:
        raise AtWork
    _leave(Role.SHADOW, Role.CHALLENGER)
    return _enter(row, Role.SHADOW, by)


@transaction.atomic
def promote(*, version: str, by: "User | None" = None, force: bool = False) -> ModelVersion:
    """Give the model the work. Without `force` only when, on cancellations that people decided and both have scored, it told
    fraud from honest people at least as well as what served, and not below the least that is asked of any model. Raises
    ModelUnknown, NotBetter (with the figures)."""
    row = _locked(version, by)
    if not force:
        _require_better(compare(version))
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
    _lock_all()
    if champion() is None:
        raise NoWayBack
    row = before_it()
    ModelVersion.objects.filter(role=Role.CHAMPION).update(was_champion_until=None)
    _leave(Role.CHAMPION, Role.CHALLENGER)
    if row is None:
        audit.record(actor=by, action="model.rolled_back", subject="model:rule")
        return None
    row.was_champion_until = None
    row.save(update_fields=["was_champion_until"])
    return _enter(row, Role.CHAMPION, by)


def champion() -> ModelVersion | None:
    """What judges; None: the readable rule."""
    return ModelVersion.objects.filter(role=Role.CHAMPION).first()


def before_it() -> ModelVersion | None:
    """What would judge after a step back; None: the readable rule."""
    earlier = ModelVersion.objects.exclude(role=Role.CHAMPION).exclude(was_champion_until=None)
    return earlier.order_by("-was_champion_until").first()


def models_known(limit: int = 20) -> list[ModelVersion]:
    """The latest changed first."""
    return list(ModelVersion.objects.order_by("-role_since")[:limit])


def _locked(version: str, by: "User | None") -> ModelVersion:
    _may(by)
    row = _lock_all().get(version)
    if row is None:
        raise ModelUnknown
    return row


def _lock_all() -> dict[str, ModelVersion]:
    """By version. Who comes second sees what the first one made of the roles."""
    return {row.version: row for row in ModelVersion.objects.select_for_update().order_by("pk")}


def _require_better(found: Comparison) -> None:
    if found.own is None or found.standing is None:
        raise NotCompared(count=found.count, enough=ENOUGH_LABELS)
    if not found.is_better:
        of_100 = {"own": found.own, "standing": found.standing, "least": rule("least_separation")}
        raise Weaker(count=found.count, **{name: f"{100 * share:.0f}" for name, share in of_100.items()})


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
