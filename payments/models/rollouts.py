"""A tariff that holds for a share of executors first."""

from django.db import models
from django.db.models import Q

from marketplace.kit.clock import now
from payments.models.fees import Tariff


class TariffRollout(models.Model):
    """The share of executors for whom the tariff holds. Who is among them follows from the executor's id and the
    roll-out's (SQL function payments_bucket): the same person stays in the same arm, and widening only adds people."""

    tariff = models.OneToOneField(Tariff, on_delete=models.PROTECT, related_name="rollout")
    created_at = models.DateTimeField(default=now)
    by = models.ForeignKey("accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")


class RolloutStep(models.Model):
    """From `at` on the tariff holds for `share_percent` of executors; 0 stops the roll-out, 100 ends it for everybody."""

    rollout = models.ForeignKey(TariffRollout, on_delete=models.PROTECT, related_name="steps")
    share_percent = models.PositiveSmallIntegerField()
    at = models.DateTimeField(default=now)
    by = models.ForeignKey("accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    announced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(share_percent__lte=100), name="rollout_share_to_100"),
            models.UniqueConstraint(fields=["rollout", "at"], name="one_rollout_step_at_a_moment"),
        ]
