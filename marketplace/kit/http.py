"""What API operations share: page keys, refusals of unknown addresses, and idempotency: the header Idempotency-Key makes a repeated call answer without a second effect."""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from ninja import Field, Schema
from ninja.decorators import decorate_view
from ninja.utils import contribute_operation_callback

from marketplace.kit.api_document import KEY_LENGTHS, document_key
from marketplace.kit.clock import now
from marketplace.kit.errors import DomainError
from marketplace.kit.models import KeptAnswer

API_ROOT = "/api/v1/"
View = Callable[..., HttpResponse]
Operation = TypeVar("Operation", bound=Callable[..., Any])


class PageKey(Schema):
    """Query of a paged list: `after` is the `next_key` of the page before."""

    after: str | None = Field(None, max_length=400)


class KeyMissing(DomainError):
    code = "idempotency_key_missing"
    status = 400
    message = _("Send an Idempotency-Key header of 8 to 64 characters with this call.")


class KeyReused(DomainError):
    code = "idempotency_key_reused"
    status = 422
    message = _("This Idempotency-Key was used for a different call.")


def operation_key(request: HttpRequest) -> str:
    """The key of the call, for services that are idempotent by operation. Raises KeyMissing."""
    key = request.headers.get("Idempotency-Key", "")
    shortest, longest = KEY_LENGTHS
    if not shortest <= len(key) <= longest:
        raise KeyMissing
    return key


def _once(view: View) -> View:
    @wraps(view)
    def answer_once(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            key = operation_key(request)
        except KeyMissing:  # who calls, and with what, is asked first; then the operation itself refuses
            return view(request, **kwargs)
        try:
            return _answer(view, request, key, kwargs)
        except KeyReused as error:
            return JsonResponse({"code": error.code, "message": error.sentence}, status=error.status)

    return answer_once


def _answer(view: View, request: HttpRequest, key: str, kwargs: dict[str, Any]) -> HttpResponse:
    """One transaction around key and effect: a rival with the same key waits, then reads the kept answer."""
    caller, fingerprint = _caller(request), _fingerprint(request)
    try:
        with transaction.atomic():
            kept = KeptAnswer.objects.create(caller=caller, key=key, fingerprint=fingerprint, created_at=now())
            response = view(request, **kwargs)
            if response.status_code >= 400:  # no effect: the same key may be tried again
                transaction.set_rollback(True)
                return response
            kept.status, kept.body = response.status_code, response.content.decode()
            kept.save(update_fields=["status", "body"])
            return response
    except IntegrityError:
        earlier = KeptAnswer.objects.filter(caller=caller, key=key).first()
        if earlier is None:
            raise
    if earlier.fingerprint != fingerprint:
        raise KeyReused
    return HttpResponse(earlier.body, status=earlier.status, content_type="application/json")


def effect_once(request: HttpRequest, effect: Callable[[], int]) -> int:
    """The number of what a call made, in one transaction with the call's key; asked again, the number of the first time.

    For calls that go on to speak with a processor: that happens after the commit, so that whatever the processor did is about
    a row that is there. Raises KeyMissing, KeyReused.
    """
    caller, key, fingerprint = _caller(request), operation_key(request), _fingerprint(request)
    try:
        with transaction.atomic():
            kept = KeptAnswer.objects.create(caller=caller, key=key, fingerprint=fingerprint, created_at=now())
            number = effect()
            kept.status, kept.body = 201, str(number)
            kept.save(update_fields=["status", "body"])
            return number
    except IntegrityError:
        earlier = KeptAnswer.objects.filter(caller=caller, key=key).first()
        if earlier is None:
            raise
    if earlier.fingerprint != fingerprint:
        raise KeyReused
    return int(earlier.body)


def _caller(request: HttpRequest) -> str:
    credentials = request.headers.get("Authorization") or request.session.session_key or ""
    return hashlib.sha256(credentials.encode()).hexdigest()


def _fingerprint(request: HttpRequest) -> str:
    content = b"\n".join([(request.method or "").encode(), request.get_full_path().encode(), request.body])
    return hashlib.sha256(content).hexdigest()


def idempotent(operation: Operation) -> Operation:
    """Put under the route: `@router.post(...)` then `@idempotent`. Without a key nothing is done."""

    @wraps(operation)
    def keyed(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        operation_key(request)
        return operation(request, *args, **kwargs)

    return takes_key(cast("Operation", decorate_view(_once)(keyed)))


def takes_key(operation: Operation) -> Operation:
    """Put under the route of an operation that asks for `operation_key` itself: the document says so."""
    contribute_operation_callback(operation, document_key)
    return operation


class ApiSpeaksJson:
    """Addresses and methods that no operation answers are refused in the shape of all other refusals."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not request.path.startswith(API_ROOT) or response.headers.get("Content-Type", "").startswith(
            "application/json"
        ):
            return response
        match response.status_code:
            case 404:
                return refusal("no_such_operation", _("There is no such operation."), 404)
            case 405:
                refused = refusal("method_not_allowed", _("This operation has other methods."), 405)
                refused.headers["Allow"] = response.headers.get("Allow", "")
                return refused
        return response


def refusal(code: str, message: str | Promise, status: int) -> JsonResponse:
    """The one shape of all refusals of the API."""
    return JsonResponse({"code": code, "message": str(message)}, status=status)
