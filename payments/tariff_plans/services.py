"""Switching the models of a place from a moment on, for everybody or for a share of executors first."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction

from marketplace.accounts.policies import may_operate
from marketplace.kit import audit, jobs
from marketplace.kit.clock import now
from marketplace.kit.errors import NotFound
from marketplace.kit.policy import require
from payments.models import RolloutStep, Tariff, TariffRollout
from payments.tariff_plans.policies import Terms, may_publish, may_widen

if TYPE_CHECKING:
    from marketplace.accounts.models import User


@transaction.atomic
def publish_tariff(
    *, category_id: int, city_id: int, terms: Terms, valid_from: datetime, by: "User", share: int = 100
) -> Tariff:
    """Terms of a place from `valid_from` on, for `share` percent of executors (100: everybody). Those concerned are told by
    a job right after. Raises PolicyDenied; then nothing is written."""
    require(may_operate(by))
    _one_at_a_time(category_id, city_id)
    require(
        may_publish(category_id=category_id, city_id=city_id, terms=terms, valid_from=valid_from, share=share, at=now())
    )
    tariff = Tariff.objects.create(
        category_id=category_id,
        city_id=city_id,
        valid_from=valid_from,
        response_fee_minor=terms.response_fee_minor,
        subscription_minor=terms.subscription_minor,
        commission_bp=terms.commission_bp,
        commission_payer=terms.commission_payer,
        currency=terms.currency,
    )
    if share < 100:
        rollout = TariffRollout.objects.create(tariff=tariff, by=by, created_at=now())
        RolloutStep.objects.create(rollout=rollout, share_percent=share, at=valid_from, by=by)
    jobs.nudge("payments.announce_tariffs")
    audit.record(actor=by, action="tariff.added", subject=f"tariff:{tariff.pk}", details=_told(tariff, share))
    return tariff


@transaction.atomic
def widen_rollout(*, rollout_id: int, share: int, begins: datetime, by: "User") -> RolloutStep:
    """Reach more executors from a moment on; 100 ends the roll-out for everybody's good. Raises PolicyDenied."""
    require(may_operate(by))
    rollout = _lock(rollout_id)
    require(may_widen(rollout=rollout, share=share, begins=begins, at=now()))
    step = RolloutStep.objects.create(rollout=rollout, share_percent=share, at=begins, by=by)
    jobs.nudge("payments.announce_tariffs")
    details = {"share_percent": share, "at": begins.isoformat()}
    audit.record(actor=by, action="rollout.widened", subject=f"tariff:{rollout.tariff_id}", details=details)
    return step


@transaction.atomic
def stop_rollout(*, rollout_id: int, by: "User") -> RolloutStep:
    """Back to the terms before, for everybody, at once; what was paid or begun under the new ones keeps them."""
    require(may_operate(by))
    rollout = _lock(rollout_id)
    rollout.steps.filter(at__gt=now()).delete()
    last = rollout.steps.order_by("-at").first()
    if last is not None and last.share_percent == 0:
        return last
    at = max(now(), rollout.tariff.valid_from)
    if last is not None and at <= last.at:
        at = last.at + timedelta(microseconds=1)
    step = RolloutStep.objects.create(rollout=rollout, share_percent=0, at=at, by=by)
    jobs.nudge("payments.announce_tariffs")
    audit.record(actor=by, action="rollout.stopped", subject=f"tariff:{rollout.tariff_id}", details={})
    return step


def _one_at_a_time(category_id: int, city_id: int) -> None:
    """Two operators at the same place wait for each other until the commit."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [7_215_002, f"{category_id}:{city_id}"])


def _lock(rollout_id: int) -> TariffRollout:
    rollout = TariffRollout.objects.select_for_update(of=("self",)).filter(pk=rollout_id).first()
    if rollout is None:
        raise NotFound
    return rollout


def _told(tariff: Tariff, share: int) -> dict[str, Any]:
    return {
        "category": tariff.category_id,
        "city": tariff.city_id,
        "valid_from": tariff.valid_from.isoformat(),
        "response_fee_minor": tariff.response_fee_minor,
        "subscription_minor": tariff.subscription_minor,
        "commission_bp": tariff.commission_bp,
        "commission_payer": tariff.commission_payer,
        "share_percent": share,
    }
