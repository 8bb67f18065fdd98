"""Evidence, signals, cases and what people decided. Cases are kept; their history is only ever appended to."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.kit.clock import now


class Evidence(models.Model):
    """What the rule says of a cancellation at one moment; a row with a due time, so that no restart loses it. Facts and measures
    stand with the scores."""

    class Moment(models.TextChoices):
        CANCELLATION = "cancellation", _("at the cancellation")
        WINDOW_END = "window_end", _("at the end of the agreed time")
        PLUS_2H = "plus_2h", _("two hours after")

    class Verdict(models.TextChoices):
        MATCHES = "matches", _("looks as if the work was done")
        DOES_NOT_MATCH = "does_not_match", _("does not look like it")
        UNVERIFIABLE = "unverifiable", _("cannot be checked: no positions")

    cancellation = models.ForeignKey("tasks_app.Cancellation", on_delete=models.CASCADE, related_name="+")
    moment = models.CharField(max_length=12, choices=Moment.choices)
    due_at = models.DateTimeField()
    collected_at = models.DateTimeField(null=True, blank=True)
    score = models.FloatField(null=True, blank=True)
    verdict = models.CharField(max_length=16, choices=Verdict.choices, blank=True)
    # Positions of its time that came after it was collected: it is collected again, and once more each time.
    late_at = models.DateTimeField(null=True, blank=True, help_text="they came and are not in it yet")
    late = models.PositiveSmallIntegerField(default=0, help_text="how often that was")
    findings = models.JSONField(
        default=dict, help_text="the rule's factors and the time looked at, no coordinates; empty once forgotten"
    )

    class Meta:
        verbose_name_plural = "evidence"
        constraints = [models.UniqueConstraint(fields=["cancellation", "moment"], name="one_evidence_per_moment")]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(collected_at=None), name="evidence_due"),
            models.Index(fields=["late_at"], condition=~Q(late_at=None), name="evidence_late"),
            models.Index(fields=["due_at"], condition=~Q(findings={}), name="evidence_to_forget"),
        ]


class Signal(models.Model):
    """An indication of fraud, or (`side` against) of the opposite. Facts, never a verdict: each is shown in words on the
    case and on the person's page. `params`: what fraud.signals.words makes the sentence of."""

    class Kind(models.TextChoices):
        PRESENCE = "presence", _("was at the place of a cancelled task")
        CONTACTS = "contacts", _("contacts hidden in messages")
        REPEATED_REVIEW = "repeated_review", _("the same review text again")
        SHARED_DEVICE = "shared_device", _("one device for two people")
        REFUNDS = "refunds", _("most fees come back")
        FAKE_TASKS = "fake_tasks", _("tasks that nobody gets")
        REPOSTED = "reposted", _("the same task posted again")
        PAIR = "pair", _("cancellations of one pair")
        UNUSUAL = "unusual", _("unlike others")

    class Side(models.TextChoices):
        FOR = "for"
        AGAINST = "against"
        NOTE = "note"

    kind = models.CharField(max_length=20, choices=Kind.choices)
    side = models.CharField(max_length=8, choices=Side.choices, default=Side.FOR)
    person = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey("accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    cancellation = models.ForeignKey(
        "tasks_app.Cancellation", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    evidence = models.ForeignKey(Evidence, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=80, help_text="what it is about, e.g. review:7; found again it is renewed")
    params = models.JSONField(default=dict)
    score = models.FloatField(help_text="0 to 1: how much it should draw the eye; never a probability")
    at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "person", "subject"], name="one_signal_per_subject")]
        indexes = [models.Index(fields=["person", "-at"], name="signal_of_person")]


class Case(models.Model):
    """What a moderator opens. An audit case is a random unflagged cancellation, looked at without the score."""

    class Kind(models.TextChoices):
        FLAG = "flag", _("flagged")
        AUDIT = "audit", _("random check")

    class Status(models.TextChoices):
        PENDING = "pending", pgettext_lazy("case", "waiting")
        INVESTIGATING = "investigating", pgettext_lazy("case", "being looked into")
        CLOSED = "closed", pgettext_lazy("case", "closed")

    class Outcome(models.TextChoices):
        CONFIRMED = "confirmed", _("confirmed: the work was done off the platform")
        PLAUSIBLE = "plausible", _("plausible, not proved")
        INNOCENT = "innocent", pgettext_lazy("case", "innocent")
        CANNOT_TELL = "cannot_tell", _("cannot tell")

    kind = models.CharField(max_length=6, choices=Kind.choices, default=Kind.FLAG)
    status = models.CharField(max_length=14, choices=Status.choices, default=Status.PENDING)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)
    cancellation = models.OneToOneField("tasks_app.Cancellation", on_delete=models.PROTECT, related_name="+")
    executor = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    response = models.ForeignKey("tasks_app.Response", on_delete=models.PROTECT, related_name="+")
    score = models.FloatField(null=True, blank=True, help_text="the highest signal; null for an audit")
    stake_minor = models.BigIntegerField(
        default=0, help_text="what is lost if it is fraud; the fee and a share of the price"
    )
    certainty = models.FloatField(default=1, help_text="0.5 to 1: how well positions cover the agreed time")
    rank = models.FloatField(
        default=0,
        help_text="place in the queue: expected loss × certainty, or a random one for an audit, so that it says nothing",
    )
    holds_refund = models.BooleanField(default=False)
    opened_at = models.DateTimeField(default=now)
    due_at = models.DateTimeField(help_text="without a decision by then it is decided for the executor")
    assignee = models.ForeignKey("accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    snoozed_until = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    over_at = models.DateTimeField(
        null=True, blank=True, help_text="from then on no appeal and no further look can change the outcome"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["pending", "investigating", "closed"]), name="case_status_known"
            ),
            models.CheckConstraint(
                condition=Q(status="closed", closed_at__isnull=False) & ~Q(outcome="")
                | ~Q(status="closed") & Q(outcome="", closed_at=None),
                name="case_closed_with_an_outcome",
            ),
        ]
        indexes = [
            models.Index(fields=["-rank", "-id"], condition=~Q(status="closed"), name="case_queue"),
            models.Index(fields=["executor", "-opened_at"], name="case_of_executor"),
            models.Index(fields=["closed_at"], condition=Q(status="closed", over_at=None), name="case_not_over"),
        ]

    @property
    def reference(self) -> str:
        """What holds, strikes, appeals and audit rows call this case."""
        return f"case:{self.pk}"


class CaseTrack(models.Model):
    """The exact positions that one moment's evidence of a case stands on, copied when the case is opened: raw ones are
    forgotten after 60 days. Without a case nothing is copied. Gone a year after the case ended, or when the executor
    deletes them once it is over."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="tracks")
    moment = models.CharField(max_length=12, choices=Evidence.Moment.choices)
    points = models.JSONField(
        help_text="[[ISO time, degrees of longitude, of latitude, metres of accuracy or null], …]"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "moment"], name="one_track_per_moment")]


class Decision(models.Model):
    """What was decided: by a moderator, by nobody in 72 hours (`by` is null), or on an appeal."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="decisions")
    by = models.ForeignKey("accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)
    outcome = models.CharField(max_length=12, choices=Case.Outcome.choices)
    reason_code = models.CharField(max_length=20, blank=True, help_text="a ready sentence, see fraud.reasons")
    reason = models.TextField(max_length=2000, blank=True, help_text="in the moderator's words; both sides may read it")
    keep_fee = models.BooleanField(default=False)
    strike = models.BooleanField(default=False)
    restrict_days = models.PositiveIntegerField(null=True, blank=True)
    on_appeal = models.BooleanField(default=False)

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(by__isnull=False, reason="", reason_code=""), name="decision_by_a_person_has_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(outcome="confirmed") | Q(strike=False, restrict_days=None, keep_fee=False),
                name="consequences_only_when_confirmed",
            ),
        ]


class CaseEvent(models.Model):
    """The case's history: opened, taken, note, asked, answered, snoozed, decided, appealed… Append-only."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField(default=now)
    actor = models.ForeignKey("accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    details = models.JSONField(default=dict)

    class Meta:
        ordering = ["at", "id"]


class Inquiry(models.Model):
    """A moderator's question to one side, to be answered by a date; silence is no confession."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="inquiries")
    person = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    question = models.TextField(max_length=1000)
    template = models.CharField(max_length=20, blank=True, help_text="a ready question, see fraud.questions")
    asked_at = models.DateTimeField(default=now)
    due_at = models.DateTimeField()
    answer = models.TextField(max_length=2000, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["asked_at", "id"]


class AuditDraw(models.Model):
    """For each unflagged cancellation: was it drawn for a blind look, and with which probability (for the weights)."""

    cancellation = models.OneToOneField("tasks_app.Cancellation", on_delete=models.CASCADE, related_name="+")
    propensity = models.FloatField()
    verifiable = models.BooleanField(
        default=True, help_text="whether its positions told anything; others are drawn less"
    )
    drawn = models.BooleanField()
    at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(propensity__gte=0, propensity__lte=1), name="propensity_is_a_share")
        ]


# Rooms of their own, found by Django here.
from fraud.learning.models import DeskCapacity as DeskCapacity  # noqa: E402
from fraud.learning.models import Figure as Figure  # noqa: E402
from fraud.learning.models import ModelVersion as ModelVersion  # noqa: E402
from fraud.learning.models import Score as Score  # noqa: E402
from fraud.learning.models import SecondReview as SecondReview  # noqa: E402
from fraud.stays.models import KeptDay as KeptDay  # noqa: E402
from fraud.stays.models import KeptStay as KeptStay  # noqa: E402
from fraud.stays.models import KeptTrack as KeptTrack  # noqa: E402
