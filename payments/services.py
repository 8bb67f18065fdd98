"""What other packages may do with money (the rooms hold the code)."""

from payments.fees.services import charge_response_fee, mark_response_opened, set_spending_cap, start_trial
from payments.fees.tariffs import ListPrice, publish_tariffs
from payments.ledger.services import grant_promotion, reverse_entry
from payments.refunds.services import (
    hold_refund,
    keep_fee,
    lock_refunds,
    pay_due_refunds,
    refund_response_fee,
    refund_unopened,
    release_hold,
    schedule_refund,
)

__all__ = [
    "ListPrice",
    "charge_response_fee",
    "grant_promotion",
    "hold_refund",
    "keep_fee",
    "lock_refunds",
    "mark_response_opened",
    "pay_due_refunds",
    "publish_tariffs",
    "refund_response_fee",
    "refund_unopened",
    "release_hold",
    "reverse_entry",
    "schedule_refund",
    "set_spending_cap",
    "start_trial",
]
