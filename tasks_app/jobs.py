"""All jobs of the package; the rooms define them."""

from typing import Any

from tasks_app.tracking import jobs as tracking

SCHEDULE: dict[str, Any] = {
    **tracking.SCHEDULE,
}
