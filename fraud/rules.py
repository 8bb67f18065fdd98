"""The numbers of the fraud room, changeable in the settings under FRAUD."""

from datetime import timedelta
from typing import Any

from django.conf import settings

_DEFAULTS: dict[str, float] = {
    "threshold": 0.5,  # a score from here on opens a case
    "audit_share": 0.04,  # of the unflagged, drawn for a blind look
    "history_days": 60,
    "near_m": 150,
    "pair_days": 60,
    "inquiry_hours": 24,
    "appeal_days": 14,
}


def rule(name: str) -> float:
    return float({**_DEFAULTS, **getattr(settings, "FRAUD", {})}[name])


def hold_time() -> timedelta:
    return timedelta(hours=_rules()["hold_hours"])


def _rules() -> dict[str, Any]:
    return settings.RULES
