"""What every template knows: the theme, the page's addresses in both languages, and the person's navigation."""

from dataclasses import dataclass, replace
from functools import lru_cache
from ipaddress import ip_address
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.request import split_domain_port
from django.urls import NoReverseMatch, reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from marketplace.accounts import selectors as accounts
from marketplace.accounts.policies import is_operator
from marketplace.chat import selectors as chat
from marketplace.notifications import selectors as notifications
from payments import selectors as payments

THEMES = ("light", "dark")


@dataclass(frozen=True, slots=True)
class Link:
    """A line of the navigation. `count`: unread things; `main`: the one action that stands out."""

    label: str
    icon: str
    url: str
    current: bool = False
    count: int = 0
    main: bool = False


@lru_cache(maxsize=500)
def _path(name: str, language: str) -> str | None:
    """None while there is no such page. Every page asks for some thirty of them."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return None


def _in_language(path: str, code: str) -> str:
    """The same page in a language: English ones begin with /en/, Russian ones with nothing."""
    russian = "/" + path.removeprefix("/en").lstrip("/") if path == "/en" or path.startswith("/en/") else path
    return f"/en{russian}" if code == "en" else russian


class Shell:
    """The frame's own data. Nothing is read before a template asks for it."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @cached_property
    def person(self) -> Any:
        user = getattr(self.request, "user", None)
        return user if user is not None and user.is_authenticated else None

    @cached_property
    def is_executor(self) -> bool:
        return self.person is not None and accounts.is_executor(self.person.pk)

    @cached_property
    def tabs(self) -> list[Link]:
        """The tabs under the thumb: five at the most."""
        if self.person is None:
            return []
        if self.is_executor:
            lines = [
                self._link(_("Feed"), "list", "feed:list"),
                self._link(_("Responses"), "briefcase", "deal:my_responses"),
                self._link(_("Hand over"), "plus", "posting:start", main=True),
                self._link(_("Messages"), "message", "chat:list"),
                self._link(_("Profile"), "user", "account:profile"),
            ]
        else:
            lines = [
                self._link(_("Home"), "home", "public:home"),
                self._link(_("Tasks"), "clipboard", "deal:my_tasks"),
                self._link(_("Hand over"), "plus", "posting:start", main=True),
                self._link(_("Messages"), "message", "chat:list"),
                self._link(_("Profile"), "user", "account:profile"),
            ]
        return [replace(line, count=self.unread_messages) if line.icon == "message" else line for line in lines if line]

    @cached_property
    def bar_links(self) -> list[Link]:
        """The same in the bar of a wide screen; visitors get the ways in."""
        if self.person is None:
            lines = [
                self._link(_("Services"), "grid", "public:categories"),
                self._link(_("Tasks"), "list", "feed:list"),
                self._link(_("Become an executor"), "briefcase", "account:executor"),
            ]
            return [line for line in lines if line]
        return [tab for tab in self.tabs if tab.icon not in ("home", "user")]

    @cached_property
    def menu(self) -> list[Link]:
        names = [
            (_("Hand over a task"), "plus", "posting:start"),
            (_("Tasks near you"), "list", "feed:list"),
            (_("All services"), "grid", "public:categories"),
        ]
        if self.person is not None:
            names += [
                (_("My tasks"), "clipboard", "deal:my_tasks"),
                (_("Messages"), "message", "chat:list"),
                (_("Notifications"), "bell", "notifications:list"),
            ]
        if self.is_executor:
            names += [
                (_("My responses"), "briefcase", "deal:my_responses"),
                (_("Wallet"), "wallet", "wallet:overview"),
                (_("Shift"), "navigation", "tracking:shift"),
            ]
        if self.person is not None:
            names.append((_("Profile"), "user", "account:profile"))
            if self.person.is_staff:
                names.append((_("Desk"), "scales", "desk:queue"))
        counts = {"message": self.unread_messages, "bell": self.unread}
        links = [self._link(*name) for name in names]
        return [replace(line, count=counts.get(line.icon, 0)) for line in links if line]

    @cached_property
    def desk_links(self) -> list[Link]:
        """The rooms of the moderators' desk, with what waits in each."""
        from fraud.learning.second import looks_waiting
        from fraud.selectors import open_count
        from marketplace.accounts.selectors import pending_appeals
        from payments.selectors import held_matters
        from tasks_app.selectors import contested_count, disputed_count

        lines = [
            self._link(_("Checks"), "scales", "desk:queue", count=open_count(), exact=True),
            self._link(_("Appeals about checks"), "gavel", "desk:case_appeals", count=pending_appeals("case").count()),
            self._link(
                _("Second looks"), "eye", "desk:second_reviews", count=looks_waiting(self.person) if self.person else 0
            ),
            self._link(_("Disputes"), "scales", "desk:disputes", count=disputed_count()),
            self._link(_("Held money"), "shield", "desk:held", count=held_matters(self.person) if self.person else 0),
            self._link(_("Cancellations"), "question", "desk:contested", count=contested_count(self.person)),
            self._link(_("Documents"), "id-card", "desk:verification"),
            self._link(_("Other appeals"), "gavel", "desk:appeals", exact=True),
            self._link(_("People"), "users", "desk:people"),
        ]
        if self.person is not None and is_operator(self.person):
            lines.append(self._link(_("Tariffs"), "ruble", "desk:tariffs"))
            lines.append(self._link(_("Quality"), "chart", "desk:learning"))
            lines.append(self._link(_("Money"), "wallet", "desk:money"))
        return [line for line in lines if line]

    @cached_property
    def wallet(self) -> Any:
        """The balance for the pill, only for executors."""
        if not self.is_executor:
            return None
        return payments.wallet_balance(self.person.pk)

    @cached_property
    def unread_messages(self) -> int:
        return chat.unread_total(self.person) if self.person is not None else 0

    @cached_property
    def unread(self) -> int:
        """Notifications not yet read, for the mark on the menu."""
        return notifications.unread_count(self.person.pk) if self.person is not None else 0

    @cached_property
    def foot(self) -> list[Link]:
        names = [
            (_("All services"), "grid", "public:categories"),
            (_("Open tasks"), "list", "feed:list"),
            (_("Hand over a task"), "plus", "posting:start"),
            (_("Become an executor"), "briefcase", "account:executor"),
            (_("Rules and data"), "info", "public:rules"),
        ]
        return [line for line in (self._link(*name) for name in names) if line]

    @cached_property
    def languages(self) -> list[dict[str, Any]]:
        """This page in each language: code, name in that language, path, whether it is the one being read."""
        path = self.request.get_full_path()
        return [
            {"code": code, "name": name, "path": _in_language(path, code), "current": code == self._language}
            for code, name in (("ru", "Русский"), ("en", "English"))
        ]

    @cached_property
    def alternates(self) -> list[dict[str, str]]:
        """Absolute addresses of the page without its query, for hreflang."""
        return [
            {"code": code, "url": settings.SITE_URL + _in_language(self.request.path, code)} for code in ("ru", "en")
        ]

    @cached_property
    def canonical(self) -> str:
        return settings.SITE_URL + self.request.path

    @cached_property
    def has_a_name(self) -> bool:
        """Whether the site is open under a name. Browsers bind passkeys to names and refuse numbers like 127.0.0.1."""
        try:
            ip_address(split_domain_port(self.request.get_host())[0].strip("[]"))
        except ValueError:
            return True
        return False

    @property
    def _language(self) -> str:
        return "en" if self.request.path == "/en" or self.request.path.startswith("/en/") else "ru"

    def _link(
        self, label: str, icon: str, name: str, *, main: bool = False, count: int = 0, exact: bool = False
    ) -> Link | None:
        """None while there is no such page. `exact`: only this very address is the current one."""
        url = _path(name, get_language() or "ru")
        if url is None:
            return None
        here = self.request.path
        home = url in ("/", "/en/")
        return Link(
            label, icon, url, current=here == url if home or exact else here.startswith(url), count=count, main=main
        )


def page(request: HttpRequest) -> dict[str, Any]:
    """`theme`: light, dark or nothing (the device decides); `rules`: the numbers sentences speak of; `shell`: the frame's data, read on demand."""
    theme = request.COOKIES.get("theme", "")
    return {
        "theme": theme if theme in THEMES else "",
        "site_url": settings.SITE_URL,
        "demo_mode": settings.DEMO,
        "map_tiles": settings.MAP_TILES_URL,
        "map_credit": settings.MAP_TILES_CREDIT,
        "rules": settings.RULES,
        "shell": Shell(request),
    }
