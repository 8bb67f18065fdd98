"""The documented test cards: number, token, and what each does."""

from dataclasses import dataclass
from typing import Any

from payments.simulator.errors import Declined

DECLINES: dict[str, tuple[str, str | None, str]] = {
    # behaviour → (code, decline code, what the person reads)
    "generic_decline": ("card_declined", "generic_decline", "Your card was declined."),
    "insufficient_funds": ("card_declined", "insufficient_funds", "Your card has insufficient funds."),
    "lost_card": ("card_declined", "lost_card", "Your card was declined."),
    "stolen_card": ("card_declined", "stolen_card", "Your card was declined."),
    "fraudulent": ("card_declined", "fraudulent", "Your card was declined."),
    "card_velocity_exceeded": (
        "card_declined",
        "card_velocity_exceeded",
        "Your card was declined for making repeated attempts too frequently or exceeding its amount limit.",
    ),
    "expired_card": ("expired_card", None, "Your card has expired."),
    "incorrect_cvc": ("incorrect_cvc", None, "Your card's security code is incorrect."),
    "processing_error": (
        "processing_error",
        None,
        "An error occurred while processing your card. Try again in a little bit.",
    ),
    "authentication_required": (
        "authentication_required",
        "authentication_required",
        "Your card was declined. This transaction requires authentication.",
    ),
}
ADVICE = {
    "insufficient_funds": "try_again_later",
    "processing_error": "try_again_later",
    "lost_card": "do_not_try_again",
}


@dataclass(frozen=True)
class Card:
    """`decline`: at once; `later`: only when charged after being attached; `secure`: when 3-D Secure is asked for."""

    number: str
    token: str
    brand: str = "visa"
    funding: str = "credit"
    country: str = "US"
    decline: str | None = None
    later: str | None = None
    secure: str = "optional"
    after_secure: str | None = None
    dispute: str | None = None
    refund: str = "succeeded"
    available_at_once: bool = False


CARDS = (
    Card("4242424242424242", "pm_card_visa"),
    Card("4000056655665556", "pm_card_visa_debit", funding="debit"),
    Card("5555555555554444", "pm_card_mastercard", "mastercard"),
    Card("5200828282828210", "pm_card_mastercard_debit", "mastercard", "debit"),
    Card("5105105105105100", "pm_card_mastercard_prepaid", "mastercard", "prepaid"),
    Card("378282246310005", "pm_card_amex", "amex"),
    Card("6011111111111117", "pm_card_discover", "discover"),
    Card("6200000000000005", "pm_card_unionpay", "unionpay"),
    Card("4000006430000009", "pm_card_ru", country="RU"),
    Card("4000000000000077", "pm_card_bypassPending", available_at_once=True),
    Card("4000000000000002", "pm_card_chargeDeclined", decline="generic_decline"),
    Card("4000000000009995", "pm_card_chargeDeclinedInsufficientFunds", decline="insufficient_funds"),
    Card("4000000000009987", "pm_card_chargeDeclinedLostCard", decline="lost_card"),
    Card("4000000000009979", "pm_card_chargeDeclinedStolenCard", decline="stolen_card"),
    Card("4000000000000069", "pm_card_chargeDeclinedExpiredCard", decline="expired_card"),
    Card("4000000000000127", "pm_card_chargeDeclinedIncorrectCvc", decline="incorrect_cvc"),
    Card("4000000000000119", "pm_card_chargeDeclinedProcessingError", decline="processing_error"),
    Card("4000000000006975", "pm_card_chargeDeclinedVelocityLimitExceeded", decline="card_velocity_exceeded"),
    Card("4100000000000019", "pm_card_radarBlock", decline="fraudulent"),
    Card("4000000000000341", "pm_card_chargeCustomerFail", later="generic_decline"),
    Card("4000002500003155", "pm_card_authenticationRequiredOnSetup", secure="unless_set_up"),
    Card("4000002760003184", "pm_card_authenticationRequired", secure="always"),
    Card("4000003800000446", "pm_card_authenticationRequiredSetupForOffSession", secure="on_session"),
    Card("4000008260003178", "pm_card_authenticationRequiredChargeDeclinedInsufficientFunds", secure="always", after_secure="insufficient_funds"),
    Card("4000000000003220", "pm_card_threeDSecure2Required", secure="always"),
    Card("4000008400001629", "pm_card_threeDSecureRequiredChargeDeclined", secure="always", after_secure="generic_decline"),
    Card("4000000000003055", "pm_card_threeDSecureOptional"),
    Card("4000000000000259", "pm_card_createDispute", dispute="fraudulent"),
    Card("4000000000002685", "pm_card_createDisputeProductNotReceived", dispute="product_not_received"),
    Card("4000000000001976", "pm_card_createDisputeInquiry", dispute="inquiry"),
    Card("4000000000007726", "pm_card_pendingRefund", refund="pending"),
    Card("4000000000005126", "pm_card_refundFail", refund="fails_later"),
)  # fmt: skip
BY_NUMBER = {card.number: card for card in CARDS}
ALIASES = {
    "pm_card_visa_chargeDeclined": "pm_card_chargeDeclined",
    "pm_card_visa_chargeDeclinedInsufficientFunds": "pm_card_chargeDeclinedInsufficientFunds",
    "pm_card_visa_chargeDeclinedLostCard": "pm_card_chargeDeclinedLostCard",
    "pm_card_visa_chargeDeclinedStolenCard": "pm_card_chargeDeclinedStolenCard",
    "pm_card_visa_chargeDeclinedVelocityLimitExceeded": "pm_card_chargeDeclinedVelocityLimitExceeded",
    "pm_card_visaDebit": "pm_card_visa_debit",
}
BY_TOKEN = {card.token: card for card in CARDS} | {
    alias: card for alias, token in ALIASES.items() for card in CARDS if card.token == token
}


def by_token(token: str) -> Card | None:
    """`pm_card_visa`, or the older `tok_visa`."""
    return BY_TOKEN.get(token if token.startswith("pm_") else token.replace("tok_", "pm_card_", 1))


def by_number(number: str) -> Card:
    """A test card; a number that is none of them is refused as Stripe refuses it in test mode."""
    digits = "".join(letter for letter in number if letter.isdigit())
    if digits in BY_NUMBER:
        return BY_NUMBER[digits]
    if not _luhn(digits):
        raise Declined("Your card number is incorrect.", code="incorrect_number", param="number")
    message = "Your card was declined. Your request was in test mode, but used a non test (live) card."
    raise Declined(message, code="card_declined", decline_code="test_mode_live_card", param="number")


def decline(behaviour: str, **more: Any) -> Declined:
    code, decline_code, message = DECLINES[behaviour]
    if behaviour in ADVICE:
        more["advice_code"] = ADVICE[behaviour]
    return Declined(message, code=code, decline_code=decline_code or None, **more)


def _luhn(digits: str) -> bool:
    if not 12 <= len(digits) <= 19:
        return False
    total = 0
    for at, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if at % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
