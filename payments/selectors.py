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
    tariffs_in_force,
    trial_until,
    wallet_balance,
)
from payments.ledger.selectors import StatementLine, account_total, statement_line, statement_page
from payments.refunds.engine import RULE_SENTENCES

__all__ = [
    "RULE_SENTENCES",
    "ChargeView",
    "FeeQuote",
    "StatementLine",
    "account_total",
    "charge_for",
    "charges_for",
    "quote_response_fee",
    "quote_response_fees",
    "spending_cap",
    "spent_since",
    "standing_holds",
    "statement_line",
    "statement_page",
    "tariffs_in_force",
    "trial_until",
    "wallet_balance",
]
