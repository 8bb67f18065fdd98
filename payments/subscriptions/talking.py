"""One conversation with the processor for each verb. Outside any transaction; answers with facts, changes nothing here."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import translation

from marketplace.kit.money import Money
from payments.models import PriceChange, ProcessorPrice, SavedCard, Subscription, SubscriptionCall, SubscriptionRefund
from payments.stripe_gateway import billing, refunds
from payments.stripe_gateway.errors import Refused
from payments.topups.customers import customer_of

V = SubscriptionCall.Verb
FROM_PROCESSOR = "from=processor"
Facts = dict[str, Any]


def say(call: SubscriptionCall, *, again: bool = False) -> Facts:
    """Tell the processor. `again`: under a new key, because the old one is worthless and nothing was found. Raises Declined,
    Refused, Unavailable."""
    key = f"{call.key}:{call.attempts}" if again else call.key
    match call.verb:
        case V.BEGIN_PAGE:
            return _begin_page(call, key)
        case V.BEGIN_CARD:
            return _begin_card(call, key)
        case V.REFUND:
            return _refund(call, key)
        case V.CLOSE_PAGE:
            return _close_page(call.subscription, key)
    processor_id = call.subscription.processor_id
    if not processor_id:
        return {}  # it never reached the processor: there is nothing to tell
    return _state(_tell(call, processor_id, key))


def look_up(call: SubscriptionCall) -> Facts | None:
    """What an earlier try of this call made; None when the processor knows nothing of it. Verbs that set a state answer None:
    saying them again changes nothing."""
    subscription = call.subscription
    operation, since = operation_of(subscription), call.created_at
    if call.verb == V.BEGIN_PAGE:
        page = billing.find_subscription_page(
            operation=operation, since=since, customer_id=customer_of(subscription.user_id)
        )
        return _page(page) if page else None
    if call.verb == V.BEGIN_CARD:
        found = billing.find_subscription(
            operation=operation, since=since, customer_id=customer_of(subscription.user_id)
        )
        return _state(found) if found else None
    if call.verb == V.REFUND:
        refund = _refund_row(call)
        made = refunds.find_refund(operation=call.key, since=since, payment_id=refund.payment.payment_id)
        return _refund_facts(made) if made else None
    return None


def operation_of(subscription: Subscription) -> str:
    return f"subscription:{subscription.pk}"


def _begin_page(call: SubscriptionCall, key: str) -> Facts:
    subscription = call.subscription
    back = address_of(subscription, call.params.get("language", "ru"))
    page = billing.open_subscription_page(
        key=key,
        customer_id=customer_of(subscription.user_id),
        price_id=price_of(subscription, subscription.price),
        trial_days=_trial_days(subscription),
        success_url=back,
        cancel_url=back,
        metadata=_metadata(subscription),
        language=call.params.get("language", "ru"),
    )
    return _page(page)


def _begin_card(call: SubscriptionCall, key: str) -> Facts:
    subscription = call.subscription
    state = billing.begin_subscription(
        key=key,
        customer_id=customer_of(subscription.user_id),
        price_id=price_of(subscription, subscription.price),
        card_id=SavedCard.objects.values_list("processor_id", flat=True).get(pk=subscription.card_id or 0),
        trial_days=_trial_days(subscription),
        metadata=_metadata(subscription),
    )
    return _state(state)


def _trial_days(subscription: Subscription) -> int:
    """The processor counts whole days."""
    return -(-settings.RULES["trial_hours"] // 24) if subscription.with_trial else 0


def _tell(call: SubscriptionCall, processor_id: str, key: str) -> billing.SubscriptionState:
    match call.verb:
        case V.END_LATER | V.KEEP:
            return billing.end_at_period_end(processor_id, key=key, ends=call.verb == V.END_LATER)
        case V.PAUSE:
            return billing.pause(processor_id, key=key)
        case V.RESUME:
            return billing.resume(processor_id, key=key, next_bill_at=datetime.fromisoformat(call.params["until"]))
        case V.REPRICE:
            change = PriceChange.objects.get(pk=call.params["change"])
            price_id = price_of(call.subscription, Money(change.new_minor, call.subscription.currency))
            item_id = billing.subscription(processor_id).item_id
            return billing.reprice(processor_id, key=key, item_id=item_id, price_id=price_id)
        case V.CHANGE_CARD:
            return billing.use_card(processor_id, key=key, card_id=call.params["card"])
    try:
        return billing.end_now(processor_id, key=key)
    except Refused:
        return billing.subscription(processor_id)  # it has ended there before


def _refund(call: SubscriptionCall, key: str) -> Facts:
    refund = _refund_row(call)
    made = refunds.refund_payment(
        key=key,
        payment_id=refund.payment.payment_id,
        amount=Money(refund.amount_minor, refund.payment.currency),
        metadata={"operation": call.key, "subscription": str(call.subscription_id)},
    )
    return _refund_facts(made)


def _refund_row(call: SubscriptionCall) -> SubscriptionRefund:
    return SubscriptionRefund.objects.select_related("payment").get(pk=call.params["refund"])


def _refund_facts(made: refunds.RefundState) -> Facts:
    return {"refund_id": made.id, "status": made.status, "code": made.failure_code}


def _close_page(subscription: Subscription, key: str) -> Facts:
    if not subscription.page_id:
        return {}
    try:
        return _page(billing.close_subscription_page(key=key, page_id=subscription.page_id))
    except Refused:
        return _page(billing.subscription_page(subscription.page_id))


def price_of(subscription: Subscription, price: Money) -> str:
    """The processor's id of a price in the subscription's place, made on first use."""
    place = {"category_id": subscription.category_id, "city_id": subscription.city_id}
    known = ProcessorPrice.objects.filter(**place, amount_minor=price.minor, currency=price.currency).first()
    if known:
        return known.processor_id
    lookup_key = f"subscription-{subscription.category_id}-{subscription.city_id}-{price.minor}-{price.currency}"
    # One name for everybody who ever pays this price: in both languages.
    name = " / ".join(dict.fromkeys(_name(subscription, language) for language, _said in settings.LANGUAGES))[:250]
    made = billing.monthly_price(key=f"poruchi:price:{lookup_key}", name=name, lookup_key=lookup_key, amount=price)
    row = ProcessorPrice(**place, amount_minor=price.minor, currency=price.currency, processor_id=made)
    ProcessorPrice.objects.bulk_create([row], ignore_conflicts=True)
    return made


def _name(subscription: Subscription, language: str) -> str:
    with translation.override(language):
        return f"{subscription.category.name}, {subscription.city.name}"


def _metadata(subscription: Subscription) -> dict[str, str]:
    return {"operation": operation_of(subscription), "subscription": str(subscription.pk)}


def address_of(subscription: Subscription, language: str) -> str:
    """The page where the person reads how it stands, and where the processor sends them back to."""
    prefix = "" if language == settings.LANGUAGE_CODE else f"/{language}"
    return f"{settings.SITE_URL}{prefix}/wallet/subscriptions/{subscription.pk}/?{FROM_PROCESSOR}"


def _page(page: billing.SubscriptionPage) -> Facts:
    return {"page_id": page.id, "url": page.url, "processor_id": page.subscription_id, "page": page.status}


def _state(state: billing.SubscriptionState) -> Facts:
    return {"processor_id": state.id, "status": state.status}
