"""Balances: every movement is a balance transaction, a balance is their sum."""

from payments.simulator.calls import Call
from payments.simulator.errors import Refusal
from payments.simulator.shapes import Obj, new_id
from payments.simulator.store import Store

SETTLE_AFTER = 2 * 24 * 3600
FEE_SHARE, FEE_FIXED = 290, 30
"""Stripe's card fee: hundredths of a per cent of the amount, and minor units on top."""
CATEGORIES = {
    "charge": "charge", "payment": "charge", "refund": "refund", "payment_refund": "refund", "payment_failure_refund": "refund_failure",
    "refund_failure": "refund_failure", "adjustment": "dispute", "transfer": "transfer", "transfer_refund": "transfer_reversal",
    "payout": "payout", "payout_failure": "payout_reversal",
}  # fmt: skip


def settles_on(call: Call, at_once: bool) -> int:
    return call.real if at_once else call.real + int(call.store.setting("settle_after", str(SETTLE_AFTER)))


def card_fee(store: Store, amount: int) -> int:
    share, fixed = int(store.setting("fee_share", str(FEE_SHARE))), int(store.setting("fee_fixed", str(FEE_FIXED)))
    return (amount * share + 5000) // 10000 + fixed


def book(
    call: Call,
    *,
    type: str,
    amount: int,
    currency: str,
    source: str,
    fee: int = 0,
    account: str | None = None,
    available_on: int | None = None,
    description: str | None = None,
    category: str | None = None,
) -> Obj:
    """One movement on an account's balance (the call's, unless another is named); `amount` is signed, the fee lessens it."""
    account = call.account if account is None else account
    details = {
        "amount": fee,
        "application": None,
        "currency": currency,
        "description": "Stripe processing fees",
        "type": "stripe_fee",
    }
    doc: Obj = {
        "id": new_id("txn"), "object": "balance_transaction", "amount": amount, "available_on": available_on or call.real,
        "balance_type": "payments", "created": call.now, "currency": currency, "description": description, "exchange_rate": None,
        "fee": fee, "fee_details": [details] if fee else [], "net": amount - fee,
        "reporting_category": category or CATEGORIES[type], "source": source, "status": "pending", "type": type,
    }  # fmt: skip
    doc["status"] = "available" if doc["available_on"] <= call.real else "pending"
    call.store.add(doc, account)
    call.store.sql.execute(
        "INSERT INTO funds (id, account, currency, net, available_on) VALUES (?, ?, ?, ?, ?)",
        (doc["id"], account, currency, doc["net"], doc["available_on"]),
    )
    if doc["status"] == "pending":
        call.later(doc["available_on"], "settle", doc["id"])
    return doc


def balance_of(call: Call, account: str, currency: str) -> tuple[int, int]:
    """(available, pending) in minor units."""
    row = call.store.sql.execute(
        "SELECT coalesce(sum(net) FILTER (WHERE available_on <= ?), 0), coalesce(sum(net) FILTER (WHERE available_on > ?), 0) "
        "FROM funds WHERE account = ? AND currency = ?",
        (call.real, call.real, account, currency),
    ).fetchone()
    return int(row[0]), int(row[1])


def currencies(call: Call, account: str) -> list[str]:
    rows = call.store.sql.execute("SELECT DISTINCT currency FROM funds WHERE account = ? ORDER BY currency", (account,))
    return [str(row[0]) for row in rows]


def require(call: Call, *, account: str, amount: int, currency: str) -> None:
    """Refuse to move more than is available."""
    if balance_of(call, account, currency)[0] < amount:
        raise Refusal(
            "You have insufficient available funds in your Stripe account. Try adding funds directly to your available balance "
            "by creating Charges using the 4000000000000077 test card.",
            code="balance_insufficient",
        )
