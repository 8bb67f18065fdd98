from payments.models.fees import Charge, Hold, Refund, SpendingCap, Tariff, Trial
from payments.models.ledger import Account, Entry, Posting

__all__ = ["Account", "Charge", "Entry", "Hold", "Posting", "Refund", "SpendingCap", "Tariff", "Trial"]
