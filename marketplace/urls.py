from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.conf.urls.static import static
from django.contrib import admin
from django.urls import include, path

from frontend.shell.views import favicon
from marketplace.api import api
from marketplace.health import healthz
from payments import webhooks

AREAS = (
    "shell", "demo", "account", "posting", "feed", "deal", "wallet", "papers", "chat", "trust", "notifications", "tracking", "desk", "public",
)  # fmt: skip

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("favicon.ico", favicon, name="favicon"),
    path("webhooks/stripe/", webhooks.stripe, name="stripe_webhook"),
    path("api/v1/", api.urls),
    path("admin/", admin.site.urls),
    *static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT),
    *i18n_patterns(
        *(path("", include(f"frontend.{area}.urls")) for area in AREAS),
        path("account/", include("frontend.account.sign_in_urls")),
        prefix_default_language=False,
    ),
]

handler400 = "frontend.shell.errors.bad_request"
handler403 = "frontend.shell.errors.forbidden"
handler404 = "frontend.shell.errors.not_found"
handler500 = "frontend.shell.errors.server_error"
