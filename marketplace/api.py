"""The API for phone apps: routers of the domains under one OpenAPI document."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja.errors import AuthenticationError, HttpError, ValidationError
from redis.exceptions import RedisError

from fraud.api import router as cases_router
from marketplace.accounts.api import router as accounts_router
from marketplace.accounts.errors import LimitsAway
from marketplace.accounts.executor_api import router as executor_router
from marketplace.chat.api import router as chat_router
from marketplace.kit.api_document import DocumentedAPI
from marketplace.kit.errors import DomainError, NotFound
from marketplace.kit.shape_words import reason_for
from marketplace.kit.unstorable import StorableParser
from marketplace.notifications.api import router as notifications_router
from marketplace.trust.api import router as trust_router
from payments.api import router as payments_router
from payments.documents.api import router as papers_router
from payments.payouts.api import router as payouts_router
from payments.subscriptions.api import router as subscriptions_router
from payments.topups.api import router as top_ups_router
from tasks_app.assignments.api import router as deals_router
from tasks_app.assignments.papers_api import router as deal_papers_router
from tasks_app.catalogue.api import router as catalogue_router
from tasks_app.feed.api import router as feed_router
from tasks_app.posting.api import router as posting_router
from tasks_app.responses.api import router as responses_router
from tasks_app.secure.api import router as secure_deals_router
from tasks_app.tracking.api import router as tracking_router

DESCRIPTION = """Sign in with `POST /auth/code` and `POST /auth/token`, then send `Authorization: Bearer <token>`.

Every refusal is a JSON object with a stable `code` and a `message` for the person. Sums are
whole minor units (`…_minor`); only where a task's price is written or searched by is `price` in whole units of the currency.

News come over a WebSocket at `/ws/live/`, opened with the same `Authorization` header. Send
`{"follow": "<topic>", "after": <sequence>}`, where the topic is `user:<id>`, `thread:<id>`, `deal:<id>` or `task:<id>`
(your own) and `after` the last sequence you have heard. Events are `{"topic", "sequence", "kind", "payload"}`; after one
of the kind `gap` read the objects anew."""

api = DocumentedAPI(
    title="Poruchi", version="1", description=DESCRIPTION, urls_namespace="api", docs_url=None, parser=StorableParser()
)


@api.exception_handler(DomainError)
def refuse(request: HttpRequest, error: DomainError) -> HttpResponse:
    body: dict[str, str] = {"code": error.code, "message": error.sentence}
    if error.field:
        body["field"] = error.field
    return api.create_response(request, body, status=error.status)


@api.exception_handler(AuthenticationError)
def ask_to_sign_in(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    body = {"code": "not_signed_in", "message": _("Sign in first.")}
    return api.create_response(request, body, status=401)


@api.exception_handler(Http404)
def not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return refuse(request, NotFound())


@api.exception_handler(HttpError)
def refuse_request(request: HttpRequest, error: HttpError) -> HttpResponse:
    """What ninja itself refuses: a body that is not JSON, a session without its CSRF token. What its parser said of the
    body arrives as the cause."""
    if isinstance(error.__cause__, ValidationError):
        return refuse_shape(request, error.__cause__)
    if error.status_code == 403:
        body = {"code": "csrf", "message": _("The form was open for too long")}
    else:
        body = {"code": "unreadable", "message": _("We could not read this request")}
    return api.create_response(request, body, status=error.status_code)


@api.exception_handler(RedisError)
def fail_closed(request: HttpRequest, error: RedisError) -> HttpResponse:
    """What is limited by counters is refused while they are away."""
    return refuse(request, LimitsAway())


@api.exception_handler(ValidationError)
def refuse_shape(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """A body or query that does not have the documented shape: which fields, and why, in `details`."""
    details = [{"field": ".".join(map(str, line["loc"])), "reason": reason_for(line)} for line in error.errors]
    body = {"code": "invalid_request", "message": _("This request does not have the right shape."), "details": details}
    return api.create_response(request, body, status=422)


api.add_router("", payouts_router)
api.add_router("", secure_deals_router)
api.add_router("", accounts_router)
api.add_router("", executor_router)
api.add_router("", payments_router)
api.add_router("", top_ups_router)
api.add_router("", papers_router)
api.add_router("", subscriptions_router)
api.add_router("", chat_router)
api.add_router("", trust_router)
api.add_router("", feed_router)
api.add_router("", catalogue_router)
api.add_router("", posting_router)
api.add_router("", notifications_router)
api.add_router("", deals_router)
api.add_router("", deal_papers_router)
api.add_router("", responses_router)
api.add_router("", tracking_router)
api.add_router("", cases_router)
