"""What happens to subscriptions by the clock, whether or not the processor ever tells."""

from datetime import timedelta

import structlog
from django.conf import settings
from django.db import transaction

from marketplace.kit.clock import now
from payments.models import Subscription
from payments.stripe_gateway.errors import ProcessorError
from payments.subscriptions import news
from payments.subscriptions.following import lapse, look_again

S = Subscription.Status
LIVING = (S.PENDING, S.ACTIVE, S.PAST_DUE, S.PAUSED)
log = structlog.get_logger()


def check_due(*, limit: int = 100) -> int:
    """Look at every subscription whose time has come; what is over by our own rules ends even without an answer."""
    due = Subscription.objects.filter(next_check_at__lte=now()).exclude(status=S.ABANDONED, processor_id="", page_id="")
    due = due.filter(status__in=LIVING) | due.filter(calls__status="due")
    ids = list(dict.fromkeys(due.order_by("next_check_at").values_list("pk", flat=True)[:limit]))
    for subscription_id in ids:
        try:
            look_again(subscription_id=subscription_id)
        except ProcessorError as error:
            log.warning("subscription_not_seen", subscription=subscription_id, code=error.code)
            _without_answer(subscription_id)
        except Exception:
            # One damaged row must not keep the others waiting.
            log.exception("subscription_not_seen", subscription=subscription_id)
            _without_answer(subscription_id)
    return len(ids)


def _without_answer(subscription_id: int) -> None:
    with transaction.atomic():
        subscription = Subscription.objects.select_for_update(of=("self",)).get(pk=subscription_id)
        lapse(subscription)
        Subscription.objects.filter(pk=subscription_id).update(next_check_at=now() + timedelta(minutes=5))


def tell_ahead() -> int:
    """Before money moves or cover ends: renewals some days ahead, the end of the grace, the end of the free day."""
    told = 0
    rules = settings.RULES
    soon = now() + timedelta(days=rules["subscription_renewal_notice_days"])
    renewing = Subscription.objects.filter(status=S.ACTIVE, ends_at_period_end=False, period_end__gt=now())
    for subscription in renewing.filter(period_end__lte=soon).select_related("category", "city"):
        if subscription.on_trial:
            news.trial_ends(subscription)
        else:
            news.renews(subscription)
        told += 1
    last = now() + timedelta(hours=rules["subscription_grace_notice_hours"])
    owing = Subscription.objects.filter(status=S.PAST_DUE, grace_until__gt=now(), grace_until__lte=last)
    for subscription in owing.select_related("category", "city"):
        news.grace_ends(subscription)
        told += 1
    return told
