from payments.models.approvals import StaffApproval
from payments.models.documents import Document, DocumentSeries, Requisites
from payments.models.fees import Charge, Hold, Refund, SpendingCap, Tariff, Trial
from payments.models.ledger import Account, Entry, Posting
from payments.models.mirror import BalanceLine
from payments.models.payouts import Payout, PayoutAccount
from payments.models.processor import AutoTopUp, Intent, ProcessorCursor, ProcessorCustomer, ProcessorEvent, SavedCard
from payments.models.rollouts import RolloutStep, TariffRollout
from payments.models.secure_deals import Chargeback, PartOffer, SecureDeal, SecureDealEvent, Split
from payments.models.subscriptions import (
    PriceChange,
    ProcessorPrice,
    Subscription,
    SubscriptionCall,
    SubscriptionEvent,
    SubscriptionPayment,
    SubscriptionRefund,
)

__all__ = [
    "Account",
    "AutoTopUp",
    "BalanceLine",
    "Charge",
    "Chargeback",
    "Document",
    "DocumentSeries",
    "Entry",
    "Hold",
    "Intent",
    "PartOffer",
    "Payout",
    "PayoutAccount",
    "Posting",
    "PriceChange",
    "ProcessorCursor",
    "ProcessorCustomer",
    "ProcessorEvent",
    "ProcessorPrice",
    "Refund",
    "Requisites",
    "RolloutStep",
    "SavedCard",
    "SecureDeal",
    "SecureDealEvent",
    "SpendingCap",
    "Split",
    "StaffApproval",
    "Subscription",
    "SubscriptionCall",
    "SubscriptionEvent",
    "SubscriptionPayment",
    "SubscriptionRefund",
    "Tariff",
    "TariffRollout",
    "Trial",
]
