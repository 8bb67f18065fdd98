"""The browsers a person is signed in with."""

from collections.abc import Iterable

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

from marketplace.accounts.models import User
from marketplace.kit.clock import machine_now


def sessions_of(user: User) -> list[UserSession]:
    """Those that still open the account, the one used last first."""
    sessions = UserSession.objects.filter(user_id=user.pk).order_by("-last_seen_at")
    alive = set(
        Session.objects.filter(
            session_key__in=[session.session_key for session in sessions], expire_date__gt=machine_now()
        ).values_list("session_key", flat=True)
    )
    return [session for session in sessions if session.session_key in alive]


def people_sharing_a_browser(pairs: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Those of the pairs who sign in from one address with one and the same browser. Homes and offices share an address
    too: a signal, never a proof."""
    wanted = list(pairs)
    ids = {one for pair in wanted for one in pair}
    seen: dict[int, set[tuple[str, str]]] = {}
    rows = UserSession.objects.filter(user_id__in=ids).exclude(user_agent="")
    for user_id, address, browser in rows.values_list("user_id", "ip", "user_agent"):
        seen.setdefault(user_id, set()).add((str(address), browser))
    return [(a, b) for a, b in wanted if seen.get(a, set()) & seen.get(b, set())]
