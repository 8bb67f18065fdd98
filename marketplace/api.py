"""The API for phone apps: routers of the domains under one OpenAPI document."""

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI

from marketplace.chat.api import router as chat_router
from marketplace.kit.errors import DomainError
from marketplace.trust.api import router as trust_router
from payments.api import router as payments_router
from tasks_app.catalogue.api import router as catalogue_router
from tasks_app.feed.api import router as feed_router
from tasks_app.posting.api import router as posting_router

api = NinjaAPI(title="Poruchi", version="1", urls_namespace="api")


@api.exception_handler(DomainError)
def refuse(request: HttpRequest, error: DomainError) -> HttpResponse:
    body: dict[str, str] = {"code": error.code, "message": error.sentence}
    if field := getattr(error, "field", None):
        body["field"] = field
    return api.create_response(request, body, status=error.status)


api.add_router("", payments_router)
api.add_router("", chat_router)
api.add_router("", trust_router)
api.add_router("", feed_router)
api.add_router("", catalogue_router)
api.add_router("", posting_router)
