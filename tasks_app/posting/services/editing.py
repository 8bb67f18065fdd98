"""Changing an open task: what executors have paid to answer stays what it was."""

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.kit import live
from marketplace.kit.policy import require
from tasks_app.models import Task, TaskEvent
from tasks_app.posting.content import DraftContent
from tasks_app.posting.errors import AnswersRefused
from tasks_app.posting.parts import CLEAN
from tasks_app.posting.policies import may_edit
from tasks_app.posting.services.publishing import place_fields, price_fields, time_fields
from tasks_app.posting.written import written_parts

if TYPE_CHECKING:
    from marketplace.accounts.models import User

EDITABLE = ("details", "when", "budget", "place")


def edit_task(*, task_id: int, by: "User", part: str, values: dict[str, Any]) -> Task:
    """Change one part (`details`, `when`, `budget`, `place`) of an open task; the version grows.

    Once somebody has responded the place stays and the price may only rise. Raises PolicyDenied, AnswersRefused.
    """
    if part not in EDITABLE:
        raise AnswersRefused({part: _("This cannot be changed after publishing.")})
    with transaction.atomic():
        task = Task.objects.select_for_update(of=("self",)).select_related("category", "city").get(pk=task_id)
        require(may_edit(by, task))
        changes = _changes(task, part, values)
        for name, value in changes.items():
            setattr(task, name, value)
        task.version += 1
        task.save(update_fields=[*changes, "version"])
        TaskEvent.objects.create(task=task, actor=by, left=task.status, entered=task.status, reason=f"edited:{part}")
        live.publish(topic=f"task:{task.pk}", kind="task.changed", payload={"task": task.pk, "version": task.version})
    return task


def _changes(task: Task, part: str, values: dict[str, Any]) -> dict[str, Any]:
    content = DraftContent(written_parts(task))
    clean = CLEAN[part](values, content)
    if part == "details":
        return clean
    if part == "when":
        return time_fields(clean, content)
    if part == "budget":
        return _fair_price(task, price_fields(clean, task.currency))
    if task.responses_count:
        raise AnswersRefused({"address": _("Somebody has responded already, so the place cannot be changed.")})
    if clean["city"] != task.city.slug or clean["remote"] != task.is_remote:
        raise AnswersRefused({"address": _("To move the task to another city, cancel it and post it again.")})
    return place_fields(clean, task.city)


def _fair_price(task: Task, changes: dict[str, Any]) -> dict[str, Any]:
    if not task.responses_count:
        return changes
    before = task.price_high_minor or task.price_minor or 0
    after = changes["price_high_minor"] or changes["price_minor"] or 0
    if after < before or (changes["price_minor"] or 0) < (task.price_minor or 0):
        raise AnswersRefused({"price": _("Somebody has responded already, so the price can only rise.")})
    return changes
