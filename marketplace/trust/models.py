"""What builds trust: reviews tied to deals, and portfolios."""

import uuid

from django.db import models
from django.db.models import Q

from marketplace.kit.clock import now

CRITERIA = ("quality", "punctuality", "politeness", "price")


class ReviewWindow(models.Model):
    """Opens when a deal is accepted or its dispute ended undecided; closes, and shows what was written, when both have
    or 14 days have passed."""

    assignment = models.OneToOneField("tasks_app.Assignment", on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    executor = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(default=now)
    closes_at = models.DateTimeField()
    revealed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["closes_at"], condition=Q(revealed_at=None), name="review_window_due")]


class Review(models.Model):
    """One side's word about the other. Hidden until the window is revealed."""

    class Role(models.TextChoices):
        EXECUTOR = "executor"
        CUSTOMER = "customer"

    window = models.ForeignKey(ReviewWindow, on_delete=models.PROTECT, related_name="reviews")
    author = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    about = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    about_role = models.CharField(max_length=8, choices=Role.choices)
    category = models.ForeignKey("tasks_app.Category", on_delete=models.PROTECT, related_name="+")
    stars = models.PositiveSmallIntegerField()
    criteria = models.JSONField(default=dict, help_text="quality, punctuality, politeness, price → 1…5")
    text = models.TextField(max_length=2000, blank=True)
    text_key = models.CharField(max_length=64, blank=True, help_text="hash of the text without case, marks and spaces")
    repeats_own_text = models.BooleanField(default=False, help_text="the author has written the same text before")
    written_at = models.DateTimeField(default=now)
    revealed_at = models.DateTimeField(null=True, blank=True)
    reply = models.TextField(max_length=1000, blank=True)
    replied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["window", "author"], name="one_review_a_side"),
            models.CheckConstraint(condition=Q(stars__gte=1, stars__lte=5), name="review_stars_one_to_five"),
        ]
        indexes = [
            models.Index(
                fields=["about", "about_role", "-id"], condition=Q(revealed_at__isnull=False), name="review_public"
            ),
            models.Index(fields=["author", "text_key"]),
        ]


class Album(models.Model):
    """A named set of pictures of an executor's work."""

    executor = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="albums")
    title = models.CharField(max_length=80)
    category = models.ForeignKey(
        "tasks_app.Category", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=now)


class AlbumPhoto(models.Model):
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    album = models.ForeignKey(Album, on_delete=models.CASCADE, related_name="photos")
    image = models.ImageField(upload_to="albums/", width_field="width", height_field="height")
    thumbnail = models.ImageField(upload_to="albums/")
    caption = models.CharField(max_length=120, blank=True)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
