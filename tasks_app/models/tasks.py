"""What a customer posts, the draft it grows from, its points, photos and history."""

import uuid

from django.contrib.gis.db import models as gis
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.kit.clock import now
from marketplace.kit.money import Money
from tasks_app.models.feed_columns import FEED_INDEXES, far_cell, near_cell, public_x, public_y, top_price


class Task(models.Model):
    class Status(models.TextChoices):
        OPEN = "open", pgettext_lazy("task", "open")
        ASSIGNED = "assigned", pgettext_lazy("task", "executor chosen")
        IN_PROGRESS = "in_progress", pgettext_lazy("task", "in progress")
        DONE = "done", pgettext_lazy("task", "done, waiting for acceptance")
        CLOSED = "closed", pgettext_lazy("task", "closed")
        CANCELLED = "cancelled", pgettext_lazy("task", "cancelled")
        EXPIRED = "expired", pgettext_lazy("task", "expired")
        DISPUTED = "disputed", pgettext_lazy("task", "disputed")
        REMOVED = "removed", pgettext_lazy("task", "removed")

    class Timing(models.TextChoices):
        EXACT = "exact", _("at a time")
        WINDOW = "window", _("in a window of time")
        FLEXIBLE = "flexible", _("any time")

    class Budget(models.TextChoices):
        FIXED = "fixed", _("a fixed price")
        RANGE = "range", _("a range")
        OFFER = "offer", _("offer yours")

    customer = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="tasks")
    # Found through the feed's own indexes; one on the key alone would be too coarse to be of use.
    category = models.ForeignKey("tasks_app.Category", on_delete=models.PROTECT, related_name="tasks", db_index=False)
    city = models.ForeignKey("tasks_app.City", on_delete=models.PROTECT, related_name="tasks", db_index=False)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.OPEN)
    title = models.CharField(max_length=100)
    details = models.TextField(max_length=4000, blank=True)
    answers = models.JSONField(default=dict, blank=True, help_text="question key → answer")

    is_remote = models.BooleanField(default=False)
    # The exact place: for the customer, the chosen executor and moderators only.
    point = gis.PointField(srid=4326, null=True, blank=True)
    address = models.CharField(max_length=240, blank=True)
    flat = models.CharField(max_length=80, blank=True, help_text="flat, entrance, floor, intercom")
    # What everybody sees: the centre of a fixed grid cell of about 500 m, and the district.
    public_point = gis.PointField(srid=3857, null=True, blank=True, spatial_index=False)
    district = models.ForeignKey(
        "tasks_app.District", null=True, blank=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )

    timing = models.CharField(max_length=8, choices=Timing.choices, default=Timing.FLEXIBLE)
    starts_at = models.DateTimeField(null=True, blank=True, help_text="UTC; the moment, or the window's start")
    ends_at = models.DateTimeField(null=True, blank=True, help_text="UTC; the window's end")

    budget = models.CharField(max_length=6, choices=Budget.choices, default=Budget.OFFER)
    price_minor = models.BigIntegerField(null=True, blank=True, help_text="fixed price, or the range's low end")
    price_high_minor = models.BigIntegerField(null=True, blank=True, help_text="the range's high end")
    currency = models.CharField(max_length=3, default="RUB")

    secure_deal = models.BooleanField(
        default=False, help_text="the customer's money is held until the work is accepted"
    )
    max_responses = models.PositiveIntegerField(default=10)
    responses_count = models.PositiveIntegerField(default=0, help_text="sent and not withdrawn")
    photos_count = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1, help_text="grows with every change that a card shows")
    created_at = models.DateTimeField(default=now)
    edited_at = models.DateTimeField(null=True, blank=True, help_text="last changed by the customer after publishing")
    respond_by = models.DateTimeField(help_text="expires at this moment when nobody was chosen")
    closed_at = models.DateTimeField(null=True, blank=True)

    # What the feed searches by; the database computes them (docs/decisions/0020-feed-indexes.md).
    public_x = public_x()
    public_y = public_y()
    near_cell = near_cell()
    far_cell = far_cell()
    top_price_minor = top_price()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=[
                    "open", "assigned", "in_progress", "done", "closed", "cancelled", "expired", "disputed", "removed",
                ]),
                name="task_status_known",
            ),
            models.CheckConstraint(
                condition=Q(is_remote=True, public_point=None) | Q(is_remote=False, public_point__isnull=False),
                name="task_has_a_place_or_is_remote",
            ),
            models.CheckConstraint(
                condition=Q(budget="offer", price_minor=None)
                | Q(budget="fixed", price_minor__gt=0)
                | Q(budget="range", price_minor__gt=0, price_high_minor__gt=F("price_minor")),
                name="task_price_fits_budget",
            ),
            models.CheckConstraint(
                condition=Q(responses_count__lte=F("max_responses")), name="task_responses_within_limit"
            ),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at")), name="task_window_in_order"
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["customer", "-created_at"]),
            models.Index(fields=["respond_by"], condition=Q(status="open"), name="task_open_deadline"),
            *FEED_INDEXES,
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def price(self) -> Money | None:
        return None if self.price_minor is None else Money(self.price_minor, self.currency)

    @property
    def price_high(self) -> Money | None:
        return None if self.price_high_minor is None else Money(self.price_high_minor, self.currency)


class TaskPoint(models.Model):
    """A further point of a route (couriers, cargo), in order after the task's own point."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="points")
    position = models.PositiveIntegerField()
    point = gis.PointField(srid=4326)
    address = models.CharField(max_length=240)
    note = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["task", "position"], name="task_point_order")]


class TaskDraft(models.Model):
    """A half-written task of a visitor or a person; survives closing the tab. `answers` is what the steps collected."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey("accounts.User", null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    data = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=now)
    changed_at = models.DateTimeField(default=now)
    task = models.OneToOneField(Task, null=True, blank=True, on_delete=models.SET_NULL, related_name="draft")


class TaskPhoto(models.Model):
    """A re-encoded picture of a draft or a task (one of the two)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    draft = models.ForeignKey(TaskDraft, null=True, blank=True, on_delete=models.CASCADE, related_name="photos")
    task = models.ForeignKey(Task, null=True, blank=True, on_delete=models.CASCADE, related_name="photos")
    position = models.PositiveIntegerField(default=0)
    image = models.ImageField(upload_to="tasks/", width_field="width", height_field="height")
    thumbnail = models.ImageField(upload_to="tasks/")
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position"]


class TaskEvent(models.Model):
    """One step in the life of a task: who, when, from, to, why."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField(default=now)
    actor = models.ForeignKey("accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    left = models.CharField(max_length=12, blank=True)
    entered = models.CharField(max_length=12)
    reason = models.CharField(max_length=60, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["at", "id"]
