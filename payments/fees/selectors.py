"""Reads about fees: tariffs, quotes, what a response cost and what became of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from marketplace.kit.clock import now
from marketplace.kit.money import Money
from marketplace.kit.policy import Decision, Denied
from marketplace.kit.rows import first_value, rows
from payments.errors import InDebt
from payments.fees.policies import may_spend
from payments.models import Account, Charge, Hold, Refund, SpendingCap, Tariff
from payments.topups.debts import debt_of

Place = tuple[int, int]  # category id, city id

_FEES = """
SELECT DISTINCT ON (place.category, place.city) place.category, place.city, tariff.id, response_fee_minor, currency
FROM unnest(%s::bigint[], %s::bigint[]) AS place(category, city)
JOIN payments_tariff AS tariff ON tariff.category_id = place.category AND tariff.city_id = place.city
WHERE valid_from <= %s ORDER BY place.category, place.city, valid_from DESC
"""


@dataclass(frozen=True, slots=True)
class FeeQuote:
    """What sending a response would cost now. `list_price` is the tariff's; `amount` what the wallet would pay."""

    amount: Money
    list_price: Money
    covered_by: str
    balance: Money
    tariff_id: int | None
    refusal: Denied | None


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


def tariffs_in_force(places: Iterable[Place], at: datetime | None = None) -> dict[Place, Tariff]:
    """The tariff of each (category, city) at a moment; places without one are absent."""
    wanted = set(places)
    if not wanted:
        return {}
    condition = Q(category_id__in={category for category, _ in wanted}, city_id__in={city for _, city in wanted})
    rows = (
        Tariff.objects.filter(condition, valid_from__lte=at or now())
        .order_by("category_id", "city_id", "-valid_from")
        .distinct("category_id", "city_id")
    )
    return {(row.category_id, row.city_id): row for row in rows if (row.category_id, row.city_id) in wanted}


def wallet_balance(user_id: int, currency: str = "RUB") -> Money:
    """What can be spent; zero when there is no wallet yet."""
    asked = "SELECT balance_minor FROM payments_account WHERE kind = %s AND owner_id = %s AND currency = %s"
    return Money(int(first_value(asked, [Account.Kind.WALLET.value, user_id, currency]) or 0), currency)


def trial_until(user_id: int) -> datetime | None:
    """The end of the person's trial, also when it has passed; None when it never began."""
    ends_at: datetime | None = first_value("SELECT ends_at FROM payments_trial WHERE user_id = %s", [user_id])
    return ends_at


def quote_response_fees(*, user_id: int, places: Iterable[Place]) -> dict[Place, FeeQuote]:
    """Quotes for many places at once, in a fixed number of queries."""
    wanted = set(places)
    at = now()
    fees = _fees_in_force(wanted, at)
    trial_end = trial_until(user_id)
    on_trial = trial_end is not None and trial_end > at
    balances: dict[str, Money] = {}
    decisions: dict[Money, Decision] = {}
    debt: Money | None = None  # asked only when something is refused: almost nobody owes anything
    quotes = {}
    for place in wanted:
        tariff_id, fee = fees.get(place, (None, Money.zero()))
        if fee.currency not in balances:
            balances[fee.currency] = wallet_balance(user_id, fee.currency)
        balance = balances[fee.currency]
        covered_by = "free" if not fee else "trial" if on_trial else "wallet"
        amount = fee if covered_by == "wallet" else Money.zero(fee.currency)
        if amount and amount not in decisions:
            decisions[amount] = may_spend(user_id=user_id, amount=amount, balance=balance, at=at)
        decision = decisions.get(amount) if amount else None
        refusal = decision if isinstance(decision, Denied) else None
        if refusal is not None and debt is None:
            debt = debt_of(user_id)
        if refusal is not None and debt:
            refusal = Denied(InDebt.code, InDebt(sum=debt.format()).sentence, InDebt.status)
        quotes[place] = FeeQuote(amount, fee, covered_by, balance, tariff_id, refusal)
    return quotes


def _fees_in_force(places: Iterable[Place], at: datetime) -> dict[Place, tuple[int, Money]]:
    """Like tariffs_in_force, as plain rows: (category, city) → tariff id and fee."""
    wanted = list(places)
    found = rows(_FEES, [[place[0] for place in wanted], [place[1] for place in wanted], at])
    return {(category, city): (pk, Money(fee, currency)) for category, city, pk, fee, currency in found}


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
