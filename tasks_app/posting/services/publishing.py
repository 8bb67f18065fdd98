"""A draft becomes a task that everybody can respond to."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from babel.numbers import get_currency_precision
from django.conf import settings
from django.contrib.gis.geos import Point
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.kit import live
from marketplace.kit.clock import now
from marketplace.kit.errors import NotFound
from marketplace.kit.policy import require
from tasks_app.catalogue.selectors import district_of_cell
from tasks_app.models import Category, City, Task, TaskDraft, TaskEvent, TaskPhoto, TaskPoint
from tasks_app.posting.content import DraftContent
from tasks_app.posting.errors import AnswersRefused, DraftIncomplete
from tasks_app.posting.grid import public_point
from tasks_app.posting.parts import CLEAN, when
from tasks_app.posting.parts.typed import text_of
from tasks_app.posting.policies import may_publish
from tasks_app.posting.selectors import PARTS

if TYPE_CHECKING:
    from marketplace.accounts.models import User


@dataclass(frozen=True, slots=True)
class Written:
    """A draft whose every part was found valid at this moment. `fields`: of the Task."""

    category: Category
    city: City
    fields: dict[str, Any]
    further_points: list[dict[str, Any]]


def publish_task(*, draft: TaskDraft, by: "User", operation: str) -> Task:
    """Publish the draft; publishing it again returns the same task.

    `operation`: the idempotency key of the person's action, kept with the draft. Raises NotFound (somebody else's
    draft), PolicyDenied (phone not confirmed, no name, restricted), DraftIncomplete (names the part to return to).
    """
    with transaction.atomic():
        # Without a join: after a wait for the lock PostgreSQL reads the locked row anew, but not the rows joined to it.
        held = TaskDraft.objects.select_for_update(of=("self",)).get(pk=draft.pk)
        if held.owner_id not in (None, by.pk):
            raise NotFound
        if held.task_id is not None:
            return Task.objects.get(pk=held.task_id)
        require(may_publish(by))
        written = read_written(held.data)
        photos = TaskPhoto.objects.filter(draft=held)
        task = Task.objects.create(customer=by, photos_count=photos.count(), created_at=now(), **written.fields)
        add_points(task, written.further_points)
        photos.update(draft=None, task=task)
        TaskEvent.objects.create(task=task, actor=by, entered=Task.Status.OPEN, at=task.created_at)
        held.owner, held.task, held.changed_at = by, task, task.created_at
        held.data = {**held.data, "published_by": text_of(operation)[:64]}
        held.save(update_fields=["owner", "task", "changed_at", "data"])
        live.publish(topic=f"task:{task.pk}", kind="task_opened", payload={"task": task.pk, "version": task.version})
    return task


def read_written(data: dict[str, Any]) -> Written:
    """Check every part once more (time has passed, categories change). Raises DraftIncomplete."""
    content = DraftContent(data)
    parts: dict[str, dict[str, Any]] = {}
    for part in PARTS:
        if part not in data and not (part == "questions" and content.category and not content.category.questions.all()):
            raise DraftIncomplete(part=part, field=part, reason=_("This step is not filled in yet."))
        try:
            parts[part] = CLEAN[part](content.part(part), content)
        except AnswersRefused as refused:
            raise DraftIncomplete(part=part, field=refused.field, reason=refused.reason) from refused
    category, city = content.category, content.city
    if category is None or city is None:
        raise DraftIncomplete(
            part="place", field="city", reason=_("Choose a city: prices and time are shown as there.")
        )
    fields = {
        "category": category,
        "city": city,
        "answers": parts["questions"],
        **parts["details"],
        **place_fields(parts["place"], city),
        **time_fields(parts["when"], content),
        **price_fields(parts["budget"], city.currency),
        "max_responses": category.max_responses,
    }
    return Written(category, city, fields, parts["place"].get("points", []))


def place_fields(place: dict[str, Any], city: City) -> dict[str, Any]:
    """The exact place for the parties; the cell and its district for everybody."""
    if place["remote"]:
        return {
            "is_remote": True, "point": None, "address": "", "flat": "", "public_point": None, "district": None,
        }  # fmt: skip
    point = Point(place["lon"], place["lat"], srid=4326)
    cell = public_point(point)
    return {
        "is_remote": False,
        "point": point,
        "address": place["address"],
        "flat": place["flat"],
        "public_point": cell,
        "district": district_of_cell(cell, city=city),
    }


def time_fields(values: dict[str, Any], content: DraftContent) -> dict[str, Any]:
    """`respond_by`: the agreed moment or the window's end; a flexible task stays open for `task_open_days`."""
    start, end = when.moments(values, content.zone)
    if values["flexible"]:
        timing = Task.Timing.FLEXIBLE
    else:
        timing = Task.Timing.WINDOW if end else Task.Timing.EXACT
    latest: datetime | None = end or start
    flexible_until = now() + timedelta(days=int(settings.RULES["task_open_days"]))
    respond_by = flexible_until if timing == Task.Timing.FLEXIBLE or latest is None else latest
    return {"timing": timing, "starts_at": start, "ends_at": end, "respond_by": respond_by}


def price_fields(values: dict[str, Any], currency: str) -> dict[str, Any]:
    """Whole units of the currency → minor ones."""
    minor = 10 ** get_currency_precision(currency)
    low, high = values.get("price"), values.get("price_high")
    return {
        "budget": values["budget"],
        "price_minor": None if low is None else low * minor,
        "price_high_minor": None if high is None else high * minor,
        "currency": currency,
        "secure_deal": bool(values.get("secure_deal")),
    }


def add_points(task: Task, points: list[dict[str, Any]]) -> None:
    """The further points of a route, in order after the task's own."""
    TaskPoint.objects.bulk_create(
        TaskPoint(
            task=task,
            position=position,
            point=Point(row["lon"], row["lat"], srid=4326),
            address=row["address"],
            note=row["note"],
        )
        for position, row in enumerate(points, start=1)
    )
