"""The oracle of money: compares the journal with itself and with what people were charged and given back."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True, slots=True)
class Mismatch:
    check: str
    subject: str
    detail: str


# Each query returns the rows that should not be: subject and detail.
CHECKS: dict[str, str] = {
    "entries sum to zero": """
        SELECT 'entry ' || entry_id, currency || ' ' || sum(amount_minor) FROM payments_posting
        GROUP BY entry_id, currency HAVING sum(amount_minor) <> 0""",
    "entries have two legs or more": """
        SELECT 'entry ' || e.id, count(p.id) || ' legs' FROM payments_entry e
        LEFT JOIN payments_posting p ON p.entry_id = e.id GROUP BY e.id HAVING count(p.id) < 2""",
    "postings are in their account's currency": """
        SELECT 'posting ' || p.id, p.currency || ' in ' || a.currency FROM payments_posting p
        JOIN payments_account a ON a.id = p.account_id WHERE a.currency <> p.currency""",
    "wallet balances are the sum of their postings": """
        SELECT 'account ' || a.id, a.balance_minor || ' cached, ' || COALESCE(sum(p.amount_minor), 0) || ' summed'
        FROM payments_account a LEFT JOIN payments_posting p ON p.account_id = a.id
        WHERE a.kind = 'wallet' GROUP BY a.id HAVING a.balance_minor <> COALESCE(sum(p.amount_minor), 0)""",
    "no wallet is negative": """
        SELECT 'account ' || id, balance_minor::text FROM payments_account WHERE kind = 'wallet' AND balance_minor < 0""",
    "each paid charge took its amount from its owner's wallet": """
        SELECT 'charge ' || c.id, 'response ' || c.response_id FROM payments_charge c
        WHERE c.covered_by = 'wallet' AND NOT EXISTS (
            SELECT 1 FROM payments_posting p JOIN payments_account a ON a.id = p.account_id
            WHERE p.entry_id = c.entry_id AND a.kind = 'wallet' AND a.owner_id = c.user_id
              AND p.amount_minor = -c.amount_minor AND p.currency = c.currency)""",
    "each fee in the journal belongs to one charge": """
        SELECT 'entry ' || e.id, e.operation FROM payments_entry e
        LEFT JOIN payments_charge c ON c.entry_id = e.id
        WHERE e.kind = 'response_fee' AND c.id IS NULL
          AND NOT EXISTS (SELECT 1 FROM payments_entry r WHERE r.reverses_id = e.id)""",
    "each paid refund gave the charge back to its owner": """
        SELECT 'refund ' || r.id, 'charge ' || c.id FROM payments_refund r JOIN payments_charge c ON c.id = r.charge_id
        WHERE r.paid_at IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM payments_posting p JOIN payments_account a ON a.id = p.account_id
            WHERE p.entry_id = r.entry_id AND a.kind = 'wallet' AND a.owner_id = c.user_id
              AND p.amount_minor = c.amount_minor AND p.currency = c.currency)""",
    "each refund in the journal belongs to one refund row": """
        SELECT 'entry ' || e.id, e.operation FROM payments_entry e
        LEFT JOIN payments_refund r ON r.entry_id = e.id WHERE e.kind = 'fee_refund' AND r.id IS NULL""",
    "a charge's status agrees with its refund": """
        SELECT 'charge ' || c.id, c.status FROM payments_charge c LEFT JOIN payments_refund r ON r.charge_id = c.id
        WHERE (c.status = 'refunded') <> (r.paid_at IS NOT NULL)
           OR (c.status = 'refund_pending') <> (r.id IS NOT NULL AND r.paid_at IS NULL)""",
    "each response was charged": """
        SELECT 'response ' || r.id, r.operation FROM tasks_app_response r
        LEFT JOIN payments_charge c ON c.response_id = r.id WHERE c.id IS NULL""",
}


def add_checks(checks: dict[str, str]) -> None:
    """A room adds what must hold of its own money; called once, at start-up."""
    CHECKS.update(checks)


def mismatches(say: Callable[[str, int], None] | None = None) -> Iterator[Mismatch]:
    """Run every check; `say` hears the name and the number of mismatches of each."""
    for name, query in CHECKS.items():
        with connection.cursor() as cursor:
            cursor.execute(query)
            found = cursor.fetchall()
        if say:
            say(name, len(found))
        yield from (Mismatch(name, str(subject), str(detail)) for subject, detail in found)


def rebuild_balances() -> int:
    """Put every wallet's cached balance back to the sum of its postings; returns how many were wrong."""
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE payments_account a SET balance_minor = s.total FROM (
                   SELECT a.id, COALESCE(sum(p.amount_minor), 0) AS total FROM payments_account a
                   LEFT JOIN payments_posting p ON p.account_id = a.id WHERE a.kind = 'wallet' GROUP BY a.id) s
               WHERE s.id = a.id AND a.balance_minor <> s.total"""
        )
        return int(cursor.rowcount)
