"""The desk is for moderators, its tariffs for operators; for everybody else the pages do not exist."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse

from marketplace.accounts.policies import is_moderator, is_operator
from marketplace.accounts.requests import SignedIn
from marketplace.kit.errors import NotFound

View = Callable[..., HttpResponse]


def moderators_only(view: View) -> View:
    """Sign in first; somebody signed in who is no moderator gets "not found"."""

    @wraps(view)
    def guarded(request: SignedIn, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_moderator(request.user):
            raise NotFound
        return view(request, *args, **kwargs)

    return login_required(guarded)


def operators_only(view: View) -> View:
    """Sign in first; somebody signed in who is no operator gets "not found"."""

    @wraps(view)
    def guarded(request: SignedIn, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_operator(request.user):
            raise NotFound
        return view(request, *args, **kwargs)

    return login_required(guarded)
