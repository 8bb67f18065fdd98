"""The site's settings for a soak: nobody looks at pages there, so their styles need not be collected before a 500 can be drawn."""

from marketplace.settings import *  # noqa: F403

STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}  # noqa: F405

# A moderator's division moves at once: nobody can wait three days for an appeal here.
RULES = {**RULES, "split_appeal_hours": 0}  # noqa: F405
