"""Who may write in a thread."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from marketplace.accounts.selectors import standing_restriction
from marketplace.chat.models import Thread
from marketplace.kit.clock import now
from marketplace.kit.policy import Allowed, Decision, Denied

if TYPE_CHECKING:
    from marketplace.accounts.models import User


def may_write(thread: Thread, user: "User") -> Decision:
    """Both sides, while the response stands and for `chat_open_days` after the task ended."""
    if user.pk not in (thread.customer_id, thread.executor_id):
        return Denied("not_found", _("We could not find this. It may have been removed."), status=404)
    if standing_restriction(user.pk, "blocked"):
        return Denied("blocked", _("Your account is blocked, so you cannot write."))
    response = thread.response
    if response.status == "withdrawn":
        return Denied("response_withdrawn", _("The response was withdrawn, the conversation is over."), status=409)
    if user.pk == thread.executor_id and response.seen_at is None:
        reason = _("The customer has not opened your response yet. You can write once they have.")
        return Denied("not_opened_yet", reason, status=409)
    closed_at = response.task.closed_at
    days = int(settings.RULES["chat_open_days"])
    if closed_at is not None and closed_at + timedelta(days=days) < now():
        reason = ngettext(
            "The task ended more than %(days)s day ago.", "The task ended more than %(days)s days ago.", days
        )
        return Denied("conversation_over", reason % {"days": days}, status=409)
    if _written_lately(thread, user) >= int(settings.RULES["chat_messages_per_minute"]):
        return Denied("too_many_messages", _("Too many messages in a minute. Wait a little."), status=429)
    return Allowed()


def _written_lately(thread: Thread, user: "User") -> int:
    return thread.messages.filter(sender=user, at__gt=now() - timedelta(minutes=1)).count()
