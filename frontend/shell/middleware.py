"""What every page answers with: a strict content security policy, the reader's time zone, domain errors as pages."""

from collections.abc import Callable
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from marketplace.kit.errors import DomainError

Answer = Callable[[HttpRequest], HttpResponse]

DEFAULT_ZONE = "Europe/Moscow"


def content_security_policy(host: str) -> str:
    """Nothing inline, nothing from elsewhere. Sockets are named: older browsers do not count them as 'self'.

    The one outside source is the map's tile server, when the operator set one.
    """
    images = ["'self'", "data:", "blob:"]
    tiles = urlsplit(settings.MAP_TILES_URL.replace("{s}.", "*."))
    if tiles.netloc:
        images.append(f"{tiles.scheme}://{tiles.netloc}")
    directives = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": " ".join(images),
        "font-src": "'self'",
        "connect-src": f"'self' ws://{host} wss://{host}",
        "manifest-src": "'self'",
        "worker-src": "'self'",
        "form-action": " ".join(["'self'", *payment_pages()]),
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in directives.items())


def payment_pages() -> list[str]:
    """Where a form of ours may lead on to: the processor's own pages, and none while card payments are off."""
    if not settings.STRIPE_SECRET_KEY:
        return []
    if settings.STRIPE_API_BASE:
        base = urlsplit(settings.STRIPE_API_BASE)
        return [f"{base.scheme}://{base.netloc}"]
    return [f"https://{name}.stripe.com" for name in ("checkout", "hooks", "connect", "invoice", "billing")]


class ContentSecurityPolicy:
    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if "Content-Security-Policy" not in response.headers:
            response.headers["Content-Security-Policy"] = content_security_policy(request.get_host())
            response.headers["Permissions-Policy"] = "geolocation=(self), camera=(self), microphone=(), payment=()"
            response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        return response


class ReaderTime:
    """Times are shown in the reader's zone: the browser names it in a cookie; before that, Moscow's."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response
        self.known = available_timezones()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        name = request.COOKIES.get("zone", "")
        with timezone.override(ZoneInfo(name if name in self.known else DEFAULT_ZONE)):
            return self.get_response(request)


class DomainErrors:
    """A refusal that a view did not catch becomes a page with its sentence and status."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, DomainError):
            return None
        return render(request, "shell/refused.html", {"error": error}, status=error.status)
