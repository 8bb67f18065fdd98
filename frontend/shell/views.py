"""The shell's own pages: manifest, service worker, offline, theme, and the living page of components."""

from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_POST

from frontend.shell.context import THEMES, Shell
from frontend.shell.samples import component_samples, icon_names

YEAR = 365 * 24 * 3600


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keeps the chosen theme in a cookie: the page arrives in its colours, without a script."""
    chosen = request.POST.get("theme", "")
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        target = "/"
    response = redirect(target)
    if chosen in THEMES:
        response.set_cookie("theme", chosen, max_age=YEAR, samesite="Lax", secure=settings.HTTPS)
    else:
        response.delete_cookie("theme")
    return response


@require_GET
@cache_control(public=True, max_age=3600)
def manifest(request: HttpRequest) -> HttpResponse:
    home = reverse("public:home")
    icons = [
        {"src": static(f"icons/icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png", "purpose": "any"}
        for size in (192, 512)
    ]
    icons.append(
        {
            "src": static("icons/icon-maskable-512.png"),
            "sizes": "512x512",
            "type": "image/png",
            "purpose": "maskable",
        }
    )
    return JsonResponse(
        {
            "id": "/",
            "name": _("Poruchi"),
            "short_name": _("Poruchi"),
            "description": _("Describe the task; checked executors offer a price; you choose by reviews."),
            "lang": get_language(),
            "start_url": f"{home}?from=app",
            "scope": "/",
            "display": "standalone",
            "background_color": "#f7f5f1",
            "theme_color": "#f7f5f1",
            "icons": icons,
            "shortcuts": [{"name": link.label, "url": link.url} for link in Shell(request).tabs if link.main],
        },
        content_type="application/manifest+json",
    )


@require_GET
@cache_control(no_cache=True)
def service_worker(request: HttpRequest) -> HttpResponse | FileResponse:
    """The built worker at the root, so that its scope is the whole site."""
    found = finders.find("build/sw.js")
    path = Path(found) if found else Path(settings.STATIC_ROOT) / "build" / "sw.js"
    if not path.exists():
        raise Http404
    return FileResponse(path.open("rb"), content_type="text/javascript; charset=utf-8")


@require_GET
@cache_control(public=True, max_age=7 * 24 * 3600)
def favicon(request: HttpRequest) -> FileResponse:
    """For pages without our own <link rel="icon"> (the admin, a picture opened alone): browsers ask at this address."""
    path = finders.find("icons/favicon.ico")
    if not path:
        raise Http404
    return FileResponse(open(str(path), "rb"), content_type="image/x-icon")


@require_GET
def offline(request: HttpRequest) -> HttpResponse:
    """Kept by the service worker and shown when there is no network: it says nothing about the person."""
    return render(request, "shell/offline.html")


@require_GET
def components(request: HttpRequest) -> HttpResponse:
    """Every component in both themes, side by side."""
    return render(
        request, "shell/components.html", {"themes": THEMES, "icon_names": icon_names(), **component_samples()}
    )
