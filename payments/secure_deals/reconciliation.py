"""What must be true of held money, checked with everything else (payments.ledger.reconciliation)."""

# ruff: noqa: S608  the statements are put together from constants of this file

from payments.ledger.reconciliation import add_checks

# What of the held money is each deal's, by the deal named in the entry.
_HELD = """
    SELECT (e.memo->>'deal_id')::bigint AS deal, sum(p.amount_minor) AS held
    FROM payments_posting p JOIN payments_account a ON a.id = p.account_id JOIN payments_entry e ON e.id = p.entry_id
    WHERE a.kind = 'held_deals' GROUP BY 1"""
_MOVED = """
    SELECT split_part(subject, ':', 2)::bigint AS deal,
           sum(amount_minor) FILTER (WHERE kind = 'deal_transfer') AS sent,
           sum(amount_minor) FILTER (WHERE kind = 'transfer_reversal') AS reversed,
           sum(amount_minor) FILTER (WHERE kind = 'deal_refund') AS returned
    FROM payments_intent i WHERE status = 'settled' AND subject LIKE 'deal:%' AND details ? 'share' AND NOT EXISTS (
        SELECT 1 FROM payments_entry f WHERE f.operation = i.operation AND f.kind = 'deal_refund_failed') GROUP BY 1"""

CHECKS = {
    "held money belongs to a deal": f"SELECT 'held', held::text FROM ({_HELD}) h WHERE deal IS NULL AND held <> 0",
    "no deal holds less than nothing": f"SELECT 'deal ' || deal, held::text FROM ({_HELD}) h WHERE held < 0",
    "a held deal holds what was paid": f"""
        SELECT 'deal ' || d.id, COALESCE(h.held, 0) || ' held' FROM payments_securedeal d LEFT JOIN ({_HELD}) h ON h.deal = d.id
        WHERE d.status = 'held' AND COALESCE(h.held, 0) < d.price_minor + d.customer_commission_minor""",
    "a settled deal holds nothing more, unless a second payment is on its way back": f"""
        SELECT 'deal ' || d.id, h.held::text FROM payments_securedeal d JOIN ({_HELD}) h ON h.deal = d.id
        WHERE d.status IN ('settled', 'expired') AND h.held <> 0 AND NOT EXISTS (
            SELECT 1 FROM payments_intent i WHERE i.subject = 'deal:' || d.id AND i.status IN ('created', 'waiting'))""",
    "a settled deal gave everybody what was decided": f"""
        SELECT 'deal ' || d.id, COALESCE(m.sent, 0) || ' sent, ' || COALESCE(m.returned, 0) || ' returned'
        FROM payments_securedeal d LEFT JOIN ({_MOVED}) m ON m.deal = d.id
        WHERE d.status = 'settled' AND (
            COALESCE(m.sent, 0) - COALESCE(m.reversed, 0) <> d.to_executor_minor
            OR COALESCE(m.returned, 0) <> d.to_customer_minor)""",
    "what a bank took of a deal is booked on the deal": """
        SELECT 'deal ' || c.deal_id, c.processor_id FROM payments_chargeback c WHERE NOT EXISTS (
            SELECT 1 FROM payments_entry e WHERE e.operation = 'dispute:' || c.processor_id AND e.kind = 'chargeback'
              AND e.memo ->> 'deal_id' = c.deal_id::text)""",
    "an accepted deal with held money is being paid": """
        SELECT 'assignment ' || a.id, d.status FROM tasks_app_assignment a JOIN payments_securedeal d ON d.assignment_id = a.id
        WHERE a.status IN ('accepted', 'cancelled') AND d.status = 'held'""",
}  # fmt: skip

add_checks(CHECKS)
