"""How a subscription stands at the processor, and what follows from it here. A webhook, the poller and the sweeper all end in
`look_again`: fetch, then apply under the row's lock; any number of times, in any order, to the same end."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import transaction

from marketplace.kit.clock import now
from payments.models import Subscription, SubscriptionCall, Trial
from payments.stripe_gateway import billing
from payments.stripe_gateway.errors import Declined, Refused, Unavailable
from payments.subscriptions import news
from payments.subscriptions.booking import book_payments, given_back
from payments.subscriptions.calls import call_for, perform_calls
from payments.subscriptions.outcomes import abandon
from payments.subscriptions.services import end, grace
from payments.subscriptions.states import note, step
from payments.subscriptions.talking import address_of
from payments.topups.cards import keep_card

S = Subscription.Status
R = Subscription.EndReason
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Facts:
    """What the processor says now. `last_call`: our newest call when it was asked; a newer one makes the state old news."""

    state: billing.SubscriptionState | None
    invoices: list[billing.InvoiceState]
    page: billing.SubscriptionPage | None
    charges: dict[str, str]
    last_call: int

    def paid_until(self, given_back: set[str]) -> datetime | None:
        """The end of what is paid, of the free day, or of the time kept through a pause. `given_back`: bills that do not
        count, because their money goes back."""
        ends = [bill.period_end for bill in self.invoices if bill.status == "paid" and bill.id not in given_back]
        if self.state is not None and self.state.status == "trialing" and self.state.trial_end is not None:
            ends.append(self.state.trial_end)
        return max(ends, default=None)

    @property
    def open_bill(self) -> billing.InvoiceState | None:
        return next((bill for bill in self.invoices if bill.status == "open"), None)


def look_again(*, subscription_id: int) -> Subscription:
    """See how it stands and follow. Never inside a transaction. Raises Unavailable."""
    if not perform_calls(subscription_id=subscription_id):
        raise Unavailable("calls_waiting")
    subscription = Subscription.objects.get(pk=subscription_id)
    facts = fetch(subscription)
    with transaction.atomic():
        locked = Subscription.objects.select_for_update(of=("self",)).get(pk=subscription_id)
        apply(locked, facts)
        locked.refresh_from_db()
        _put_next_check(locked)
    return locked


def carry_out(*, subscription_id: int) -> Subscription:
    """Do now what a job would do in a moment, for a person who waits; a silent processor only means later."""
    try:
        return look_again(subscription_id=subscription_id)
    except Unavailable:
        return Subscription.objects.get(pk=subscription_id)


def fetch(subscription: Subscription) -> Facts:
    """Ask the processor; changes nothing. Raises Unavailable."""
    last_call = _last_call(subscription.pk)
    processor_id, page = subscription.processor_id, None
    if not processor_id and subscription.page_id:
        page = billing.subscription_page(subscription.page_id)
        processor_id = page.subscription_id
    if not processor_id:
        return Facts(None, [], page, {}, last_call)
    state, invoices = billing.subscription(processor_id), billing.invoices_of(processor_id)
    known = set(subscription.payments.values_list("invoice_id", flat=True))
    charges = {
        bill.id: billing.charge_behind(bill.payment_id)
        for bill in invoices
        if bill.status == "paid" and bill.paid.minor and bill.id not in known
    }
    return Facts(state, invoices, page, charges, last_call)


def apply(subscription: Subscription, facts: Facts) -> None:
    """Under the lock: money first, whatever else is thought; then the state, unless our own decision is newer."""
    book_payments(subscription, facts.invoices, facts.charges)
    if facts.last_call != _last_call(subscription.pk):
        return
    if facts.state is not None and not subscription.processor_id:
        Subscription.objects.filter(pk=subscription.pk).update(processor_id=facts.state.id)
        subscription.processor_id = facts.state.id
    if subscription.status in (S.ENDED, S.ABANDONED):
        _end_there_too(subscription, facts)
    elif subscription.status == S.PENDING:
        _follow_beginning(subscription, facts)
    elif subscription.status in (S.ACTIVE, S.PAST_DUE) and facts.state is not None:
        _follow_living(subscription, facts, facts.state)
    _follow_card(subscription, facts.state)


def _follow_card(subscription: Subscription, state: billing.SubscriptionState | None) -> None:
    """Which card pays is the processor's word: one that was typed in on its page is kept for the months to come, and is the
    person's to see, to change and to take away."""
    if state is None or state.card is None or subscription.status in (S.PENDING, S.ABANDONED):
        return
    card = keep_card(user_id=subscription.user_id, card=asdict(state.card))
    if card is not None and card.removed_at is None and card.pk != subscription.card_id:
        Subscription.objects.filter(pk=subscription.pk).update(card=card)
        subscription.card = card


def _follow_beginning(subscription: Subscription, facts: Facts) -> None:
    state = facts.state
    if state is None:
        if facts.page is not None and facts.page.status == "expired":
            abandon(subscription, code="page_expired")
        return
    until = facts.paid_until(set())
    if state.status in ("trialing", "active") and until is not None:
        _begin(subscription, state, until)
    elif state.status in ("incomplete_expired", "canceled"):
        abandon(subscription, code=subscription.refusal_code or "not_confirmed")
    elif state.status == "incomplete" and facts.open_bill is not None:
        _wait_for_person(subscription, facts.open_bill)


def _begin(subscription: Subscription, state: billing.SubscriptionState, until: datetime) -> None:
    on_trial = state.status == "trialing"
    step(
        subscription, S.ACTIVE, why="began", began_at=now(), period_start=state.period_start, period_end=until,
        covered_until=until + grace(), on_trial=on_trial, action_url="", refusal_code="",
    )  # fmt: skip
    if on_trial:
        Trial.objects.get_or_create(user_id=subscription.user_id, defaults={"started_at": now(), "ends_at": until})
    news.began(subscription)


def _wait_for_person(subscription: Subscription, bill: billing.InvoiceState) -> None:
    """The bank asks for a confirmation, or said no: then nothing is begun, and the person chooses another card."""
    asked = subscription.calls.order_by("pk").first()
    language = asked.params.get("language", "ru") if asked else "ru"
    try:
        payment = billing.first_payment(bill.payment_id, return_url=address_of(subscription, language))
    except (Declined, Refused) as error:
        payment = billing.FirstPayment(error.code, "")
    if payment.declined:
        call_for(subscription, SubscriptionCall.Verb.END_NOW)
        abandon(subscription, code=payment.declined)
        return
    url = payment.action_url or bill.action_url
    Subscription.objects.filter(pk=subscription.pk).update(action_url=url)


def _follow_living(subscription: Subscription, facts: Facts, state: billing.SubscriptionState) -> None:
    until = facts.paid_until(given_back(subscription))
    if until is not None and subscription.period_end is not None and until > subscription.period_end:
        _extend(subscription, state, until)
    if state.status == "canceled" or (state.ends_at_period_end and not subscription.ends_at_period_end):
        _ends_there(subscription)
    elif state.status in ("past_due", "unpaid") and subscription.status == S.ACTIVE and _is_over(subscription):
        _fall_due(subscription, facts)
    lapse(subscription)


def _extend(subscription: Subscription, state: billing.SubscriptionState, until: datetime) -> None:
    """Another month is paid."""
    was_due = subscription.status == S.PAST_DUE
    ends = subscription.ends_at_period_end
    changes: dict[str, Any] = {
        "period_start": subscription.period_end, "period_end": until, "covered_until": until if ends else until + grace(),
        "on_trial": state.status == "trialing" and subscription.on_trial, "grace_until": None, "action_url": "",
    }  # fmt: skip
    if was_due:
        step(subscription, S.ACTIVE, why="recovered", **changes)
        news.recovered(subscription)
        return
    Subscription.objects.filter(pk=subscription.pk).update(**changes)
    subscription.refresh_from_db()
    note(subscription, why="renewed")
    news.renewed(subscription)


def _fall_due(subscription: Subscription, facts: Facts) -> None:
    until = subscription.paid_until + grace()
    url = facts.open_bill.action_url if facts.open_bill else ""
    step(subscription, S.PAST_DUE, why="unpaid", grace_until=until, covered_until=until, action_url=url)
    news.failed(subscription)


def _ends_there(subscription: Subscription) -> None:
    """It was ended at the processor (retries used up, or by staff there): what is paid, or the grace, is still used."""
    if subscription.status == S.ACTIVE and not subscription.ends_at_period_end:
        Subscription.objects.filter(pk=subscription.pk).update(
            ends_at_period_end=True, covered_until=subscription.period_end
        )
        subscription.refresh_from_db()
        note(subscription, why="ends_there")


def lapse(subscription: Subscription) -> None:
    """Ends what is over by our own rules. Under the row's lock."""
    at = now()
    if subscription.status == S.PAST_DUE and subscription.grace_until is not None and subscription.grace_until <= at:
        end(subscription, R.UNPAID)
        news.ended(subscription)
    elif subscription.status == S.ACTIVE and subscription.ends_at_period_end and _is_over(subscription):
        asked = subscription.events.filter(why__in=("cancelled", "ends_there")).order_by("-pk").first()
        end(subscription, R.AT_PROCESSOR if asked is not None and asked.why == "ends_there" else R.ASKED)
        news.ended(subscription)


def _is_over(subscription: Subscription) -> bool:
    return subscription.period_end is not None and subscription.period_end <= now()


def _end_there_too(subscription: Subscription, facts: Facts) -> None:
    """Ended or never begun here, living there: say it again."""
    if facts.state is not None and facts.state.status not in ("canceled", "incomplete_expired"):
        call_for(subscription, SubscriptionCall.Verb.END_NOW)


def _last_call(subscription_id: int) -> int:
    newest = SubscriptionCall.objects.filter(subscription_id=subscription_id).order_by("-pk")
    return newest.values_list("pk", flat=True).first() or 0


def _put_next_check(subscription: Subscription) -> None:
    """When to look without a hint: soon while somebody pays, at the end of what is paid, hourly while it is owed."""
    at = now()
    soon = {
        S.PENDING: timedelta(minutes=1) if at - subscription.created_at < timedelta(hours=1) else timedelta(minutes=30),
        S.PAST_DUE: timedelta(hours=1),
    }.get(S(subscription.status), timedelta(days=1))
    when = at + soon
    if subscription.status == S.ACTIVE and subscription.period_end is not None:
        due = subscription.period_end if subscription.period_end > at else at + timedelta(hours=1)
        when = min(when, due)
    Subscription.objects.filter(pk=subscription.pk).update(next_check_at=when)
