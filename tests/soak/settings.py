"""The site's settings for a soak: nobody looks at pages there, so their styles need not be collected before a 500 can be drawn."""

from marketplace.settings import *  # noqa: F403

STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}  # noqa: F405
