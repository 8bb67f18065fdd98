"""The soak's settings with one guard taken away, for its controls only."""

from tests.soak.settings import *  # noqa: F403

INSTALLED_APPS = [*INSTALLED_APPS, "tests.soak.breaking.Breaking"]  # noqa: F405
