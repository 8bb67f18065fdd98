"""All jobs of the package; the rooms define them."""

from typing import Any

from tasks_app.assignments import jobs as assignments
from tasks_app.posting import jobs as posting
from tasks_app.secure import jobs as secure
from tasks_app.tracking import jobs as tracking

SCHEDULE: dict[str, Any] = {
    **assignments.SCHEDULE,
    **posting.SCHEDULE,
    **secure.SCHEDULE,
    **tracking.SCHEDULE,
}
