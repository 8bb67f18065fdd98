"""On what terms a person responds at a place: the tariff that reaches them, their subscription, their free day, their debt."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from marketplace.kit.money import Money
from marketplace.kit.rows import Prepared, rows
from payments.tariff_plans.selectors import IN_FORCE, Place, in_force_params
from payments.topups.debts import DEBT, debt_params

# The terms in force for the executor, and the executor's subscription that covers the place now. Parameters: those of
# IN_FORCE, the executor's id, the moment.
_FEES: Final = f"""
SELECT terms.*, covering.id AS subscription,
       CASE WHEN covering.status = 'past_due' THEN covering.covered_until ELSE covering.period_end END AS shown
FROM ({IN_FORCE}) AS terms(category, city, tariff, fee, month, currency)
LEFT JOIN payments_subscription AS covering ON covering.category_id = terms.category AND covering.city_id = terms.city
    AND covering.user_id = %s AND covering.status IN ('active', 'past_due') AND covering.covered_until > %s
"""  # noqa: S608  composed of constants

# All that the charge of one response asks before it locks anything; one row even where no tariff is.
_ALL: Final = Prepared(f"""
SELECT ({DEBT}) AS debt, EXISTS (SELECT 1 FROM payments_trial WHERE user_id = %s AND ends_at > %s) AS on_trial,
       terms.tariff, terms.fee, terms.month, terms.currency, terms.subscription, terms.shown
FROM (SELECT 1) AS one LEFT JOIN ({_FEES}) AS terms ON true
""")  # noqa: S608  composed of constants

_STANDING: Final = Prepared(
    f"SELECT ({DEBT}), EXISTS (SELECT 1 FROM payments_trial WHERE user_id = %s AND ends_at > %s)"  # noqa: S608  constants
)


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds at a place for one executor; with the subscription that covers it, if any."""

    tariff_id: int | None
    fee: Money
    month: Money
    subscription_id: int | None = None
    covered_until: datetime | None = None

    def covered_by(self, *, on_trial: bool) -> str:
        if self.subscription_id is not None:
            return "subscription"
        if not self.fee and not self.month:
            return "free"
        if on_trial:
            return "trial"
        return "wallet" if self.fee else "subscription"


NOTHING: Final = Terms(None, Money.zero(), Money.zero())


@dataclass(frozen=True, slots=True)
class ChargeTerms:
    """`amount`: what the wallet would pay for a response now; zero when it is covered otherwise. `debt`: what is owed."""

    debt: Money
    covered_by: str
    amount: Money
    tariff_id: int | None
    subscription_id: int | None


def debt_and_trial(user_id: int, at: datetime) -> tuple[Money, bool]:
    """What the person owes, and whether the free day lasts: what holds at every place."""
    ((debt, on_trial),) = rows(_STANDING, [*debt_params(user_id), user_id, at])
    return Money(max(int(debt), 0)), on_trial


def terms_of(places: Iterable[Place], user_id: int, at: datetime) -> dict[Place, Terms]:
    """The terms of many places in one statement; places without any are absent."""
    found = rows(_FEES, [*in_force_params(places, user_id, at), user_id, at])
    return {
        (category, city): Terms(pk, Money(fee, currency), Money(month, currency), covering, shown)
        for category, city, pk, fee, month, currency, covering, shown in found
    }


def charge_terms(*, user_id: int, place: Place, at: datetime) -> ChargeTerms:
    """All that one charge asks, in one statement."""
    fees = [*in_force_params([place], user_id, at), user_id, at]
    ((debt, on_trial, tariff, fee, month, currency, subscription, shown),) = rows(
        _ALL, [*debt_params(user_id), user_id, at, *fees]
    )
    terms = NOTHING
    if tariff is not None:
        terms = Terms(tariff, Money(fee, currency), Money(month, currency), subscription, shown)
    covered_by = terms.covered_by(on_trial=on_trial)
    amount = terms.fee if covered_by == "wallet" else Money.zero(terms.fee.currency)
    return ChargeTerms(Money(max(int(debt), 0)), covered_by, amount, terms.tariff_id, terms.subscription_id)
