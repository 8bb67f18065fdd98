"""What other packages may read of money (the rooms hold the code)."""

from payments.documents.files import PaperFile, document_file, statement_file
from payments.documents.issuing import PaperLine, document_of, documents_page
from payments.documents.requisites import business_of, requisites_of
from payments.documents.statements import make_period, make_statement, opening_balance
from payments.documents.tables import statement_table
from payments.fees.policies import spent_since
from payments.fees.selectors import (
    ChargeView,
    FeeQuote,
    FrozenTariff,
    charge_for,
    charges_for,
    frozen_tariff,
    quote_response_fee,
    quote_response_fees,
    spending_cap,
    standing_holds,
    trial_until,
    wallet_balance,
)
from payments.ledger.selectors import (
    StatementLine,
    account_total,
    line_for_desk,
    other_line,
    statement_line,
    statement_page,
)
from payments.payouts.selectors import AccountView, PayoutView, account_is_ready, payout_account, payouts_page
from payments.reconciliation.selectors import (
    find_trail,
    found_mismatches,
    intents_page,
    lines_page,
    money_trail,
    standing,
)
from payments.refunds.engine import RULE_SENTENCES, Silence, SilentAllowance
from payments.refunds.requests import may_have_silent_fee_back, silent_allowance
from payments.secure_deals.errors import PaymentNeeded
from payments.secure_deals.selectors import (
    Movement,
    awaiting_payment,
    deals_to_split_anew,
    holds_money,
    is_secure,
    movements_of_deal,
    movements_page,
    part_offer_of,
    payment_view,
    secure_deal_for_desk,
    secure_deal_of,
    secure_deal_visible_to,
    secure_deals_of,
    split_of,
    waits_for,
)
from payments.secure_deals.services.ageing import deals_at_their_end
from payments.secure_deals.terms import Commission, DealQuote, commission_for, quote
from payments.tariff_plans.announcements import executors_concerned
from payments.tariff_plans.arms import Arm, arms
from payments.tariff_plans.policies import Terms, is_dearer, notice_days
from payments.tariff_plans.preview import Preview, preview
from payments.tariff_plans.selectors import (
    planned_tariffs,
    rollout_by_id,
    rollout_shares,
    running_rollouts,
    tariff_in_force,
    tariffs_in_force,
    tariffs_of_place,
)
from payments.topups.automatic import settings_of, start_of_month, taken_since
from payments.topups.cards import cards_of, default_card
from payments.topups.debts import debt_of
from payments.topups.declines import sentence as decline_sentence
from payments.topups.policies import card_payments_on, largest, smallest
from payments.topups.returns import returnable
from payments.topups.selectors import TopUpView, presets, returnable_of, top_up_of, top_up_view, top_ups_page

__all__ = [
    "RULE_SENTENCES",
    "AccountView",
    "Arm",
    "ChargeView",
    "Commission",
    "DealQuote",
    "FeeQuote",
    "FrozenTariff",
    "Movement",
    "PaperFile",
    "PaperLine",
    "PaymentNeeded",
    "PayoutView",
    "Preview",
    "Silence",
    "SilentAllowance",
    "StatementLine",
    "Terms",
    "TopUpView",
    "account_is_ready",
    "account_total",
    "arms",
    "awaiting_payment",
    "business_of",
    "card_payments_on",
    "cards_of",
    "charge_for",
    "charges_for",
    "commission_for",
    "deals_at_their_end",
    "deals_to_split_anew",
    "debt_of",
    "decline_sentence",
    "default_card",
    "document_file",
    "document_of",
    "documents_page",
    "executors_concerned",
    "find_trail",
    "found_mismatches",
    "frozen_tariff",
    "holds_money",
    "intents_page",
    "is_dearer",
    "is_secure",
    "largest",
    "line_for_desk",
    "lines_page",
    "make_period",
    "make_statement",
    "may_have_silent_fee_back",
    "money_trail",
    "movements_of_deal",
    "movements_page",
    "notice_days",
    "opening_balance",
    "other_line",
    "part_offer_of",
    "payment_view",
    "payout_account",
    "payouts_page",
    "planned_tariffs",
    "presets",
    "preview",
    "quote",
    "quote_response_fee",
    "quote_response_fees",
    "requisites_of",
    "returnable",
    "returnable_of",
    "rollout_by_id",
    "rollout_shares",
    "running_rollouts",
    "secure_deal_for_desk",
    "secure_deal_of",
    "secure_deal_visible_to",
    "secure_deals_of",
    "settings_of",
    "silent_allowance",
    "smallest",
    "spending_cap",
    "spent_since",
    "split_of",
    "standing",
    "standing_holds",
    "start_of_month",
    "statement_file",
    "statement_line",
    "statement_page",
    "statement_table",
    "taken_since",
    "tariff_in_force",
    "tariffs_in_force",
    "tariffs_of_place",
    "top_up_of",
    "top_up_view",
    "top_ups_page",
    "trial_until",
    "waits_for",
    "wallet_balance",
]
