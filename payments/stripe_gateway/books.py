"""The processor's own books of our balance."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from payments.stripe_gateway.client import ask, client


@dataclass(frozen=True, slots=True)
class Line:
    """One movement: `amount_minor` positive when money came to us, without `fee_minor`, which the processor kept."""

    id: str
    kind: str
    source: str
    amount_minor: int
    fee_minor: int
    currency: str
    at: datetime


def lines_since(moment: datetime | None) -> Iterator[Line]:
    """Every movement since, newest first; None: since the beginning. Raises Unavailable."""
    params: dict[str, Any] = {"limit": 100}
    if moment is not None:
        params["created"] = {"gte": int(moment.timestamp())}
    pages = ask(lambda: client().v1.balance_transactions.list(params))  # type: ignore[arg-type]
    rows = iter(pages.auto_paging_iter())
    while (row := ask(lambda: next(rows, None))) is not None:
        source = row.source if isinstance(row.source, str) else getattr(row.source, "id", "")
        at = datetime.fromtimestamp(row.created, UTC)
        yield Line(row.id, row.type, source or "", row.amount, row.fee, row.currency.upper(), at)


def balances() -> dict[str, int]:
    """What lies there for us by currency, in minor units: what can be paid out and what is still on its way to us."""
    found = ask(lambda: client().v1.balance.retrieve())
    totals: dict[str, int] = {}
    parts: list[Any] = [*found.available, *found.pending]
    for part in parts:
        totals[part.currency.upper()] = totals.get(part.currency.upper(), 0) + part.amount
    return totals
