from payments.models.fees import Charge, Hold, Refund, SpendingCap, Tariff, Trial
from payments.models.ledger import Account, Entry, Posting
from payments.models.processor import AutoTopUp, Intent, ProcessorCustomer, ProcessorEvent, SavedCard
from payments.models.rollouts import RolloutStep, TariffRollout
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
    "Charge",
    "Entry",
    "Hold",
    "Intent",
    "Posting",
    "PriceChange",
    "ProcessorCustomer",
    "ProcessorEvent",
    "ProcessorPrice",
    "Refund",
    "RolloutStep",
    "SavedCard",
    "SpendingCap",
    "Subscription",
    "SubscriptionCall",
    "SubscriptionEvent",
    "SubscriptionPayment",
    "SubscriptionRefund",
    "Tariff",
    "TariffRollout",
    "Trial",
]
