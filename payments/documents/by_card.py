"""Money that goes past the wallet: cards pay for subscriptions and secure deals, accounts for payouts receive.

It stands on the statement beside the wallet's lines and never counts towards its balance.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from babel.dates import format_date
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from marketplace.kit.errors import NotFound
from marketplace.kit.money import Money
from payments.ledger.selectors import title_of_kind
from payments.models import Entry, SecureDeal, Subscription, SubscriptionPayment, SubscriptionRefund
from payments.secure_deals.selectors import Movement, movements_between, price_due

_WHY: Final[dict[str, str | Promise]] = {
    Entry.Kind.DEAL_PAYMENT: _("Your card paid when you chose the executor."),
    Entry.Kind.DEAL_REFUND: _("It went back to the card that paid for the deal."),
    Entry.Kind.DEAL_REFUND_FAILED: _("Your bank did not take the return. The service holds the money for you and sends it again."),
    Entry.Kind.CHARGEBACK: _("Your bank took the payment for the deal back."),
    Entry.Kind.CHARGEBACK_WON: _("Your bank decided that the payment for the deal stands."),
    Entry.Kind.DEAL_TRANSFER: _("Your part of the deal, sent to your account for payouts."),
    Entry.Kind.TRANSFER_REVERSAL: _("Taken from your account for payouts: the deal was decided otherwise, or the bank took its money back."),
}  # fmt: skip
_RULES: Final[dict[str, str | Promise]] = {
    SubscriptionRefund.Rule.UNUSED_MONTH: _("You answered nothing in this month and asked for it back."),
    SubscriptionRefund.Rule.CHARGED_AFTER_END: _("It was charged after the end of the subscription."),
    SubscriptionRefund.Rule.CHARGED_WHILE_PAUSED: _("It was charged while the subscription was paused."),
    SubscriptionRefund.Rule.ABOVE_AGREED: _("It was charged above the price you had agreed to."),
}
_SENT_BACK = _("Your bank did not take the return: the sum is in your wallet instead.")
_MONTH = _("For the month %(start)s – %(end)s.")
_HELD = _("Your card paid when you chose the executor. The service holds it until the work is accepted.")
_WHOLE = _(
    "Your part of the deal, sent to your account for payouts: the price %(price)s less the commission %(commission)s."
)
_REST = _(
    "The rest of %(paid)s: %(executor)s went to the executor, %(commission)s is the service's commission; this came back to your "
    "card."
)
_SPENT = _(
    "Your card paid when you chose the executor: %(executor)s of it went to the executor, %(commission)s is the service's "
    "commission."
)
_SPENT_IN_PART = _(
    "Your card paid when you chose the executor: %(executor)s of it went to the executor, %(commission)s is the service's "
    "commission, %(back)s came back to your card."
)
_PART = _(
    "Your part of the deal, sent to your account for payouts: %(price)s of the price less the commission %(commission)s."
)
_TO_ACCOUNT: Final = (Entry.Kind.DEAL_TRANSFER, Entry.Kind.TRANSFER_REVERSAL)


@dataclass(frozen=True, slots=True)
class CardLine:
    """One movement past the wallet. `id`: the journal's entry; `amount`: below zero what a card paid or an account gave
    back, above zero what came. `to_account`: the account for payouts, not a card. One of `subscription_id` and `deal_id`
    is set; `assignment_id` once the deal's executor was chosen."""

    id: int
    kind: str
    title: str
    about: str
    why: str
    amount: Money
    at: datetime
    to_account: bool = False
    subscription_id: int | None = None
    deal_id: int | None = None
    assignment_id: int | None = None

    @property
    def size(self) -> Money:
        """The amount without its sign."""
        return Money(abs(self.amount.minor), self.amount.currency)


def lines_by_card(
    *, user_id: int, since: datetime | None = None, until: datetime | None = None, currency: str = "RUB"
) -> list[CardLine]:
    """The person's movements past the wallet from `since` until before `until`, oldest first, in one currency."""
    found = [*_months(user_id, since, until), *_months_back(user_id, since, until)]
    found += _months_sent_back(user_id, since, until)
    found += _of_deals(movements_between(user_id=user_id, since=since, until=until))
    mine = [line for line in found if line.amount.currency == currency]
    return sorted(mine, key=lambda line: (line.at, line.id))


def line_by_card(*, user_id: int, entry_id: int) -> tuple[CardLine, list[CardLine]]:
    """One line, and the others about the same deal or subscription. Raises NotFound for a stranger's."""
    lines = lines_by_card(user_id=user_id)
    for line in lines:
        if line.id == entry_id:
            same = (line.deal_id, line.subscription_id)
            return line, [other for other in lines if (other.deal_id, other.subscription_id) == same and other != line]
    raise NotFound


def _months(user_id: int, since: datetime | None, until: datetime | None) -> Iterator[CardLine]:
    paid = SubscriptionPayment.objects.filter(subscription__user_id=user_id, **_between("entry", since, until))
    for row in paid.select_related("entry", "subscription__category", "subscription__city"):
        days = {"start": _day(row.period_start), "end": _day(row.period_end)}
        yield _of_month(row.entry, row.subscription, -row.amount, str(_MONTH) % days)


def _months_back(user_id: int, since: datetime | None, until: datetime | None) -> Iterator[CardLine]:
    given = SubscriptionRefund.objects.filter(
        payment__subscription__user_id=user_id, entry__isnull=False, **_between("entry", since, until)
    )
    for row in given.select_related("entry", "payment__subscription__category", "payment__subscription__city"):
        amount = Money(row.amount_minor, row.payment.currency)
        if row.entry is not None:
            yield _of_month(row.entry, row.payment.subscription, amount, str(_RULES[row.rule]))


def _months_sent_back(user_id: int, since: datetime | None, until: datetime | None) -> Iterator[CardLine]:
    """A return that the bank refused days later is a line of its own: what was told of an earlier period stays true."""
    refused = SubscriptionRefund.objects.filter(
        payment__subscription__user_id=user_id,
        entry__reversed_by__isnull=False,
        **_between("entry__reversed_by", since, until),
    ).select_related("entry__reversed_by", "payment__subscription__category", "payment__subscription__city")
    for row in refused:
        if row.entry is not None:
            amount = Money(-row.amount_minor, row.payment.currency)
            yield _of_month(row.entry.reversed_by, row.payment.subscription, amount, str(_SENT_BACK))


def _of_month(entry: Entry, subscription: Subscription, amount: Money, why: str) -> CardLine:
    about = f"{subscription.category.name}, {subscription.city.name}"
    return CardLine(
        id=entry.pk, kind=entry.kind, title=title_of_kind(entry.kind), about=about, why=why, amount=amount,
        at=entry.at, subscription_id=subscription.pk,
    )  # fmt: skip


def _of_deals(rows: list[Movement]) -> Iterator[CardLine]:
    """The payment was booked before anybody was chosen: the deal itself knows its assignment by now."""
    deals = SecureDeal.objects.in_bulk({row.deal_id for row in rows})
    for row in rows:
        yield CardLine(
            id=row.entry_id, kind=row.kind, title=title_of_kind(row.kind), about=row.title, why=_why(row, deals[row.deal_id]),
            amount=row.mine, at=row.at, to_account=row.kind in _TO_ACCOUNT, deal_id=row.deal_id,
            assignment_id=deals[row.deal_id].assignment_id,
        )  # fmt: skip


def why_of_movements(rows: list[Movement]) -> list[str]:
    """Why each of these moved, in the reader's language."""
    deals = SecureDeal.objects.in_bulk({row.deal_id for row in rows})
    return [_why(row, deals[row.deal_id]) for row in rows]


def _why(row: Movement, deal: SecureDeal) -> str:
    if row.kind == Entry.Kind.DEAL_PAYMENT and deal.status == SecureDeal.Status.HELD:
        return str(_HELD)
    if row.kind == Entry.Kind.DEAL_PAYMENT and row.amount == deal.paid and _is_spent(deal):
        sums = {"executor": deal.to_executor, "commission": deal.kept_commission, "back": deal.to_customer}
        text = _SPENT_IN_PART if deal.to_customer_minor else _SPENT
        return str(text) % {name: amount.format() for name, amount in sums.items()}
    whole = deal.executor_commission_minor and row.amount == deal.executor_gets
    if row.kind == Entry.Kind.DEAL_TRANSFER and whole:
        return str(_WHOLE) % {"price": deal.price.format(), "commission": deal.executor_commission.format()}
    if row.kind == Entry.Kind.DEAL_TRANSFER and row.amount == deal.to_executor:
        part = price_due(deal)
        if part != deal.to_executor:
            return str(_PART) % {"price": part.format(), "commission": (part - deal.to_executor).format()}
    if row.kind == Entry.Kind.DEAL_REFUND and deal.to_executor_minor and row.amount == deal.to_customer:
        sums = {"paid": deal.paid, "executor": deal.to_executor, "commission": deal.kept_commission}
        return str(_REST) % {name: amount.format() for name, amount in sums.items()}
    return str(_WHY[row.kind])


def _is_spent(deal: SecureDeal) -> bool:
    """Everybody has got theirs, and the service its commission."""
    return deal.status == SecureDeal.Status.SETTLED and bool(deal.to_executor_minor and deal.commission_minor)


def _between(entry: str, since: datetime | None, until: datetime | None) -> dict[str, datetime]:
    limits = {f"{entry}__at__gte": since, f"{entry}__at__lt": until}
    return {name: moment for name, moment in limits.items() if moment is not None}


def _day(moment: datetime) -> str:
    day: date = localtime(moment).date()
    return str(format_date(day, "d MMMM y", locale=(get_language() or "ru")[:2]))
