"""What other packages may read of money (the rooms hold the code)."""

from payments.fees.policies import spent_since
from payments.fees.selectors import (
    ChargeView,
    FeeQuote,
    charge_for,
    charges_for,
    quote_response_fee,
    quote_response_fees,
    spending_cap,
    standing_holds,
    trial_until,
    wallet_balance,
)
from payments.ledger.selectors import StatementLine, account_total, statement_line, statement_page
from payments.refunds.engine import RULE_SENTENCES
from payments.topups.automatic import settings_of, start_of_month, taken_since
from payments.topups.cards import cards_of, default_card
from payments.topups.debts import debt_of
from payments.topups.declines import sentence as decline_sentence
from payments.topups.policies import card_payments_on, largest, smallest
from payments.topups.selectors import TopUpView, presets, returnable_of, top_up_of, top_up_view, top_ups_page
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

__all__ = [
    "RULE_SENTENCES",
    "Arm",
    "ChargeView",
    "FeeQuote",
    "Preview",
    "StatementLine",
    "TopUpView",
    "account_total",
    "card_payments_on",
    "cards_of",
    "charge_for",
    "charges_for",
    "debt_of",
    "decline_sentence",
    "default_card",
    "largest",
    "presets",
    "quote_response_fee",
    "quote_response_fees",
    "returnable_of",
    "settings_of",
    "smallest",
    "Terms",
    "account_total",
    "arms",
    "charge_for",
    "charges_for",
    "executors_concerned",
    "is_dearer",
    "notice_days",
    "planned_tariffs",
    "preview",
    "quote_response_fee",
    "quote_response_fees",
    "rollout_by_id",
    "rollout_shares",
    "running_rollouts",
    "spending_cap",
    "spent_since",
    "standing_holds",
    "start_of_month",
    "statement_line",
    "statement_page",
    "taken_since",
    "tariffs_in_force",
    "top_up_of",
    "top_up_view",
    "top_ups_page",
    "tariff_in_force",
    "tariffs_in_force",
    "tariffs_of_place",
    "trial_until",
    "wallet_balance",
]
