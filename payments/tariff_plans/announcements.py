"""Telling executors of new terms before they begin; once each, whatever is interrupted."""

from typing import Any

from django.db import transaction

from marketplace.kit.clock import now
from marketplace.kit.rows import rows
from marketplace.notifications.services import notify
from payments.models import RolloutStep, Tariff
from payments.tariff_plans.selectors import tariff_in_force

# Executors who work in the category in the city: by their profile, or by a response of the last 90 days, or by a living
# subscription. Parameters: category, city, city, category, city, moment, category, city.
_CONCERNED = """
SELECT profile.user_id FROM accounts_executorprofile AS profile
JOIN accounts_executorprofile_categories AS works ON works.executorprofile_id = profile.id AND works.category_id = %s
JOIN accounts_user AS person ON person.id = profile.user_id
WHERE person.city_id = %s OR EXISTS (
    SELECT 1 FROM accounts_servicepoint AS place, tasks_app_city AS city
    WHERE place.profile_id = profile.id AND city.id = %s AND ST_Covers(city.outline, place.point))
UNION
SELECT response.executor_id FROM tasks_app_response AS response
JOIN tasks_app_task AS task ON task.id = response.task_id
WHERE task.category_id = %s AND task.city_id = %s AND response.created_at > %s - interval '90 days'
UNION
SELECT user_id FROM payments_subscription
WHERE category_id = %s AND city_id = %s AND status IN ('pending', 'active', 'past_due', 'paused')
ORDER BY 1
"""
_REACHED = (
    "SELECT id FROM unnest(%s::bigint[]) AS id WHERE payments_bucket(id, %s) >= %s AND payments_bucket(id, %s) < %s"
)


def executors_concerned(category_id: int, city_id: int) -> list[int]:
    """Ids of the people whom terms of this place matter to."""
    params = [category_id, city_id, city_id, category_id, city_id, now(), category_id, city_id]
    return [int(row[0]) for row in rows(_CONCERNED, params)]


def announce_due() -> int:
    """Tell everybody concerned of terms and roll-out steps that nobody was told of yet; returns how many were told."""
    told = 0
    waiting = Tariff.objects.filter(announced_at=None, rollout=None).select_related("category", "city").order_by("pk")
    for tariff in waiting:
        told += _tell(tariff, executors_concerned(tariff.category_id, tariff.city_id), f"tariff:{tariff.pk}")
        Tariff.objects.filter(pk=tariff.pk).update(announced_at=now())
    steps = RolloutStep.objects.filter(announced_at=None).order_by("rollout_id", "at", "pk")
    for step in steps.select_related("rollout__tariff__category", "rollout__tariff__city"):
        told += _announce_step(step)
    return told


def _announce_step(step: RolloutStep) -> int:
    tariff = step.rollout.tariff
    before = step.rollout.steps.filter(at__lt=step.at).order_by("-at").first()
    reached = before.share_percent if before else 0
    low, high = sorted((reached, step.share_percent))
    everybody = executors_concerned(tariff.category_id, tariff.city_id)
    people = [int(row[0]) for row in rows(_REACHED, [everybody, step.rollout_id, low, step.rollout_id, high])]
    if step.share_percent < reached:
        back = tariff_in_force(category_id=tariff.category_id, city_id=tariff.city_id, at=step.at)
        told = _tell(back, people, f"rollout-step:{step.pk}", begins=step) if back else 0
    else:
        told = _tell(tariff, people, f"rollout-step:{step.pk}", begins=step)
    RolloutStep.objects.filter(pk=step.pk).update(announced_at=now())
    Tariff.objects.filter(pk=tariff.pk, announced_at=None).update(announced_at=now())
    return told


def _tell(tariff: Tariff, people: list[int], key: str, begins: RolloutStep | None = None) -> int:
    params = terms_params(tariff) | {
        "when": {
            "at": (begins.at if begins else tariff.valid_from).isoformat(),
            "zone": tariff.city.time_zone,
        }
    }
    told = 0
    for user_id in people:
        with transaction.atomic():
            row = notify(user_id=user_id, kind="tariff_changes", params=params, path="/wallet/subscriptions/", key=key)
        told += row is not None
    return told


def terms_params(tariff: Tariff) -> dict[str, Any]:
    """The terms as notifications carry them."""
    return {
        "category": {"ru": tariff.category.name_ru, "en": tariff.category.name_en},
        "city": {"ru": tariff.city.name_ru, "en": tariff.city.name_en},
        "fee": {"minor": tariff.response_fee_minor, "currency": tariff.currency},
        "month": {"minor": tariff.subscription_minor, "currency": tariff.currency},
        "commission": {"bp": tariff.commission_bp},
    }
