"""The connection: one client per key and address, explicit time-outs, one retry at most, errors in our words."""

import logging
from collections.abc import Callable
from functools import cache
from typing import TypeVar

import stripe
import structlog
from django.conf import settings

from payments.stripe_gateway.errors import Declined, ProcessorError, Refused, StoredFailure, Unavailable

TIMEOUT_SECONDS = 10
RETRIES = 1

Answer = TypeVar("Answer")
log = structlog.get_logger()
logging.getLogger("stripe").setLevel(logging.WARNING)  # it tells of every request; our own log tells of what came of it


def client() -> stripe.StripeClient:
    """Raises Unavailable when no key is set: card payments are off."""
    if not settings.STRIPE_SECRET_KEY:
        raise Unavailable("card_payments_off")
    return _client(settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE)


@cache
def _client(key: str, base: str) -> stripe.StripeClient:
    return stripe.StripeClient(
        key,
        base_addresses={"api": base, "connect": base, "files": base, "meter_events": base} if base else {},
        max_network_retries=RETRIES,
        http_client=stripe.RequestsClient(timeout=TIMEOUT_SECONDS),
    )


def ask(call: Callable[[], Answer]) -> Answer:
    """Make one call. Raises Declined, Refused or Unavailable, and nothing else of the library's."""
    try:
        return call()
    except stripe.StripeError as error:
        told = _in_our_words(error)
        log.info("processor_error", kind=type(told).__name__, code=told.code, status=error.http_status)
        raise told from error


def _in_our_words(error: stripe.StripeError) -> ProcessorError:
    code = error.code or type(error).__name__
    status = error.http_status or 0
    if isinstance(error, stripe.CardError):
        return Declined(_decline_code(error) or code, str(error), _payment_in(error))
    if isinstance(error, stripe.IdempotencyError):
        # Our key with other parameters: an earlier call of ours went through, and this one says nothing about it.
        return StoredFailure("key_reused", str(error)) if status == 400 else Unavailable(code, str(error))
    if status >= 500 and (error.headers or {}).get("idempotent-replayed") == "true":
        return StoredFailure(code, str(error))
    if isinstance(error, stripe.InvalidRequestError) and status in (400, 402, 404):
        return Refused(code, str(error), _payment_in(error))
    return Unavailable(code, str(error))


def _decline_code(error: stripe.StripeError) -> str:
    return str(_told(error).get("decline_code") or "")


def _payment_in(error: stripe.StripeError) -> str:
    payment = _told(error).get("payment_intent")
    return str(payment.get("id", "")) if isinstance(payment, dict) else ""


def _told(error: stripe.StripeError) -> dict[str, object]:
    body = error.json_body
    told = body.get("error") if isinstance(body, dict) else None
    return told if isinstance(told, dict) else {}
