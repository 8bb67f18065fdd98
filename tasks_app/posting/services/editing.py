"""Changing an open task. What people have paid to answer may change only with a word to them and a way back."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from marketplace.kit import live
from marketplace.kit.clock import now
from marketplace.kit.policy import require
from marketplace.notifications.services import notify
from tasks_app.locks import lock_task
from tasks_app.models import Response, Task, TaskEvent
from tasks_app.posting.content import DraftContent
from tasks_app.posting.errors import AnswersRefused
from tasks_app.posting.parts import CLEAN
from tasks_app.posting.policies import may_edit
from tasks_app.posting.services.publishing import add_points, place_fields, price_fields, time_fields
from tasks_app.posting.written import written_parts

if TYPE_CHECKING:
    from marketplace.accounts.models import User

EDITABLE = ("details", "when", "budget", "place")
TERMS = {"when": gettext_noop("the time"), "budget": gettext_noop("the budget"), "place": gettext_noop("the place")}


def edit_task(*, task_id: int, by: "User", part: str, values: dict[str, Any]) -> Task:
    """Change one part (`details`, `when`, `budget`, `place`) of an open task; the version grows.

    Once somebody has responded, the description can only be added to; after a change of time, price or place everybody who has
    responded is told and may withdraw for some hours with the fee back. Saving what is there already changes nothing.
    Raises PolicyDenied, AnswersRefused.
    """
    if part not in EDITABLE:
        raise AnswersRefused({part: _("This cannot be changed after publishing.")})
    with transaction.atomic():
        task = lock_task(task_id)
        require(may_edit(by, task))
        changes, stops = _changes(task, part, values)
        if not _differs(task, changes, stops):
            return task
        _write(task, changes, stops)
        TaskEvent.objects.create(task=task, actor=by, left=task.status, entered=task.status, reason=f"edited:{part}")
        if part in TERMS:
            _offer_a_way_back(task, TERMS[part])
        live.publish(topic=f"task:{task.pk}", kind="task_changed", payload={"task": task.pk, "version": task.version})
    return task


def _changes(task: Task, part: str, values: dict[str, Any]) -> "tuple[dict[str, Any], list[dict[str, Any]] | None]":
    """Fields of the task, and the further points of its route where they belong to the part."""
    content = DraftContent(written_parts(task))
    clean = CLEAN[part](values, content)
    if part == "details":
        return _added_to(task, clean), None
    if part == "when":
        return _deadline_kept(task, time_fields(clean, content)), None
    if part == "budget":
        return _protection_kept(task, price_fields(clean, task.currency)), None
    if clean["city"] != task.city.slug or clean["remote"] != task.is_remote:
        raise AnswersRefused({"address": _("To move the task to another city, cancel it and post it again.")})
    return place_fields(clean, task.city), clean.get("points", [])


def _added_to(task: Task, clean: dict[str, Any]) -> dict[str, Any]:
    if not task.responses_count:
        return clean
    if clean["title"] != task.title:
        raise AnswersRefused({"title": _("Somebody has responded already, so the title stays.")})
    if not clean["details"].startswith(task.details):
        raise AnswersRefused(
            {"details": _("Somebody has responded already: keep the description and add your clarification after it.")}
        )
    return clean


def _deadline_kept(task: Task, changes: dict[str, Any]) -> dict[str, Any]:
    """A task at any time keeps the deadline it was published with: saving it again does not buy more days."""
    if changes["timing"] != Task.Timing.FLEXIBLE:
        return changes
    if task.timing == Task.Timing.FLEXIBLE:
        return {**changes, "respond_by": task.respond_by}
    published_for = task.created_at + timedelta(days=settings.RULES["task_open_days"])
    return {**changes, "respond_by": max(published_for, now() + timedelta(days=1))}


def _protection_kept(task: Task, changes: dict[str, Any]) -> dict[str, Any]:
    """Whoever has responded counted with or without a secure deal: then it stays as it is."""
    return {**changes, "secure_deal": task.secure_deal} if task.responses_count else changes


def _differs(task: Task, changes: dict[str, Any], stops: list[dict[str, Any]] | None) -> bool:
    if any(getattr(task, name) != value for name, value in changes.items()):
        return True
    return stops is not None and stops != written_parts(task)["place"].get("points", [])


def _write(task: Task, changes: dict[str, Any], stops: list[dict[str, Any]] | None) -> None:
    for name, value in changes.items():
        setattr(task, name, value)
    task.version += 1
    task.edited_at = now()
    task.save(update_fields=[*changes, "version", "edited_at"])
    if stops is not None:
        task.points.all().delete()
        add_points(task, stops)


def _offer_a_way_back(task: Task, what: str) -> None:
    """Every standing response may be withdrawn for a while with the fee back."""
    until = now() + timedelta(hours=settings.RULES["changed_withdrawal_hours"])
    standing = Response.objects.filter(task=task, status=Response.Status.SENT)
    for response in standing.order_by("executor_id"):
        response.free_withdrawal_until = until
        response.save(update_fields=["free_withdrawal_until"])
        notify(
            user_id=response.executor_id,
            kind="task_changed",
            params={
                "title": task.title,
                "what": {"msgid": what},
                "until": {"at": until.isoformat(), "zone": task.city.time_zone},
            },
            path=f"/responses/{response.pk}/",
            key=f"task-changed:{task.pk}:{task.version}",
        )
