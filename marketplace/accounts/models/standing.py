"""Consents, strikes, restrictions and appeals; devices that hold an API token."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.kit.clock import now


class Consent(models.Model):
    """What a person agreed to, in which wording."""

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="consents")
    kind = models.CharField(max_length=30, help_text="verification, location, offers…")
    version = models.CharField(max_length=20)
    given_at = models.DateTimeField(default=now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["user", "kind"])]


class Strike(models.Model):
    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="strikes")
    reason = models.TextField()
    source = models.CharField(max_length=80, help_text="what it came from, e.g. case:12")
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "source"], name="one_strike_per_source")]


class Restriction(models.Model):
    """Something a person may not do until `until` (None: until lifted), with a reason and an appeal."""

    class Kind(models.TextChoices):
        RESPONDING = "responding", _("cannot respond")
        POSTING = "posting", _("cannot post tasks")
        BLOCKED = "blocked", _("blocked")

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="restrictions")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    reason = models.TextField()
    source = models.CharField(max_length=80, blank=True)
    since = models.DateTimeField(default=now)
    until = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey("accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["user", "kind"], condition=models.Q(lifted_at=None), name="standing_restriction")
        ]


class Appeal(models.Model):
    """A person's objection; decided by a moderator other than the one who decided first."""

    class Outcome(models.TextChoices):
        PENDING = "pending", pgettext_lazy("appeal", "waiting")
        UPHELD = "upheld", pgettext_lazy("appeal", "upheld")
        DISMISSED = "dismissed", pgettext_lazy("appeal", "dismissed")

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="appeals")
    subject = models.CharField(max_length=80, help_text="what is appealed: case:12, restriction:3")
    text = models.TextField(max_length=4000)
    against = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.PENDING)
    reason = models.TextField(blank=True)
    at = models.DateTimeField(default=now)
    due_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey("accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "subject"], name="one_appeal_per_subject"),
            models.CheckConstraint(
                condition=models.Q(decided_by=None) | ~models.Q(decided_by=models.F("against")),
                name="appeal_decided_by_another",
            ),
        ]


class DeviceToken(models.Model):
    """A phone app's token; only its hash is kept."""

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="devices")
    name = models.CharField(max_length=80)
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=now)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
