"""Staff pages open only after a second factor; limits fail closed; sessions remember when they were used."""

from collections.abc import Callable
from typing import Any

from allauth.usersessions.models import UserSession
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from redis.exceptions import RedisError

from marketplace.accounts.errors import LimitsAway
from marketplace.accounts.second_factor import has_second_factor, passed_second_factor
from marketplace.accounts.selectors import blocked_among
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


class BlockedPeople:
    """A blocked person may look, sign out and appeal; everything else that writes leads to the reason and the appeal."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if request.method in ("GET", "HEAD", "OPTIONS") or not request.user.is_authenticated:
            return None
        match = request.resolver_match
        own_account = match is not None and (
            match.app_name in ("account", "demo") or (match.url_name or "").startswith("account_")
        )
        if own_account or not blocked_among([request.user.pk]):
            return None
        if match is not None and match.namespace == "api":
            reason = _("Your account is blocked. Sign in on the site to read why and to appeal.")
            return JsonResponse({"code": "blocked", "message": str(reason)}, status=403)
        return HttpResponseRedirect(reverse("account:restrictions"))


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
