"""Which page answers which address."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from babel.numbers import format_currency
from django.template import Context, Engine

from payments.simulator import forms
from payments.simulator.calls import Call
from payments.simulator.handling import Request, Server
from payments.simulator.pages.words import WORDS, language_of

Page = tuple[int, dict[str, str], str]
HERE = Path(__file__).parent
ENGINE = Engine(dirs=[str(HERE)], autoescape=True)
STYLE = (HERE / "style.css").read_text(encoding="utf-8")
DIGITS = {"jpy": 0, "krw": 0, "vnd": 0}


class Visit:
    """A person's request to one of the pages: what they sent, the language they read."""

    def __init__(self, server: Server, request: Request, call: Call, parts: dict[str, str]) -> None:
        self.server, self.request, self.call, self.parts = server, request, call, parts
        self.sent: dict[str, str] = (
            {k: str(v) for k, v in forms.decode(request.body).items()} if request.method == "POST" else {}
        )

    def language(self, locale: str | None) -> str:
        return language_of(locale, self.request.headers.get("accept-language", ""))

    def render(self, template: str, language: str, *, status: int = 200, **values: Any) -> Page:
        context = Context({"w": WORDS[language], "language": language, "base": self.server.base, **values})
        return status, {}, ENGINE.get_template(template).render(context)


View = Callable[[Visit], Page]
_views: list[tuple[re.Pattern[str], View]] = []


def view(path: str) -> Callable[[View], View]:
    def register(function: View) -> View:
        _views.append((re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path) + "$"), function))
        return function

    return register


def show(server: Server, request: Request) -> Page:
    """One transaction for each visit, as for each call."""
    from payments.simulator.pages import authenticate, checkout, home, invoice, onboarding, receipt  # noqa: F401 - they register themselves

    if request.path == "/style.css":
        return 200, {"content-type": "text/css; charset=utf-8", "cache-control": "max-age=60"}, STYLE
    for pattern, function in _views:
        hit = pattern.match(request.path)
        if hit:
            with server.store.transaction():
                return function(Visit(server, request, server.call(), hit.groupdict()))
    return not_found(Visit(server, request, server.call(), {}))


def not_found(visit: Visit) -> Page:
    return visit.render(
        "message.html", visit.language(None), status=404, title="404", text=WORDS[visit.language(None)]["nothing"]
    )


def redirect(url: str) -> Page:
    return 303, {"location": url}, ""


def money(amount: int, currency: str, language: str) -> str:
    """Minor units as a person reads them: `1 500,00 ₽`."""
    from decimal import Decimal

    text = format_currency(Decimal(amount).scaleb(-DIGITS.get(currency, 2)), currency.upper(), locale=language)
    return str(text).replace("RUB", "₽").replace("KZT", "₸")
