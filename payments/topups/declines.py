"""Why a card payment came to nothing, in the person's words. The codes are those the processor documents.

What a bank says of lost, stolen or suspected cards is not repeated to whoever holds the card: they read the general sentence.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Sentence = str | Promise

_ASK_THE_BANK = _("The bank declined the payment and gave no reason. Call the bank, or use another card.")
_NO_MONEY = _("There is not enough money on the card. Use another card, or a smaller sum.")
_EXPIRED = _("The card has expired. Use another card.")
_CODE = _("The card's security code is not right. Check it and try again.")
_DATE = _("The card's expiry date is not right. Check it and try again.")
_NUMBER = _("The card's number is not right. Check it and try again.")
_PIN = _("The card's PIN was not right, or was tried too often. Use another card.")
_NOT_FOR_THIS = _("This card cannot be used for this kind of payment. Use another card.")
_CURRENCY = _("This card cannot pay in this currency. Use another card.")
_LIMIT = _("The card's limit is reached. Try a smaller sum, another card, or try tomorrow.")
_LATER = _("The bank could not answer. Nothing was charged; try again in a few minutes.")
_TWICE = _("A payment of the same sum was just made with this card. Check the statement before paying again.")
_CONFIRM = _("The bank asks you to confirm this payment. Pay once yourself, with the card's confirmation.")
_NOT_CONFIRMED = _("The payment was not confirmed with the bank. Nothing was charged; try again.")
_STOPPED = _("The bank stopped payments with this card by your order. Use another card, or call the bank.")
_GONE = _("This card is not kept any more. Choose another card.")
_PAGE_EXPIRED = _("The payment page was closed without a payment. Nothing was charged.")
_NEVER_REACHED = _("The payment did not reach the processor. Nothing was charged; try again.")
_TEST_CARD = _("This is a test card; it does not work for real payments.")
_GIVEN_UP = _("You gave this payment up. Nothing was charged.")

SENTENCES: dict[str, Sentence] = {
    "approve_with_id": _LATER,
    "authentication_required": _CONFIRM,
    "call_issuer": _ASK_THE_BANK,
    "card_declined": _ASK_THE_BANK,
    "card_not_supported": _NOT_FOR_THIS,
    "card_removed": _GONE,
    "card_velocity_exceeded": _LIMIT,
    "currency_not_supported": _CURRENCY,
    "do_not_honor": _ASK_THE_BANK,
    "do_not_try_again": _ASK_THE_BANK,
    "duplicate_transaction": _TWICE,
    "expired_card": _EXPIRED,
    "fraudulent": _ASK_THE_BANK,
    "generic_decline": _ASK_THE_BANK,
    "given_up": _GIVEN_UP,
    "highest_risk_level": _ASK_THE_BANK,
    "incorrect_cvc": _CODE,
    "incorrect_number": _NUMBER,
    "incorrect_pin": _PIN,
    "incorrect_zip": _ASK_THE_BANK,
    "insufficient_funds": _NO_MONEY,
    "invalid_account": _NOT_FOR_THIS,
    "invalid_amount": _LIMIT,
    "invalid_cvc": _CODE,
    "invalid_expiry_month": _DATE,
    "invalid_expiry_year": _DATE,
    "invalid_number": _NUMBER,
    "invalid_pin": _PIN,
    "issuer_not_available": _LATER,
    "lost_card": _ASK_THE_BANK,
    "merchant_blacklist": _ASK_THE_BANK,
    "never_reached": _NEVER_REACHED,
    "new_account_information_available": _ASK_THE_BANK,
    "no_action_taken": _ASK_THE_BANK,
    "not_permitted": _NOT_FOR_THIS,
    "offline_pin_required": _PIN,
    "online_or_offline_pin_required": _PIN,
    "page_expired": _PAGE_EXPIRED,
    "payment_intent_authentication_failure": _NOT_CONFIRMED,
    "payment_method_not_available": _GONE,
    "pickup_card": _ASK_THE_BANK,
    "pin_try_exceeded": _PIN,
    "processing_error": _LATER,
    "reenter_transaction": _LATER,
    "resource_missing": _GONE,
    "restricted_card": _ASK_THE_BANK,
    "revocation_of_all_authorizations": _STOPPED,
    "revocation_of_authorization": _STOPPED,
    "security_violation": _ASK_THE_BANK,
    "service_not_allowed": _NOT_FOR_THIS,
    "stolen_card": _ASK_THE_BANK,
    "stop_payment_order": _STOPPED,
    "testmode_decline": _TEST_CARD,
    "transaction_not_allowed": _NOT_FOR_THIS,
    "try_again_later": _LATER,
    "withdrawal_count_limit_exceeded": _LIMIT,
}


def sentence(code: str) -> str:
    """In the active language; a code we do not know says what an unexplained refusal says."""
    return str(SENTENCES.get(code, _ASK_THE_BANK))


def source_sentence(code: str) -> str:
    """The source text, for rows that are translated when they are read."""
    told = SENTENCES.get(code, _ASK_THE_BANK)
    return str(told._args[0]) if isinstance(told, Promise) else told  # type: ignore[attr-defined]
