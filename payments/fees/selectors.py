"""Reads about fees: tariffs, quotes, what a response cost and what became of it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Q

from marketplace.kit.clock import now
from marketplace.kit.money import Money
from marketplace.kit.policy import Allowed, Decision, Denied
from marketplace.kit.rows import first_value
from payments.errors import InDebt
from payments.fees.policies import SUBSCRIPTION_NEEDED, may_spend
from payments.fees.terms import NOTHING, debt_and_trial, terms_of
from payments.models import Account, Charge, Hold, Refund, SpendingCap
from payments.tariff_plans.selectors import Place


@dataclass(frozen=True, slots=True)
class FeeQuote:
    """What sending a response would cost now. `list_price` is the tariff's; `amount` what the wallet would pay.

    `covered_until`: the end of what the subscription is paid for, or of its grace period. `needs_subscription`: here one
    responds by subscription only; without one (and without the free day) `refusal` says so.
    """

    amount: Money
    list_price: Money
    covered_by: str
    balance: Money
    tariff_id: int | None
    refusal: Denied | None
    month: Money = field(default_factory=Money.zero)
    subscription_id: int | None = None
    covered_until: datetime | None = None

    @property
    def needs_subscription(self) -> bool:
        return bool(self.month) and not self.list_price


@dataclass(frozen=True, slots=True)
class ChargeView:
    """A charge as its owner reads it. `returns_at`: when the refund is due, unless a hold stands until `held_until`."""

    response_id: int
    amount: Money
    covered_by: str
    status: str
    charged_at: datetime
    unopened_until: datetime
    opened_at: datetime | None
    rule: str | None
    returns_at: datetime | None
    paid_at: datetime | None
    held_until: datetime | None


@dataclass(frozen=True, slots=True)
class FrozenTariff:
    """The price by which a response was charged, as it stood when it was sent."""

    fee: Money
    valid_from: datetime
    category_id: int
    city_id: int


def frozen_tariff(response_id: int) -> FrozenTariff | None:
    """None when the response was charged by no tariff."""
    charge = Charge.objects.filter(response_id=response_id).select_related("tariff").first()
    tariff = charge.tariff if charge else None
    if tariff is None:
        return None
    return FrozenTariff(tariff.response_fee, tariff.valid_from, tariff.category_id, tariff.city_id)


def wallet_balance(user_id: int, currency: str = "RUB") -> Money:
    """What can be spent; zero when there is no wallet yet."""
    asked = "SELECT balance_minor FROM payments_account WHERE kind = %s AND owner_id = %s AND currency = %s"
    return Money(int(first_value(asked, [Account.Kind.WALLET.value, user_id, currency]) or 0), currency)


def trial_until(user_id: int) -> datetime | None:
    """The end of the person's trial, also when it has passed; None when it never began."""
    ends_at: datetime | None = first_value("SELECT ends_at FROM payments_trial WHERE user_id = %s", [user_id])
    return ends_at


def quote_response_fees(*, user_id: int, places: Iterable[Place]) -> dict[Place, FeeQuote]:
    """Quotes for many places at once, in a fixed number of queries. A debt refuses everywhere, also where a subscription or
    the free day covers the fee: so does the charge."""
    wanted = set(places)
    at = now()
    terms = terms_of(wanted, user_id, at)
    debt, on_trial = debt_and_trial(user_id, at)
    in_debt = Denied(InDebt.code, InDebt(sum=debt.format()).sentence, InDebt.status) if debt else None
    balances: dict[str, Money] = {}
    decisions: dict[Money, Decision] = {}
    quotes = {}
    for place in wanted:
        found = terms.get(place) or NOTHING
        currency = found.fee.currency
        if currency not in balances:
            balances[currency] = wallet_balance(user_id, currency)
        covered_by = found.covered_by(on_trial=on_trial)
        amount = found.fee if covered_by == "wallet" else Money.zero(currency)
        if amount and amount not in decisions:
            decisions[amount] = may_spend(user_id=user_id, amount=amount, balance=balances[currency], at=at)
        decision: Decision = decisions[amount] if amount else Allowed()
        if covered_by == "subscription" and found.subscription_id is None:
            decision = SUBSCRIPTION_NEEDED
        refusal = decision if in_debt is None and isinstance(decision, Denied) else in_debt
        quotes[place] = FeeQuote(
            amount, found.fee, covered_by, balances[currency], found.tariff_id, refusal,
            month=found.month, subscription_id=found.subscription_id, covered_until=found.covered_until,
        )  # fmt: skip
    return quotes


def quote_response_fee(*, user_id: int, category_id: int, city_id: int) -> FeeQuote:
    place = (category_id, city_id)
    return quote_response_fees(user_id=user_id, places=[place])[place]


def charges_for(response_ids: Iterable[int]) -> dict[int, ChargeView]:
    """What became of the fee of each response; responses without a charge are absent."""
    charges = list(Charge.objects.filter(response_id__in=list(response_ids)).select_related("refund"))
    standing = Hold.objects.filter(charge__in=charges, outcome=Hold.Outcome.STANDING)
    held = dict(standing.values_list("charge_id", "until"))
    return {charge.response_id: _view(charge, held.get(charge.pk)) for charge in charges}


def charge_for(response_id: int, *, user_id: int | None = None) -> ChargeView | None:
    """What became of one response's fee; with `user_id`, only when it is that person's."""
    if user_id is not None and not Charge.objects.filter(response_id=response_id, user_id=user_id).exists():
        return None
    return charges_for([response_id]).get(response_id)


def charged_minor(response_id: int) -> int | None:
    """The fee of a response as it was charged, in minor units; None when it was never charged."""
    minor: int | None = first_value("SELECT amount_minor FROM payments_charge WHERE response_id = %s", [response_id])
    return minor


@dataclass(frozen=True, slots=True)
class RefundShare:
    user_id: int
    paid: int
    refunded: int


def refund_shares(*, since: datetime, paid_from: int, share_from: float) -> list[RefundShare]:
    """Executors whose paid responses mostly came back by a refund after an assignment: the kind that can be arranged."""
    arranged = Q(refund__paid_at__isnull=False, refund__rule=Refund.Rule.CANCELLED_AFTER_ASSIGNMENT)
    found = (
        Charge.objects.filter(charged_at__gte=since, covered_by=Charge.CoveredBy.WALLET)
        .values("user_id")
        .annotate(paid=Count("id"), refunded=Count("id", filter=arranged))
        .filter(paid__gte=paid_from)
    )
    return [RefundShare(**row) for row in found if row["refunded"] >= share_from * row["paid"]]


def _view(charge: Charge, held_until: datetime | None) -> ChargeView:
    refund: Refund | None = getattr(charge, "refund", None)
    return ChargeView(
        response_id=charge.response_id,
        amount=charge.amount,
        covered_by=charge.covered_by,
        status=charge.status,
        charged_at=charge.charged_at,
        unopened_until=charge.unopened_until,
        opened_at=charge.opened_at,
        rule=refund.rule if refund else None,
        returns_at=refund.not_before if refund else None,
        paid_at=refund.paid_at if refund else None,
        held_until=held_until,
    )


def spending_cap(user_id: int) -> SpendingCap | None:
    return SpendingCap.objects.filter(user_id=user_id).first()


def standing_holds(user_id: int) -> tuple[Money, datetime | None]:
    """What is being checked now, and the moment by which the last check ends."""
    rows = list(Hold.objects.filter(charge__user_id=user_id, outcome=Hold.Outcome.STANDING).select_related("charge"))
    total = sum((row.charge.amount_minor for row in rows), 0)
    return Money(total, rows[0].charge.currency if rows else "RUB"), max((row.until for row in rows), default=None)
