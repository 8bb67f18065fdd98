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
from payments.tariff_plans.services import publish_tariff, stop_rollout, widen_rollout
from payments.topups.automatic import set_automatic, switch_off
from payments.topups.cards import make_default, remove_card
from payments.topups.returns import return_top_up
from payments.topups.services import carry_out, give_up, see_how_it_stands, top_up

__all__ = [
    "ListPrice",
    "carry_out",
    "charge_response_fee",
    "give_up",
    "grant_promotion",
    "hold_refund",
    "keep_fee",
    "lock_refunds",
    "make_default",
    "mark_response_opened",
    "pay_due_refunds",
    "publish_tariff",
    "publish_tariffs",
    "refund_response_fee",
    "refund_unopened",
    "release_hold",
    "remove_card",
    "return_top_up",
    "reverse_entry",
    "schedule_refund",
    "see_how_it_stands",
    "set_automatic",
    "set_spending_cap",
    "start_trial",
    "stop_rollout",
    "switch_off",
    "top_up",
    "widen_rollout",
]
