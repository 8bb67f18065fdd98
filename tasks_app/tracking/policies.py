"""Who may report positions, and who may see them."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from marketplace.kit.policy import Allowed, Decision, Denied
from tasks_app.models import Assignment

if TYPE_CHECKING:
    from marketplace.accounts.models import User

WATCHED = (Assignment.Status.ON_THE_WAY, Assignment.Status.STARTED)


def may_track(user: "User") -> Decision:
    """A shift is for people who have an executor's profile."""
    if getattr(user, "executor", None) is None:
        return Denied("not_an_executor", _("A shift is for executors. Fill in your executor's profile first."))
    return Allowed()


def may_watch(user: "User", assignment: Assignment) -> Decision:
    """The customer sees the executor's place from "on my way" until the work is done, and never else."""
    if assignment.customer_id != user.pk:
        return Denied("not_found", _("We could not find this. It may have been removed."), status=404)
    if assignment.status not in WATCHED:
        return Denied(
            "not_on_the_way", _("The map opens when the executor is on the way, and closes when the work is done."), 409
        )
    return Allowed()
