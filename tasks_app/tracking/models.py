"""Shifts and pings. A ping is only kept when it falls into a shift: no shift, no position."""

from django.db import models
from django.db.models import F, Q

from marketplace.kit.clock import now


class Shift(models.Model):
    """A time in which a person lets one device report its position."""

    class Ended(models.TextChoices):
        PERSON = "person"
        OTHER_DEVICE = "other_device"
        TIME = "time"
        CONSENT = "consent"

    executor = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    device_id = models.CharField(max_length=64, help_text="made by the browser or the app; pings of others are refused")
    consent_version = models.CharField(max_length=20)
    started_at = models.DateTimeField(default=now)
    ends_by = models.DateTimeField(help_text="ends by itself at this moment")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_why = models.CharField(max_length=12, choices=Ended.choices, blank=True)
    # The flood guard: how many points came in the current minute of receiving.
    minute = models.BigIntegerField(default=0)
    points_in_minute = models.PositiveIntegerField(default=0)
    # Set with every batch, by the statement that stores it; taken away by whoever keeps stays (fraud).
    unread_from = models.DateTimeField(
        null=True, blank=True, help_text="the oldest moment of positions that came and were not yet made into stays"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["executor"], condition=Q(ended_at=None), name="one_open_shift_per_executor"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")), name="shift_ends_after_start"
            ),
        ]
        indexes = [
            models.Index(fields=["executor", "device_id", "-started_at"], name="shift_of_device"),
            models.Index(fields=["ends_by"], condition=Q(ended_at=None), name="shift_end_due"),
            models.Index(fields=["executor"], condition=~Q(unread_from=None), name="shift_unread"),
        ]


class Ping(models.Model):
    """One position report. The table is partitioned by `day` (the UTC day of the device's own clock), made by SQL."""

    class Source(models.IntegerChoices):
        UNKNOWN = 0
        GPS = 1
        NETWORK = 2

    pk = models.CompositePrimaryKey("executor_id", "client_id", "day")
    executor = models.ForeignKey("accounts.User", on_delete=models.DO_NOTHING, related_name="+", db_constraint=False)
    client_id = models.UUIDField()
    day = models.DateField()
    at = models.DateTimeField(help_text="the device's time, corrected by its measured skew")
    received_at = models.DateTimeField()
    lon = models.FloatField()
    lat = models.FloatField()
    accuracy_m = models.FloatField(null=True)
    skew_ms = models.IntegerField(null=True, help_text="our clock minus the device's; null when it was not told")
    source = models.SmallIntegerField(choices=Source.choices, default=Source.UNKNOWN)

    class Meta:
        managed = False
        db_table = "tasks_app_ping"


class DeletedDay(models.Model):
    """A day whose positions the person deleted: no point of it is left, only that there is a gap and why. It proves
    nothing."""

    executor = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    day = models.DateField(help_text="UTC")
    at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["executor", "day"], name="one_deletion_per_day")]


class TrackHold(models.Model):
    """While a check is open, the positions of this time can be neither deleted by the person nor forgotten."""

    executor = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField()
    reference = models.CharField(max_length=80, help_text="who holds it: cancellation:7")
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reference"], name="one_track_hold_per_reference")]
        indexes = [
            models.Index(fields=["executor", "since"], condition=Q(released_at=None), name="standing_track_hold")
        ]
