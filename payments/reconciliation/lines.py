"""Copying the processor's books, and booking what it keeps for itself."""

from datetime import timedelta

import structlog
from django.db import transaction

from marketplace.kit.clock import now
from marketplace.kit.money import Money
from payments.events.cursor import read_until, was_read
from payments.ledger.services import Leg, book, platform_account
from payments.models import Account, BalanceLine, Entry
from payments.stripe_gateway.books import Line, lines_since
from payments.stripe_gateway.errors import Unavailable

OVERLAP = timedelta(hours=1)
LINES = "lines"
OWN_FEES = ("stripe_fee", "network_cost", "tax_fee")  # movements that are nothing but a fee

log = structlog.get_logger()


def copy_lines(*, all_of_them: bool = False) -> int:
    """Copy what is new in the processor's books since the last whole reading; returns how many lines were. Safe at any time and
    in parallel."""
    begun = now()
    until = None if all_of_them else read_until(LINES)
    try:
        lines = list(lines_since(until - OVERLAP if until else None))
    except Unavailable as error:
        log.warning("books_not_copied", code=error.code)
        return 0
    found = sum(_keep(line) for line in lines)
    was_read(LINES, max((line.at for line in lines), default=None), at=begun)
    return found


@transaction.atomic
def _keep(line: Line) -> bool:
    kept, is_new = BalanceLine.objects.get_or_create(
        line_id=line.id,
        defaults={
            "kind": line.kind,
            "source": line.source,
            "amount_minor": line.amount_minor,
            "fee_minor": line.fee_minor,
            "currency": line.currency,
            "happened_at": line.at,
        },
    )
    fee = -line.amount_minor if line.kind in OWN_FEES else line.fee_minor
    if is_new and fee:
        _book_fee(kept, Money(fee, line.currency))
    return is_new


def _book_fee(line: BalanceLine, fee: Money) -> Entry:
    """The processor kept it: our money there is less, our costs are more. A fee given back is a fee below zero."""
    legs: list[Leg] = [
        (platform_account(Account.Kind.COSTS, fee.currency), -fee),
        (platform_account(Account.Kind.CLEARING, fee.currency), fee),
    ]
    return book(operation=f"fee:{line.line_id}", kind=Entry.Kind.PROCESSOR_FEE, legs=legs, memo={"about": line.source})
