"""What a person agrees to before the first position is taken. A change of meaning needs a new version."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

VERSION = "2026-11-22"
KIND = "location"

SENTENCES: tuple[Promise, ...] = (
    _(
        "Your position is taken only while you are on a shift or on a task that you started, and never in the background."
    ),
    _("On the way to a task the customer sees where you are, until the work is done."),
    _(
        "If an agreed task is cancelled, a program and, if need be, a moderator may compare your position with the task's "
        "place, within the task's time and two hours before and after it."
    ),
    _(
        "They also see whether you are near that place on other days of the last 60, and near it at night: that you live or "
        "work there speaks for you. Nothing is decided without a person."
    ),
    _(
        "Positions are kept for 60 days and then deleted. Only if a cancelled task is checked, the check keeps a copy of that "
        "time's positions, until a year after its end at the latest."
    ),
    _(
        "You can see on a page what is stored and delete it, day by day; what a check needs, when the check and the time to "
        "appeal are over."
    ),
)
