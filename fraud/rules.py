"""The numbers of the fraud room, changeable in the settings under FRAUD."""

from datetime import timedelta
from typing import Any

from django.conf import settings

_DEFAULTS: dict[str, float] = {
    "threshold": 0.5,  # the readable rule's line: a score from here on opens a case
    "hold_from": 0.5,  # a flag less likely than this is looked at, but the refund does not wait
    "capacity_per_day": 40,  # cases, until an operator states another number
    "leak_share": 0.1,  # of the agreed price: what later deals of a pair that has left cost the platform
    "audit_share": 0.04,  # of the capacity, for a blind look at unflagged cancellations
    "audit_unseen": 0.1,  # of the others' chance, for those where positions tell nothing
    "unflagged_per_case": 10,  # supposed a day for each case of the capacity, before it is known
    "fewest_labels": 100,  # to learn from
    "second_share": 0.1,  # of decisions, made once more by somebody else
    "second_days": 14,  # so long positions are held for a second look that nobody makes
    "evidence_days": 365,  # after a case ended
    "findings_days": 60,  # of a cancellation without a case: as long as positions themselves
    "near_m": 150,
    "inquiry_hours": 24,
    "appeal_days": 14,
    "explanations": 3,  # of one executor to one case, unasked
    "least_separation": 0.7,  # a model below it is not promoted whatever serves now
}


def rule(name: str) -> float:
    return float({**_DEFAULTS, **getattr(settings, "FRAUD", {})}[name])


def hold_time() -> timedelta:
    return timedelta(hours=_rules()["hold_hours"])


def _rules() -> dict[str, Any]:
    return settings.RULES
