from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from marketplace.accounts.models import ExecutorProfile, User
from tasks_app.tracking import consent, services
from tasks_app.tracking.models import Shift
from tests.conftest import Clock

DEVICE = "phone-in-a-pocket"
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.fixture
def noon(clock: Clock) -> datetime:
    return clock.freeze(NOON)


@pytest.fixture
def executor(db: None) -> User:
    user = User.objects.create_user(name="Андрей Кузнецов", phone="+79990000001")
    ExecutorProfile.objects.create(user=user)
    return user


@pytest.fixture
def shift(executor: User, noon: datetime, clock: Clock) -> Shift:
    """Open for two hours at noon."""
    clock.freeze(NOON - timedelta(hours=2))
    opened = services.start_shift(user=executor, device_id=DEVICE, consent_version=consent.VERSION)
    clock.freeze(NOON)
    return opened


def point(at: datetime, lon: float = 37.60, lat: float = 55.75, **changes: Any) -> dict[str, Any]:
    return {
        "id": str(uuid4()),
        "at": at.isoformat(),
        "lon": lon,
        "lat": lat,
        "accuracy": 12,
        "source": "gps",
        **changes,
    }


@pytest.fixture
def send(executor: User, shift: Shift) -> Callable[..., Any]:
    def send_batch(*points: dict[str, Any], device: str = DEVICE, **batch: Any) -> Any:
        return services.accept_pings(user=executor, device_id=device, batch={"points": list(points), **batch})

    return send_batch
