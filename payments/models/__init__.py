from payments.models.fees import Charge, Hold, Refund, SpendingCap, Tariff, Trial
from payments.models.ledger import Account, Entry, Posting
from payments.models.processor import AutoTopUp, Intent, ProcessorCustomer, ProcessorEvent, SavedCard

__all__ = [
    "Account",
    "AutoTopUp",
    "Charge",
    "Entry",
    "Hold",
    "Intent",
    "Posting",
    "ProcessorCustomer",
    "ProcessorEvent",
    "Refund",
    "SavedCard",
    "SpendingCap",
    "Tariff",
    "Trial",
]
