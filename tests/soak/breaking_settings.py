"""The site's settings with one guard taken away, for the soak's controls only."""

from marketplace.settings import *  # noqa: F403

INSTALLED_APPS = [*INSTALLED_APPS, "tests.soak.breaking.Breaking"]  # noqa: F405
