"""Three steps for whatever moves money at the processor: a row, the call, the entry. See docs/decisions/0051."""

import hashlib
from datetime import datetime, timedelta
from time import monotonic, sleep
from typing import Any

import structlog
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from marketplace.kit import jobs, states
from marketplace.kit.clock import now
from marketplace.kit.money import Money
from payments.intents.handlers import Handler, Outcome, handler_of
from payments.intents.states import STEPS, UNSETTLED
from payments.models import Intent
from payments.stripe_gateway.errors import Declined, Refused, StoredFailure, Unavailable

KEY_HOLDS = timedelta(hours=23)  # the processor promises 24; an hour is for a slow clock and a slow call
LEASE = timedelta(seconds=25)  # two tries of ten seconds, and some
SURELY_NOT_THERE = timedelta(minutes=5)  # after a stored failure: what has not appeared by then did not happen
_LOOK_EVERY = 0.1  # seconds, while a person waits for what another caller learns

log = structlog.get_logger()


def begin(
    *, operation: str, kind: str, user_id: int, amount: Money, subject: str = "", details: dict[str, Any] | None = None
) -> Intent:
    """Wish for something at the processor, in the caller's transaction; the same operation again is the same intent. A job
    carries it out after the commit. Raises ValueError when the operation was used for another kind, person or amount."""
    intent, created = Intent.objects.get_or_create(
        operation=operation,
        defaults={
            "kind": kind,
            "user_id": user_id,
            "amount_minor": amount.minor,
            "currency": amount.currency,
            "subject": subject,
            "details": details or {},
            "idempotency_key": hashlib.sha256(f"poruchi:{operation}".encode()).hexdigest()[:48],
            "created_at": now(),
            "next_check_at": now(),
        },
    )
    if (intent.kind, intent.user_id, intent.amount) != (kind, user_id, amount):
        raise ValueError(f"The operation {operation} was used for something else.")
    if created:
        jobs.nudge("payments.perform_intent", intent.pk)
    return intent


def perform(*, intent_id: int, patience: float = 0.0) -> Intent:
    """Carry an intent as far as it goes now. May be called any number of times, by anybody, at once; never inside a
    transaction. While one caller speaks with the processor the others get the row as it stands, or, with `patience`, what
    that caller learns within so many seconds."""
    intent = _claim(intent_id)
    if intent is None:
        return _after_the_other(intent_id, patience)
    handler = handler_of(intent.kind)
    try:
        outcome = _ask(handler, intent)
    except (Declined, Refused) as error:
        outcome = Outcome("failed", intent.processor_id or error.object_id, error.object_id, refusal_code=error.code)
    except Unavailable as error:
        log.warning("processor_unavailable", intent=intent.pk, code=error.code, attempts=intent.attempts)
        return _put_off(intent)
    return _settle(intent.pk, handler, outcome) if outcome is not None else _put_off(intent)


def look_again(*, intent_id: int) -> Intent:
    """Somebody hints that the processor's object changed: see how it stands now, whatever was thought before.

    A payment that comes after its intent was failed or cancelled is booked like any other. Raises Unavailable.
    """
    intent = Intent.objects.get(pk=intent_id)
    if intent.status == Intent.Status.SETTLED:
        return intent
    if intent.status == Intent.Status.CREATED:
        return perform(intent_id=intent_id)
    handler = handler_of(intent.kind)
    outcome = _look_up(handler, intent)
    if outcome is None or (intent.status not in UNSETTLED and outcome.status != "settled"):
        return intent
    return _settle(intent.pk, handler, outcome)


def due_intents(*, limit: int) -> list[int]:
    """Unsettled intents whose time to be looked at has come, the longest waiting first."""
    due = Intent.objects.filter(Q(next_check_at=None) | Q(next_check_at__lte=now()), status__in=UNSETTLED)
    return list(due.order_by(F("next_check_at").asc(nulls_first=True)).values_list("pk", flat=True)[:limit])


def sweep(*, limit: int = 200) -> int:
    """Finish what a crash, a lost nudge or a silent processor left; returns how many were looked at."""
    due = due_intents(limit=limit)
    for intent_id in due:
        try:
            perform(intent_id=intent_id)
        except Exception:
            # One damaged row must not keep the others waiting; its lease puts it off.
            log.exception("intent_not_performed", intent=intent_id)
    return len(due)


def _claim(intent_id: int) -> Intent | None:
    """Take the intent for one lease; None when it is done or somebody else has it."""
    at = now()
    free = Intent.objects.filter(Q(next_check_at=None) | Q(next_check_at__lte=at) | Q(status=Intent.Status.WAITING))
    taken = free.filter(pk=intent_id, status__in=UNSETTLED).update(
        next_check_at=at + LEASE,
        attempts=Coalesce(F("attempts"), 0) + 1,
        called_at=Coalesce(F("called_at"), at),
    )
    return Intent.objects.get(pk=intent_id) if taken else None


def _after_the_other(intent_id: int, patience: float) -> Intent:
    """The row once it is more than a wish, or when the patience is over."""
    until = monotonic() + patience
    while True:
        intent = Intent.objects.get(pk=intent_id)
        if intent.status != Intent.Status.CREATED or monotonic() >= until:
            return intent
        sleep(_LOOK_EVERY)


def _ask(handler: Handler, intent: Intent) -> Outcome | None:
    """One conversation with the processor: the call with the intent's key, or a look at what the call made."""
    called_at = intent.called_at or now()
    if intent.processor_id:
        return _look_up(handler, intent)
    if now() - called_at > KEY_HOLDS:
        return _look_up(handler, intent) or _never_reached(intent)
    try:
        return handler.call(intent)
    except StoredFailure:
        found = _look_up(handler, intent)
        given_up = now() - called_at > SURELY_NOT_THERE
        return found or (_never_reached(intent) if given_up else None)


def _look_up(handler: Handler, intent: Intent) -> Outcome | None:
    """A look-up that is refused says something about our key or address, never that nothing moved."""
    try:
        return handler.look_up(intent)
    except Refused as error:
        raise Unavailable(error.code, error.message) from error


def _never_reached(intent: Intent) -> Outcome:
    return Outcome("failed", intent.processor_id, refusal_code="never_reached")


def _settle(intent_id: int, handler: Handler, outcome: Outcome) -> Intent:
    """The second transaction: under the row's lock, once."""
    with transaction.atomic():
        intent = Intent.objects.select_for_update(of=("self",)).get(pk=intent_id)
        if intent.status not in STEPS[outcome.status]:
            return intent
        known: dict[str, Any] = {
            "processor_id": outcome.processor_id or intent.processor_id,
            "payment_id": outcome.payment_id or intent.payment_id,
            "refusal_code": outcome.refusal_code,
            "details": {**intent.details, **outcome.facts, "action_url": outcome.action_url},
        }
        if outcome.status == "settled":
            for name, value in known.items():
                setattr(intent, name, value)
            entry = handler.book(intent, outcome)
            states.step(intent, "settled", STEPS, entry=entry, settled_at=now(), next_check_at=None, **known)
            handler.after(intent)
        elif outcome.status == "waiting":
            states.step(intent, "waiting", STEPS, next_check_at=_next_look(intent), **known)
        else:
            states.step(intent, outcome.status, STEPS, next_check_at=None, **known)
            handler.failed(intent)
    log.info("intent_stands", intent=intent.pk, status=intent.status, refusal=intent.refusal_code)
    return intent


def _put_off(intent: Intent) -> Intent:
    """Nothing is known: the row stays as it is and is looked at again, a little later each time."""
    wait = min(2 ** min(intent.attempts, 8), 30 if _young(intent) else 300)
    Intent.objects.filter(pk=intent.pk, status__in=UNSETTLED).update(next_check_at=now() + timedelta(seconds=wait))
    intent.refresh_from_db()
    return intent


def _next_look(intent: Intent) -> datetime:
    """A waiting payment is looked at without any hint, too: often while the person may still be paying."""
    return now() + timedelta(seconds=30 if _young(intent) else 600)


def _young(intent: Intent) -> bool:
    return now() - intent.created_at < timedelta(hours=1)
