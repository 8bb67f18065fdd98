"""Four ways to count the same money: the processor's books, our intents, the journal, and what people were given.

Each query returns what should not be: subject and detail. The processor's side is its own books, copied line by line
(payments.reconciliation.lines) and compared with it once more by `compare_with_processor`.
"""

from collections.abc import Iterator

from payments.ledger.reconciliation import Mismatch, add_checks
from payments.models import BalanceLine
from payments.stripe_gateway.books import balances, lines_since

# Movements of our balance that are no business of people's money: to our own bank, and fees, which have a check of their own.
_APART = "('payout', 'payout_failure', 'payout_cancel', 'stripe_fee', 'network_cost', 'tax_fee')"

# What our copy of the processor's books need not know yet: it began to be made before. Without a copy nothing is newer.
_COPIED_AT = "COALESCE((SELECT read_at FROM payments_processorcursor WHERE name = 'lines'), 'infinity')"

# What the journal says lies at the processor, by the processor's object. An entry names its object in memo.source, or the
# intent behind it knows it. `older`: of this, what stood when the copy was begun.
_BOOKED = f"""
    SELECT COALESCE(NULLIF(e.memo ->> 'source', ''), i.processor_id, '') AS source, p.currency,
           -sum(p.amount_minor) AS amount, min(e.id) AS entry_id,
           -sum(p.amount_minor) FILTER (WHERE GREATEST(e.at, i.settled_at) <= {_COPIED_AT}) AS older
    FROM payments_entry e
    JOIN payments_posting p ON p.entry_id = e.id
    JOIN payments_account a ON a.id = p.account_id AND a.kind = 'clearing'
    LEFT JOIN payments_intent i ON i.id = (e.memo ->> 'intent_id')::bigint
    WHERE e.kind <> 'processor_fee' AND NOT (i.id IS NOT NULL AND i.status IN ('created', 'waiting'))
    GROUP BY 1, 2"""  # noqa: S608  constants of this file

# Returns that a bank has not answered yet (it may take days): the processor's line is there at once, ours counts when the
# return is settled. Nothing but exactly its sum is explained by that.
_ON_THE_WAY = """
    SELECT processor_id AS source, currency, -amount_minor AS amount FROM payments_intent
    WHERE status = 'waiting' AND processor_id <> '' AND kind IN ('top_up_refund', 'deal_refund')"""

CHECKS: dict[str, str] = {
    "the processor's movements are the journal's, object by object": f"""
        WITH booked AS ({_BOOKED}), on_the_way AS ({_ON_THE_WAY}), moved AS (
            SELECT source, currency, sum(amount_minor) AS amount FROM payments_balanceline
            WHERE kind NOT IN {_APART} GROUP BY source, currency)
        SELECT 'object ' || COALESCE(NULLIF(COALESCE(m.source, b.source), ''), '(none)'),
               COALESCE(m.amount, 0) || ' at the processor, ' || COALESCE(b.amount, 0) || ' in the journal'
               || COALESCE(', entry ' || b.entry_id, '')
        FROM moved m FULL JOIN booked b ON b.source = m.source AND b.currency = m.currency
        LEFT JOIN on_the_way w ON w.source = m.source AND w.currency = m.currency
        WHERE COALESCE(m.amount, 0) NOT IN
            (COALESCE(b.amount, 0), COALESCE(b.older, 0), COALESCE(b.amount, 0) + COALESCE(w.amount, 0))""",  # noqa: S608  constants of this file
    "the processor's fees are booked, each once": """
        WITH kept AS (
            SELECT 'fee:' || line_id AS operation,
                   CASE WHEN kind IN ('stripe_fee', 'network_cost', 'tax_fee') THEN -amount_minor ELSE fee_minor END AS fee
            FROM payments_balanceline),
        booked AS (
            SELECT e.operation, sum(p.amount_minor) AS fee FROM payments_entry e
            JOIN payments_posting p ON p.entry_id = e.id JOIN payments_account a ON a.id = p.account_id
            WHERE e.kind = 'processor_fee' AND a.kind = 'clearing' GROUP BY e.operation)
        SELECT COALESCE(k.operation, b.operation), COALESCE(k.fee, 0) || ' kept, ' || COALESCE(b.fee, 0) || ' booked'
        FROM (SELECT * FROM kept WHERE fee <> 0) k FULL JOIN booked b ON b.operation = k.operation
        WHERE COALESCE(k.fee, 0) <> COALESCE(b.fee, 0)""",
    "each paid top-up gave its person its sum": """
        SELECT 'intent ' || i.id, i.operation FROM payments_intent i
        WHERE i.kind IN ('top_up_page', 'top_up_card', 'top_up_automatic') AND i.status = 'settled' AND NOT EXISTS (
            SELECT 1 FROM payments_entry e JOIN payments_posting p ON p.entry_id = e.id
            JOIN payments_account a ON a.id = p.account_id
            WHERE e.id = i.entry_id AND e.kind = 'top_up' AND e.operation = 'intent:' || i.id AND a.kind = 'wallet'
              AND a.owner_id = i.user_id AND p.amount_minor = i.amount_minor AND p.currency = i.currency)""",
    "each return to a card took its sum from its person": """
        SELECT 'intent ' || i.id, i.operation FROM payments_intent i
        WHERE i.kind = 'top_up_refund' AND i.status = 'settled' AND NOT EXISTS (
            SELECT 1 FROM payments_posting p JOIN payments_account a ON a.id = p.account_id
            WHERE p.entry_id = i.entry_id AND a.kind = 'wallet' AND a.owner_id = i.user_id
              AND p.amount_minor = -i.amount_minor AND p.currency = i.currency)""",
    "each top-up in the journal belongs to one paid intent": """
        SELECT 'entry ' || e.id, e.operation FROM payments_entry e LEFT JOIN payments_intent i ON i.entry_id = e.id
        WHERE e.kind = 'top_up' AND i.id IS NULL
          AND NOT EXISTS (SELECT 1 FROM payments_entry r WHERE r.reverses_id = e.id)""",
    "a failed return is back in the wallet": """
        SELECT 'intent ' || i.id, i.operation FROM payments_intent i
        JOIN payments_entry e ON e.operation = 'intent:' || i.id AND e.kind = 'top_up_refund'
        LEFT JOIN payments_entry r ON r.reverses_id = e.id
        WHERE i.kind = 'top_up_refund' AND i.status IN ('failed', 'cancelled') AND r.id IS NULL""",
    "no refund of a subscription was refused and forgotten": """
        SELECT 'refund ' || r.id, r.amount_minor || ' held' FROM payments_subscriptionrefund r
        WHERE r.failed_at IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM payments_entry e WHERE e.operation = 'wallet-for:' || r.processor_id)""",
    "no two intents share an object of the processor": """
        SELECT 'object ' || processor_id, 'intents ' || string_agg(id::text, ', ') FROM payments_intent
        WHERE processor_id <> '' GROUP BY processor_id HAVING count(*) > 1""",
    "a settled intent and its entry are about the same sum": """
        SELECT 'intent ' || i.id, i.operation FROM payments_intent i
        WHERE i.status = 'settled' AND i.kind IN ('top_up_page', 'top_up_card', 'top_up_automatic', 'top_up_refund')
          AND NOT EXISTS (
            SELECT 1 FROM payments_posting p JOIN payments_account a ON a.id = p.account_id
            WHERE p.entry_id = i.entry_id AND a.kind = 'clearing' AND abs(p.amount_minor) = i.amount_minor)""",
}


def compare_with_processor() -> Iterator[Mismatch]:
    """Read the processor's books again from the first line: our copy is whole and true, and its balance is their sum.

    Raises Unavailable.
    """
    kept = {row.line_id: row for row in BalanceLine.objects.all()}
    totals: dict[str, int] = {}
    for line in lines_since(None):
        totals[line.currency] = totals.get(line.currency, 0) + line.amount_minor - line.fee_minor
        copy = kept.pop(line.id, None)
        if copy is None:
            yield Mismatch("the copy of the processor's books", f"line {line.id}", "is missing in the copy")
        elif (copy.amount_minor, copy.fee_minor, copy.source, copy.currency) != (
            line.amount_minor, line.fee_minor, line.source, line.currency,
        ):  # fmt: skip
            yield Mismatch("the copy of the processor's books", f"line {line.id}", "differs from the copy")
    for gone in kept:
        yield Mismatch("the copy of the processor's books", f"line {gone}", "is not in the processor's books")
    there = balances()
    for currency in sorted({*totals, *there}):
        if totals.get(currency, 0) != there.get(currency, 0):
            detail = f"{there.get(currency, 0)} there, {totals.get(currency, 0)} by its lines"
            yield Mismatch("the processor's balance is the sum of its lines", currency, detail)


add_checks(CHECKS)
