from marketplace.accounts.models.executor import (
    ExecutorProfile,
    ServicePoint,
    VerificationDocument,
    VerificationRequest,
)
from marketplace.accounts.models.standing import Appeal, Consent, DeviceToken, Restriction, Strike
from marketplace.accounts.models.user import User

__all__ = [
    "Appeal",
    "Consent",
    "DeviceToken",
    "ExecutorProfile",
    "Restriction",
    "ServicePoint",
    "Strike",
    "User",
    "VerificationDocument",
    "VerificationRequest",
]
