"""What a person agrees to before the first position is taken. A change of meaning needs a new version."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

VERSION = "2026-11"
KIND = "location"

SENTENCES: tuple[Promise, ...] = (
    _(
        "Your position is taken only while you are on a shift or on a task that you started, and never in the background."
    ),
    _("On the way to a task the customer sees where you are, until the work is done."),
    _(
        "If an agreed task is cancelled, a moderator may compare your position with the task's place, within the "
        "task's time and two hours before and after it. Nothing is decided without a person."
    ),
    _("Positions are kept for 60 days and then deleted. What an open check needs is kept until it is over."),
    _("You can see on a page what is stored and delete it, day by day."),
)
