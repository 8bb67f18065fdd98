"""Who may publish and who may change a task."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from marketplace.accounts.policies import may_post
from marketplace.kit.policy import Decision, Denied
from tasks_app.models import Task

if TYPE_CHECKING:
    from marketplace.accounts.models import User


def may_publish(user: "User") -> Decision:
    """Anybody with a confirmed phone and a name whom nothing restricts."""
    return may_post(user)


def may_edit(user: "User", task: Task) -> Decision:
    """The customer, while the task is open."""
    if task.customer_id != user.pk:
        return Denied("not_found", _("We could not find this. It may have been removed."), 404)
    if task.status != Task.Status.OPEN:
        return Denied("task_not_editable", _("Only an open task can be changed."), 409)
    return may_post(user)
