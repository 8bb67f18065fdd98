"""Where a person is signed in, and signing out from there."""

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction

from marketplace.accounts.models import DeviceToken, User
from marketplace.kit.clock import now
from marketplace.kit.errors import NotFound
from marketplace.kit.live import publish


@transaction.atomic
def end_session(*, session_id: int, by: User) -> None:
    """Sign one browser out. Raises NotFound, also for somebody else's session."""
    session = UserSession.objects.filter(pk=session_id, user=by).first()
    if session is None:
        raise NotFound
    Session.objects.filter(session_key=session.session_key).delete()
    session.delete()
    _tell(by)


@transaction.atomic
def sign_out_everywhere(*, user: User, keep_session: str | None = None) -> None:
    """All browsers and phone apps, but for the session with the key `keep_session`."""
    sessions = UserSession.objects.filter(user=user).exclude(session_key=keep_session or "")
    keys = list(sessions.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    sessions.delete()
    DeviceToken.objects.filter(user=user, revoked_at=None).update(revoked_at=now())
    _tell(user)


def _tell(user: User) -> None:
    """Pages that are open elsewhere learn of it; their sockets are closed by the live process."""
    publish(topic=f"user:{user.pk}", kind="signed_out", payload={})
