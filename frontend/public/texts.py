"""robots.txt."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

PRIVATE = (
    "/account/", "/admin/", "/api/", "/components/", "/deals/", "/desk/", "/demo/", "/messages/", "/my/",
    "/notifications/", "/post/", "/shift/", "/threads/", "/wallet/",
)  # fmt: skip


@require_GET
def robots(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *"]
    lines += [f"Disallow: {prefix}{path}" for path in PRIVATE for prefix in ("", "/en")]
    lines.append(f"Sitemap: {settings.SITE_URL}/sitemap.xml")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
