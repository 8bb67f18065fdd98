"""What the processor has to be told: a row first, the call after the commit, repeated until it is answered."""

from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import connection, transaction

from marketplace.kit import jobs
from marketplace.kit.clock import now
from payments.models import Subscription, SubscriptionCall
from payments.stripe_gateway.errors import Declined, Refused, StoredFailure, Unavailable
from payments.subscriptions import outcomes, talking

LEASE = timedelta(seconds=45)  # several calls of ten seconds may be in one
KEY_HOLDS = timedelta(hours=23)
SURELY_NOT_THERE = timedelta(minutes=5)
C = SubscriptionCall.Status
log = structlog.get_logger()

# One at a time per subscription, in the order in which they were decided.
_CLAIM = """
UPDATE payments_subscriptioncall SET attempts = attempts + 1, next_attempt_at = %s, called_at = COALESCE(called_at, %s)
WHERE id = (SELECT id FROM payments_subscriptioncall WHERE subscription_id = %s AND status = 'due' ORDER BY id LIMIT 1)
  AND status = 'due' AND next_attempt_at <= %s
RETURNING id
"""


def call_for(subscription: Subscription, verb: str, **params: Any) -> SubscriptionCall:
    """Decide, in the caller's transaction, that the processor is told. A job does it after the commit."""
    number = SubscriptionCall.objects.filter(subscription=subscription).count() + 1
    made = SubscriptionCall.objects.create(
        subscription=subscription, verb=verb, params=params, key=f"poruchi:subscription:{subscription.pk}:{number}:{verb}",
        created_at=now(), next_attempt_at=now(),
    )  # fmt: skip
    jobs.nudge("payments.perform_subscription_calls", subscription.pk)
    return made


def perform_calls(*, subscription_id: int) -> bool:
    """Tell the processor all that waits; True when nothing is left. Any number of times, at once; never in a transaction."""
    while (call := _claim(subscription_id)) is not None:
        try:
            facts = _ask(call)
        except (Declined, Refused) as error:
            _settle(call, C.REFUSED, {"code": error.code, "object": error.object_id})
        except Unavailable as error:
            log.warning("processor_unavailable", subscription_call=call.pk, code=error.code, attempts=call.attempts)
            _put_off(call)
            return False
        else:
            _settle(call, C.DONE, facts)
    return not SubscriptionCall.objects.filter(subscription_id=subscription_id, status=C.DUE).exists()


def sweep_calls(*, limit: int = 200) -> int:
    """Finish what a crash, a lost nudge or a silent processor left."""
    due = SubscriptionCall.objects.filter(status=C.DUE, next_attempt_at__lte=now()).order_by("next_attempt_at")
    ids = list(dict.fromkeys(due.values_list("subscription_id", flat=True)[:limit]))
    for subscription_id in ids:
        try:
            perform_calls(subscription_id=subscription_id)
        except Exception:
            # One damaged row must not keep the others waiting; its lease puts it off.
            log.exception("subscription_call_failed", subscription=subscription_id)
    return len(ids)


def _claim(subscription_id: int) -> SubscriptionCall | None:
    at = now()
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [at + LEASE, at, subscription_id, at])
        row = cursor.fetchone()
    if row is None:
        return None
    return SubscriptionCall.objects.select_related("subscription__category", "subscription__city").get(pk=row[0])


def _ask(call: SubscriptionCall) -> dict[str, Any]:
    """The call under its key; a key too old to be trusted, or spoilt, is looked up instead."""
    called_at = call.called_at or now()
    if now() - called_at > KEY_HOLDS:
        return talking.look_up(call) or talking.say(call, again=True)
    try:
        return talking.say(call)
    except StoredFailure:
        found = talking.look_up(call)
        if found is None and now() - called_at > SURELY_NOT_THERE:
            return talking.say(call, again=True)
        if found is None:
            raise
        return found


def _settle(call: SubscriptionCall, status: str, facts: dict[str, Any]) -> None:
    with transaction.atomic():
        subscription = Subscription.objects.select_for_update(of=("self",)).get(pk=call.subscription_id)
        changed = SubscriptionCall.objects.filter(pk=call.pk, status=C.DUE).update(
            status=status, done_at=now(), problem=str(facts.get("code", ""))[:120]
        )
        if changed:
            outcomes.apply(subscription, call, status == C.DONE, facts)


def _put_off(call: SubscriptionCall) -> None:
    wait = min(2 ** min(call.attempts, 8), 300)
    SubscriptionCall.objects.filter(pk=call.pk, status=C.DUE).update(next_attempt_at=_in(wait))


def _in(seconds: int) -> datetime:
    return now() + timedelta(seconds=seconds)
