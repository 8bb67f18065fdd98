"""What is kept of a person's positions so that no score has to read sixty days of them again. All of it can be made anew
from the positions, goes with them when their person deletes a day, and is forgotten with them."""

from django.db import models
from django.db.models import F, Q


class KeptTrack(models.Model):
    """How far a person's positions are read, and the stay that is still open then: weighted sums of unit vectors (`x`,
    `y`, `z`, `weight`), of accuracies and of squared distances, as in `fraud.stays.detector.OpenStay`."""

    person = models.OneToOneField("accounts.User", primary_key=True, on_delete=models.CASCADE, related_name="+")
    detector = models.PositiveSmallIntegerField(default=0, help_text="which made it; another one reads everything anew")
    read_to = models.DateTimeField(null=True, blank=True, help_text="the newest position that was read")
    last_lat = models.FloatField(default=0, help_text="where that was")
    last_lon = models.FloatField(default=0)
    fixes = models.PositiveIntegerField(default=0, help_text="of the open stay")
    start = models.DateTimeField(null=True, blank=True)
    end = models.DateTimeField(null=True, blank=True)
    x = models.FloatField(default=0)
    y = models.FloatField(default=0)
    z = models.FloatField(default=0)
    weight = models.FloatField(default=0)
    accuracies = models.FloatField(default=0)
    squares = models.FloatField(default=0)


class KeptStay(models.Model):
    """A stay that ended: first and last position, when it was known to be over (a position elsewhere, or silence), its
    weighted centre in degrees, the root mean square distance to it in metres, positions and their mean accuracy. One
    position before a long silence is a stay of no length."""

    person = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    start = models.DateTimeField()
    end = models.DateTimeField()
    closed_at = models.DateTimeField()
    lat = models.FloatField()
    lon = models.FloatField()
    spread_m = models.FloatField()
    fixes = models.PositiveIntegerField()
    accuracy_m = models.FloatField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "start"], name="one_stay_at_a_time"),
            models.CheckConstraint(
                condition=Q(end__gte=F("start"), closed_at__gte=F("end"), fixes__gt=0), name="stay_is_whole"
            ),
        ]
        indexes = [models.Index(fields=["start"], name="stay_by_start")]


class KeptDay(models.Model):
    """A UTC day with positions. `hours`: of each hour the first and the last position (a solar day of any place is made of
    whole hours); `steps`: times and marks of the steps between positions, to know a replayed track by. Both are plain
    arrays of numbers, see `fraud.stays.days`."""

    person = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    hours = models.BinaryField()
    steps = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "day"], name="one_kept_day")]
        indexes = [models.Index(fields=["day"], name="kept_day_by_day")]
