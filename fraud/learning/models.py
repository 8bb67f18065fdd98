"""Scores as they were given, models as they served, second looks, and the figures of each day."""

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from marketplace.kit.clock import now


class Score(models.Model):
    """What one model said of a cancellation at one moment. Rows are never changed: a later moment is another row, and so is
    the same moment once positions of its time have come late. Only the facts go, when their evidence is forgotten."""

    class Role(models.TextChoices):
        CHAMPION = "champion"
        SHADOW = "shadow"

    class Outcome(models.TextChoices):
        HOLD = "hold", pgettext_lazy("score", "a case, the refund waits")
        CASE = "case", pgettext_lazy("score", "a case, nothing waits")
        NOTHING = "nothing", pgettext_lazy("score", "nothing")

    cancellation = models.ForeignKey("tasks_app.Cancellation", on_delete=models.CASCADE, related_name="+")
    moment = models.CharField(max_length=12)
    late = models.PositiveSmallIntegerField(default=0, help_text="how often positions had come late by then")
    as_of = models.DateTimeField(help_text="nothing later was known; also when the scoring fell due")
    scored_at = models.DateTimeField(default=now)
    took_ms = models.FloatField(default=0)
    model_version = models.CharField(max_length=60)
    role = models.CharField(max_length=8, choices=Role.choices, default=Role.CHAMPION)
    probability = models.FloatField()
    rule = models.FloatField(help_text="the readable rule's score of the same moment")
    verifiable = models.BooleanField()
    flagged = models.BooleanField()
    outcome = models.CharField(max_length=8, choices=Outcome.choices, default=Outcome.NOTHING)
    reasons = models.JSONField(default=list, help_text="[[code, weight in log-odds], …] the weightiest first")
    facts = models.JSONField(
        default=list, help_text="kind, side and numbers in the order of reading, the same whoever scores"
    )
    measures = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cancellation", "moment", "model_version", "late"], name="one_score_per_model"
            ),
            models.CheckConstraint(
                condition=Q(probability__gte=0, probability__lte=1), name="score_probability_is_a_share"
            ),
        ]
        indexes = [models.Index(fields=["-scored_at"], name="score_by_time")]


class ModelVersion(models.Model):
    """A trained model and what it does here. At most one champion and one shadow; the past stays for a way back."""

    class Role(models.TextChoices):
        CHALLENGER = "challenger", pgettext_lazy("model", "challenger")
        SHADOW = "shadow", pgettext_lazy("model", "shadow")
        CHAMPION = "champion", pgettext_lazy("model", "champion")
        RETIRED = "retired", pgettext_lazy("model", "retired")

    version = models.CharField(max_length=60, unique=True)
    path = models.CharField(max_length=300, help_text="a skops file; inside of the models folder, or shipped:<name>")
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.CHALLENGER)
    metrics = models.JSONField(default=dict)
    trained_at = models.DateTimeField(default=now)
    role_since = models.DateTimeField(default=now)
    was_champion_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["role"], condition=Q(role="champion"), name="one_champion"),
            models.UniqueConstraint(fields=["role"], condition=Q(role="shadow"), name="one_shadow"),
        ]


class SecondReview(models.Model):
    """A tenth of decisions is made once more by somebody else, who sees neither the first one nor the score. When only one
    of the two calls it proved, a third person decides (`third_due_at` is set), and meanwhile nothing is enforced."""

    case = models.OneToOneField("fraud.Case", on_delete=models.PROTECT, related_name="second_review")
    first = models.ForeignKey("fraud.Decision", on_delete=models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField(default=now)
    by = models.ForeignKey("accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=12, blank=True)
    reason = models.TextField(max_length=2000, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    third_due_at = models.DateTimeField(
        null=True, blank=True, help_text="without a third word by then it is settled for the executor"
    )
    third_by = models.ForeignKey("accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    third_outcome = models.CharField(max_length=12, blank=True)
    third_reason = models.TextField(max_length=2000, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="", by=None, decided_at=None)
                | ~Q(outcome="") & Q(by__isnull=False, decided_at__isnull=False),
                name="second_review_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(third_outcome="", third_by=None, settled_at=None)
                | ~Q(third_outcome="") & Q(third_due_at__isnull=False, settled_at__isnull=False),
                name="third_review_is_whole",
            ),
        ]
        indexes = [
            models.Index(
                fields=["third_due_at"], condition=Q(third_due_at__isnull=False, settled_at=None), name="third_look_due"
            )
        ]


class DeskCapacity(models.Model):
    """How many cases moderators can decide in a day, as an operator stated it, from a day on."""

    per_day = models.PositiveIntegerField()
    from_day = models.DateField()
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)


class Figure(models.Model):
    """One figure of one day: a rate, a median or the drift of one measure, beside its usual value."""

    day = models.DateField()
    name = models.CharField(max_length=60)
    value = models.FloatField()
    usual = models.FloatField(null=True, blank=True)
    count = models.PositiveIntegerField(default=0, help_text="of how many rows")
    alert = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "name"], name="one_figure_a_day")]
