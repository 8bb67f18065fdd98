"""Staff pages open only after a second factor; limits fail closed; sessions remember when they were used."""

from collections.abc import Callable
from typing import Any

from allauth.usersessions.models import UserSession
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from redis.exceptions import RedisError

from marketplace.accounts.errors import LimitsAway
from marketplace.accounts.second_factor import has_second_factor, passed_second_factor
from marketplace.kit.clock import now

Handler = Callable[[HttpRequest], HttpResponse]


class StaffSecondFactor:
    """Guards every page of the desk and of the admin, whatever its address."""

    guarded = ("desk", "admin")

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        match = request.resolver_match
        if match is None or match.app_name not in self.guarded:
            return None
        if not request.user.is_authenticated or not request.user.is_staff or passed_second_factor(request):
            return None
        if not has_second_factor(request.user):
            return HttpResponseRedirect(reverse("mfa_index"))
        return HttpResponseRedirect(f"{reverse('mfa_reauthenticate')}?{urlencode({'next': request.get_full_path()})}")


class LimitsFailClosed:
    """Codes are limited by counters in Redis. Without Redis there are no limits, so there are no codes: a sentence and 503."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, RedisError):
            return None
        away = LimitsAway()
        return render(request, "shell/refused.html", {"error": away}, status=away.status)


class SessionActivity:
    """The list of sessions says when each was used last, to a quarter of an hour; few requests write."""

    every_seconds = 900

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.session.session_key and request.user.is_authenticated:
            self._remember(request)
        return self.get_response(request)

    def _remember(self, request: HttpRequest) -> None:
        at = int(now().timestamp())
        if at - request.session.get("seen_at", 0) < self.every_seconds:
            return
        request.session["seen_at"] = at
        UserSession.objects.create_from_request(request)
