"""What a secure deal costs and who bears it. Pure sums, whole minor units; a fraction is dropped in people's favour."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from marketplace.kit.clock import now
from marketplace.kit.money import Money
from payments.models import SecureDeal
from payments.tariff_plans.selectors import tariff_in_force

Payer = SecureDeal.Payer
WHOLE = 10_000  # basis points


@dataclass(frozen=True, slots=True)
class Commission:
    """`bp`: basis points of the price; `payer`: customer, executor or both (each a half)."""

    bp: int
    payer: str
    tariff_id: int | None = None


@dataclass(frozen=True, slots=True)
class DealQuote:
    """The terms in money, before anybody agrees to them."""

    price: Money
    commission: Commission
    customer_part: Money
    executor_part: Money

    @property
    def customer_pays(self) -> Money:
        return self.price + self.customer_part

    @property
    def executor_gets(self) -> Money:
        return self.price - self.executor_part

    @property
    def percent(self) -> str:
        """For a sentence: "5" or "7.5"."""
        whole, rest = divmod(self.commission.bp, 100)
        return f"{whole}.{rest:02d}".rstrip("0") if rest else str(whole)


@dataclass(frozen=True, slots=True)
class Shares:
    """What was paid, divided: the three together are the whole."""

    to_executor: int
    to_customer: int
    commission: int


def commission_for(
    *, category_id: int, city_id: int, executor_id: int | None, announced: bool, at: datetime | None = None
) -> Commission:
    """The commission in force. `announced`: the task said so before the executor named a price; otherwise the executor
    keeps the price that was named and the customer, who wants the protection, bears the whole."""
    found = _in_force(category_id, city_id, executor_id, at or now())
    return found if announced else Commission(found.bp, Payer.CUSTOMER, found.tariff_id)


def quote(*, price: Money, commission: Commission) -> DealQuote:
    total = price.minor * commission.bp // WHOLE
    customer = {Payer.CUSTOMER: total, Payer.EXECUTOR: 0, Payer.BOTH: (total + 1) // 2}[Payer(commission.payer)]
    return DealQuote(
        price=price,
        commission=commission,
        customer_part=Money(customer, price.currency),
        executor_part=Money(total - customer, price.currency),
    )


def shares(deal: SecureDeal, price_part: int) -> Shares:
    """Divide what was paid when `price_part` of the price is due. The commission shrinks in proportion."""
    if not 0 <= price_part <= deal.price_minor:
        raise ValueError("A part of the price lies between nothing and the price.")
    from_executor = deal.executor_commission_minor * price_part // deal.price_minor
    from_customer = deal.customer_commission_minor * price_part // deal.price_minor
    return Shares(
        to_executor=price_part - from_executor,
        to_customer=deal.paid.minor - price_part - from_customer,
        commission=from_executor + from_customer,
    )


def _in_force(category_id: int, city_id: int, executor_id: int | None, at: datetime) -> Commission:
    tariff = tariff_in_force(category_id=category_id, city_id=city_id, executor_id=executor_id, at=at)
    if tariff is not None:
        return Commission(tariff.commission_bp, tariff.commission_payer, tariff.pk)
    rules = settings.RULES
    return Commission(rules["secure_commission_bp"], rules["secure_commission_payer"])
