"""What other packages may do with money (the rooms hold the code)."""

from payments.approvals.services import decide as decide_approval
from payments.documents.issuing import issue_document
from payments.documents.requisites import RequisitesForm, save_requisites
from payments.fees.services import charge_response_fee, mark_response_opened, set_spending_cap, start_trial
from payments.fees.tariffs import ListPrice, publish_tariffs
from payments.ledger.services import grant_promotion, reverse_entry
from payments.payouts.services import refresh_account, refresh_account_now, start_onboarding
from payments.processor_time import bring_processor_to, require_processor_clock
from payments.refunds.requests import refund_silent_fee, return_fee_charged_in_error
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
from payments.secure_deals.services.ageing import end_by_age
from payments.secure_deals.services.funding import awaits_choice, bind_deal, price_stands, return_unchosen
from payments.secure_deals.services.opening import Offer, open_deal, pay_deal, see_payment
from payments.secure_deals.services.parts import answer_part, offer_part
from payments.secure_deals.services.settling import give_back, release
from payments.secure_deals.services.splits import appeal_split, return_after_payout, split_anew, split_deal
from payments.subscriptions.following import carry_out as carry_out_subscription
from payments.tariff_plans.services import publish_tariff, stop_rollout, widen_rollout
from payments.topups.adding import begin_adding, see_adding
from payments.topups.automatic import set_automatic, switch_off
from payments.topups.cards import make_default, remove_card
from payments.topups.returns import return_top_up
from payments.topups.services import carry_out, give_up, see_how_it_stands, top_up
from payments.topups.staff import return_by_staff

__all__ = [
    "ListPrice",
    "Offer",
    "RequisitesForm",
    "answer_part",
    "appeal_split",
    "awaits_choice",
    "begin_adding",
    "bind_deal",
    "bring_processor_to",
    "carry_out",
    "carry_out_subscription",
    "charge_response_fee",
    "decide_approval",
    "end_by_age",
    "give_back",
    "give_up",
    "grant_promotion",
    "hold_refund",
    "issue_document",
    "keep_fee",
    "lock_refunds",
    "make_default",
    "mark_response_opened",
    "offer_part",
    "open_deal",
    "pay_deal",
    "pay_due_refunds",
    "price_stands",
    "publish_tariff",
    "publish_tariffs",
    "refresh_account",
    "refresh_account_now",
    "refund_response_fee",
    "refund_silent_fee",
    "refund_unopened",
    "release",
    "release_hold",
    "remove_card",
    "require_processor_clock",
    "return_after_payout",
    "return_by_staff",
    "return_fee_charged_in_error",
    "return_top_up",
    "return_unchosen",
    "reverse_entry",
    "save_requisites",
    "schedule_refund",
    "see_adding",
    "see_how_it_stands",
    "see_payment",
    "set_automatic",
    "set_spending_cap",
    "split_anew",
    "split_deal",
    "start_onboarding",
    "start_trial",
    "stop_rollout",
    "switch_off",
    "top_up",
    "widen_rollout",
]
