"""All jobs of the package; the rooms define them."""

from typing import Any

SCHEDULE: dict[str, Any] = {}
