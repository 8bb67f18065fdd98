"""The browsers a person is signed in with."""

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

from marketplace.accounts.models import User
from marketplace.kit.clock import now


def sessions_of(user: User) -> list[UserSession]:
    """Those that still open the account, the one used last first."""
    sessions = UserSession.objects.filter(user_id=user.pk).order_by("-last_seen_at")
    alive = set(
        Session.objects.filter(
            session_key__in=[session.session_key for session in sessions], expire_date__gt=now()
        ).values_list("session_key", flat=True)
    )
    return [session for session in sessions if session.session_key in alive]
