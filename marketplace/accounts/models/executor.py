"""An executor's profile, service area and the check of who they are."""

import uuid

from django.contrib.gis.db import models as gis
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.kit.clock import now


class ExecutorProfile(models.Model):
    class Verification(models.TextChoices):
        NONE = "none", pgettext_lazy("verification", "not asked for")
        PENDING = "pending", pgettext_lazy("verification", "being checked")
        MORE = "more", pgettext_lazy("verification", "asked again")
        VERIFIED = "verified", pgettext_lazy("verification", "verified")
        REJECTED = "rejected", pgettext_lazy("verification", "rejected")

    user = models.OneToOneField("accounts.User", on_delete=models.CASCADE, related_name="executor")
    about = models.TextField(_("about"), max_length=2000, blank=True)
    languages = ArrayField(models.CharField(max_length=2), default=list, blank=True)
    categories = models.ManyToManyField("tasks_app.Category", related_name="+", blank=True)
    districts = models.ManyToManyField("tasks_app.District", related_name="+", blank=True)
    verification = models.CharField(max_length=10, choices=Verification.choices, default=Verification.NONE)
    verified_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=now)


class ServicePoint(models.Model):
    """A place the executor works around; an executor's area is the union of points and districts."""

    profile = models.ForeignKey(ExecutorProfile, on_delete=models.CASCADE, related_name="points")
    label = models.CharField(max_length=80, blank=True)
    point = gis.PointField(srid=4326)
    radius_m = models.PositiveIntegerField(default=5000)


class VerificationRequest(models.Model):
    """One try to be verified; a moderator approves, asks again or rejects, with a reason."""

    class Status(models.TextChoices):
        PENDING = "pending", pgettext_lazy("request", "waiting")
        APPROVED = "approved", pgettext_lazy("request", "approved")
        MORE = "more", pgettext_lazy("request", "asked again")
        REJECTED = "rejected", pgettext_lazy("request", "rejected")

    profile = models.ForeignKey(ExecutorProfile, on_delete=models.CASCADE, related_name="requests")
    city = models.ForeignKey("tasks_app.City", on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PENDING)
    full_name = models.CharField(max_length=160)
    document_kind = models.CharField(max_length=30)
    submitted_at = models.DateTimeField(default=now)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey("accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["profile"], condition=models.Q(status="pending"), name="one_pending_verification"
            )
        ]
        indexes = [models.Index(fields=["status", "submitted_at"])]


class VerificationDocument(models.Model):
    """A private picture of a document or a selfie; served to moderators only, every look is audited."""

    class Kind(models.TextChoices):
        DOCUMENT = "document", _("document")
        SELFIE = "selfie", _("selfie")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    request = models.ForeignKey(VerificationRequest, on_delete=models.CASCADE, related_name="documents")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    file_name = models.CharField(max_length=200, help_text="in the private storage")
