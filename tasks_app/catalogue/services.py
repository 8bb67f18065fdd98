"""Changes of the catalogue and of places: operators make them in the admin, and each leaves a row in the audit log."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db import models, transaction

from marketplace.kit import audit
from tasks_app.models import Category, CategoryGroup, City, District, Question, Street

if TYPE_CHECKING:
    from marketplace.accounts.models import User

REFERENCE = (CategoryGroup, Category, Question, City, District, Street)


def save_reference(*, row: models.Model, by: "User", changes: Mapping[str, Any]) -> None:
    """Write a row of the reference data. `changes`: field → the new value, for the audit log.

    Raises ValidationError where the row is not what such a row has to be (see models.validity).
    """
    _known(row)
    row.full_clean()
    with transaction.atomic():
        action = "changed" if row.pk else "added"
        row.save()
        details = {name: _told(value) for name, value in changes.items()}
        audit.record(actor=by, action=f"reference.{action}", subject=_subject(row), details=details)


def delete_reference(*, row: models.Model, by: "User") -> None:
    """Delete a row that nothing stands on. Raises ProtectedError for a category or city with tasks."""
    _known(row)
    with transaction.atomic():
        subject, name = _subject(row), str(row)
        row.delete()
        audit.record(actor=by, action="reference.deleted", subject=subject, details={"name": name})


def _known(row: models.Model) -> None:
    if not isinstance(row, REFERENCE):
        raise TypeError(f"{type(row).__name__} is no reference data.")


def _subject(row: models.Model) -> str:
    return f"{row._meta.model_name}:{row.pk}"


def _told(value: Any) -> Any:
    """As JSON keeps it; geometries are too long for the log."""
    if isinstance(value, str | int | float | bool | list | dict) or value is None:
        return value
    return str(value)[:200]
