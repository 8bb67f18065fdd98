"""The drafts of a visitor: their ids in a signed cookie, given to the account at log-in."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from marketplace.accounts.models import User
from tasks_app import services

COOKIE = "drafts"
SALT = "visitor-drafts"
KEEP_SECONDS = 30 * 86_400

View = Callable[..., HttpResponse]


def person_of(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


def visitor_ids(request: HttpRequest) -> list[UUID]:
    """The draft ids of the cookie; a cookie that was tampered with holds none."""
    kept = request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=KEEP_SECONDS) or ""
    return [UUID(hex=part) for part in kept.split(".") if part]


def remember_draft(request: HttpRequest, response: HttpResponse, public_id: UUID) -> None:
    """Put a visitor's new draft first; the oldest beyond the limit are forgotten."""
    ids = [public_id, *(known for known in visitor_ids(request) if known != public_id)]
    value = ".".join(known.hex for known in ids[: int(settings.RULES["drafts_per_visitor"])])
    response.set_signed_cookie(
        COOKIE, value, salt=SALT, max_age=KEEP_SECONDS, httponly=True, samesite="Lax", secure=settings.HTTPS
    )


def keeps_drafts(view: View) -> View:
    """A page on which a person who has just logged in gets the drafts they wrote as a visitor."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        person = person_of(request)
        ids = visitor_ids(request) if person else []
        if person and ids:
            services.claim_drafts(user=person, public_ids=ids)
        response = view(request, *args, **kwargs)
        if ids:
            response.delete_cookie(COOKIE, samesite="Lax")
        return response

    return wrapped
