"""A card's bank takes a payment back: the wallet goes to zero at most, the rest is owed and paid by the next top-up."""

from django.db import transaction

from marketplace.kit.money import Money
from payments.intents.disputed import disputed_payment
from payments.ledger.services import Leg, book, lock_wallet, platform_account
from payments.models import Account, Entry, Intent
from payments.stripe_gateway import payments as gateway
from payments.stripe_gateway.refunds import DisputeState, dispute
from payments.topups import news
from payments.topups.customers import person_behind
from payments.topups.debts import debt_of


def follow_dispute(dispute_id: str) -> Entry | None:
    """See how a dispute stands and book what it moved; None when it moved nothing of a person's wallet."""
    state = dispute(dispute_id)
    intent = disputed_payment(state.payment_id)
    if intent is not None and intent.kind == Intent.Kind.DEAL_PAYMENT:
        return None  # a secure deal's own affair
    user_id = intent.user_id if intent else person_behind(gateway.payment(state.payment_id).customer_id)
    if user_id is None:
        return None
    return _book(state, user_id, intent)


@transaction.atomic
def _book(state: DisputeState, user_id: int, intent: Intent | None) -> Entry | None:
    operation = f"dispute:{state.id}"
    lock_wallet(user_id, state.amount.currency)
    taken = Entry.objects.filter(operation=operation, kind=Entry.Kind.CHARGEBACK).first()
    memo = {"source": state.id, "user_id": user_id, "intent_id": intent.pk if intent else None, "reason": state.reason}
    if taken is None and any(amount < 0 for _id, amount, _fee in state.lines):
        taken = _take(operation, user_id, state.amount, memo)
    if taken is not None and state.taken_minor == 0:
        return _give_back(operation, user_id, state.amount, memo)
    return taken


def _take(operation: str, user_id: int, amount: Money, memo: dict[str, object]) -> Entry:
    wallet = lock_wallet(user_id, amount.currency)
    there = min(amount, Money(wallet.balance_minor, amount.currency))
    owed = amount - there
    legs: list[Leg] = [(platform_account(Account.Kind.CLEARING, amount.currency), amount)]
    if there:
        legs.append((wallet, -there))
    if owed:
        legs.append((platform_account(Account.Kind.RECEIVABLES, amount.currency), -owed))
    entry = book(operation=operation, kind=Entry.Kind.CHARGEBACK, legs=legs, memo=memo)
    news.charged_back(entry, user_id=user_id, amount=amount, owed=owed)
    return entry


def _give_back(operation: str, user_id: int, amount: Money, memo: dict[str, object]) -> Entry:
    """The bank decided for us: what is still owed is forgiven, the rest goes to the wallet."""
    before = Entry.objects.filter(operation=operation, kind=Entry.Kind.CHARGEBACK_WON).first()
    if before is not None:
        return before
    forgiven = min(amount, debt_of(user_id, amount.currency))
    legs: list[Leg] = [(platform_account(Account.Kind.CLEARING, amount.currency), -amount)]
    if amount - forgiven:
        legs.append((lock_wallet(user_id, amount.currency), amount - forgiven))
    if forgiven:
        legs.append((platform_account(Account.Kind.RECEIVABLES, amount.currency), forgiven))
    entry = book(operation=operation, kind=Entry.Kind.CHARGEBACK_WON, legs=legs, memo=memo)
    news.chargeback_won(entry, user_id=user_id, amount=amount)
    return entry
