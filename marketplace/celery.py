"""Background work. A *job* is a nudge or a sweep; what has to be done stands in rows, so losing Redis loses nothing."""

import os
from importlib import import_module
from importlib.util import find_spec

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")

# Every room that has jobs; each module may define SCHEDULE = {job name: seconds or crontab}.
JOB_ROOMS = (
    "marketplace.kit.heartbeat",
    "marketplace.kit.jobs_sweep",
    "marketplace.accounts.jobs",
    "marketplace.notifications.jobs",
    "marketplace.trust.jobs",
    "payments.jobs",
    "tasks_app.jobs",
    "fraud.jobs",
)

_STALE_AFTER = 120  # seconds

app = Celery("poruchi")
app.config_from_object("django.conf:settings", namespace="CELERY")


@app.on_after_finalize.connect
def gather_schedules(sender: Celery, **_: object) -> None:
    for room in JOB_ROOMS:
        if find_spec(room) is None:
            continue
        for name, when in getattr(import_module(room), "SCHEDULE", {}).items():
            entry = sender.conf.beat_schedule[name] = {"task": name, "schedule": when}
            # A sweep that waited this long stands in the queue again, behind itself.
            if isinstance(when, int | float) and sender.tasks[name].expires is None:
                entry["options"] = {"expires": max(_STALE_AFTER, when)}


@app.on_after_configure.connect
def load_rooms(sender: Celery, **_: object) -> None:
    sender.conf.imports = tuple(room for room in JOB_ROOMS if find_spec(room) is not None)
