"""Words for what reconciliation checks, for entries of the journal and for the processor's movements. The identifiers stay
beside them: with those one searches the code and the logs."""

import re

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from marketplace.kit.money import Money
from payments.selectors import title_of_kind

CHECKS: dict[str, str | Promise] = {
    "entries sum to zero": pgettext_lazy("check", "Every entry sums to zero"),
    "entries have two legs or more": pgettext_lazy("check", "Every entry has two legs or more"),
    "postings are in their account's currency": pgettext_lazy("check", "Every leg is in its account's currency"),
    "wallet balances are the sum of their postings": pgettext_lazy(
        "check", "A wallet's balance is the sum of its lines"
    ),
    "no wallet is negative": pgettext_lazy("check", "No wallet is below zero"),
    "each paid charge took its amount from its owner's wallet": pgettext_lazy(
        "check", "Every paid fee was taken from its executor's wallet"
    ),
    "each fee in the journal belongs to one charge": pgettext_lazy("check", "Every fee in the journal has its charge"),
    "each paid refund gave the charge back to its owner": pgettext_lazy(
        "check", "Every refund came back to the executor's wallet"
    ),
    "each refund in the journal belongs to one refund row": pgettext_lazy(
        "check", "Every refund in the journal has its reason"
    ),
    "a charge's status agrees with its refund": pgettext_lazy("check", "A fee's status agrees with its refund"),
    "each response was charged": pgettext_lazy("check", "Every response has its charge"),
    "the processor's movements are the journal's, object by object": pgettext_lazy(
        "check", "The processor's movements are the journal's, object by object"
    ),
    "the processor's fees are booked, each once": pgettext_lazy("check", "The processor's fees are booked, each once"),
    "each paid top-up gave its person its sum": pgettext_lazy("check", "Every paid top-up reached its wallet"),
    "each return to a card took its sum from its person": pgettext_lazy(
        "check", "Every return to a card left its wallet"
    ),
    "each top-up in the journal belongs to one paid intent": pgettext_lazy(
        "check", "Every top-up in the journal has its payment"
    ),
    "a failed return is back in the wallet": pgettext_lazy("check", "A failed return is back in the wallet"),
    "no refund of a subscription was refused and forgotten": pgettext_lazy(
        "check", "No refund of a subscription was refused and forgotten"
    ),
    "no two intents share an object of the processor": pgettext_lazy(
        "check", "No two payments share an object of the processor"
    ),
    "a settled intent and its entry are about the same sum": pgettext_lazy(
        "check", "A settled payment and its entry are about the same sum"
    ),
    "the copy of the processor's books": pgettext_lazy("check", "Our copy of the processor's books is whole"),
    "the processor's balance is the sum of its lines": pgettext_lazy(
        "check", "The processor's balance is the sum of its lines"
    ),
    "held money belongs to a deal": pgettext_lazy("check", "Held money belongs to a deal"),
    "no deal holds less than nothing": pgettext_lazy("check", "No deal holds less than nothing"),
    "a held deal holds what was paid": pgettext_lazy("check", "A held deal holds what was paid"),
    "a settled deal holds nothing more, unless a second payment is on its way back": pgettext_lazy(
        "check", "A settled deal holds nothing more, unless a second payment is on its way back"
    ),
    "a settled deal gave everybody what was decided": pgettext_lazy(
        "check", "A settled deal gave everybody what was decided"
    ),
    "what a bank took of a deal is booked on the deal": pgettext_lazy(
        "check", "What a bank took of a deal is booked on the deal"
    ),
    "an accepted deal with held money is being paid": pgettext_lazy(
        "check", "An accepted deal with held money is being paid out"
    ),
}
# The processor's own kinds of movements of our balance; others are shown by their identifier alone.
MOVEMENTS: dict[str, str | Promise] = {
    "charge": pgettext_lazy("movement", "card payment"),
    "payment": pgettext_lazy("movement", "payment"),
    "refund": pgettext_lazy("movement", "return to a card"),
    "payment_refund": pgettext_lazy("movement", "return of a payment"),
    "refund_failure": pgettext_lazy("movement", "a return that failed"),
    "payment_failure_refund": pgettext_lazy("movement", "a return of a failed payment"),
    "transfer": pgettext_lazy("movement", "transfer to an executor"),
    "transfer_refund": pgettext_lazy("movement", "transfer taken back"),
    "transfer_cancel": pgettext_lazy("movement", "transfer cancelled"),
    "adjustment": pgettext_lazy("movement", "taken or given by a bank"),
    "stripe_fee": pgettext_lazy("movement", "fee of the processor"),
    "network_cost": pgettext_lazy("movement", "cost of the card network"),
    "tax_fee": pgettext_lazy("movement", "tax on fees"),
    "payout": pgettext_lazy("movement", "payout to our bank"),
    "payout_cancel": pgettext_lazy("movement", "payout cancelled"),
    "payout_failure": pgettext_lazy("movement", "payout that failed"),
}
# What a check tells of a row that should not be: the words around its numbers and identifiers.
DETAILS: dict[str, str | Promise] = {
    "entry": pgettext_lazy("row", "entry"),
    "posting": pgettext_lazy("row", "leg"),
    "account": pgettext_lazy("row", "account"),
    "charge": pgettext_lazy("row", "fee"),
    "refund": pgettext_lazy("row", "refund"),
    "response": pgettext_lazy("row", "response"),
    "intent": pgettext_lazy("row", "payment"),
    "intents": pgettext_lazy("row", "payments"),
    "object": pgettext_lazy("row", "object"),
    "line": pgettext_lazy("row", "movement"),
    "deal": pgettext_lazy("row", "secure deal"),
    "assignment": pgettext_lazy("row", "deal"),
    "legs": pgettext_lazy("difference", "legs"),
    "cached": pgettext_lazy("difference", "in the balance"),
    "summed": pgettext_lazy("difference", "by its lines"),
    "by its lines": pgettext_lazy("difference", "by its lines"),
    "there": pgettext_lazy("difference", "at the processor"),
    "at the processor": pgettext_lazy("difference", "at the processor"),
    "in the journal": pgettext_lazy("difference", "in the journal"),
    "kept": pgettext_lazy("difference", "kept by the processor"),
    "booked": pgettext_lazy("difference", "booked"),
    "held": pgettext_lazy("difference", "held"),
    "sent": pgettext_lazy("difference", "sent"),
    "returned": pgettext_lazy("difference", "returned"),
    "in": pgettext_lazy("difference", "in an account in"),
    "is missing in the copy": pgettext_lazy("difference", "is missing in our copy"),
    "differs from the copy": pgettext_lazy("difference", "differs from our copy"),
    "is not in the processor's books": pgettext_lazy("difference", "is not in the processor's books"),
}
# A number before one of these words is a sum in minor units.
_SUM = re.compile(
    r"((?<![\w-])-?\d+(?= (?:cached|summed|at the processor|in the journal|kept|booked|there|by its lines|held|sent|returned)\b))"
)
_ALONE = re.compile(r"(?:([A-Z]{3}) )?(-?\d+)")
_CURRENCY = re.compile(r"[A-Z]{3}")
# Words between spaces and commas; what is glued to other signs (intent:12, pi_5f) is an identifier.
_WORDS = re.compile(r"(?:(?<=^)|(?<=[ ]))[a-z][a-z']*(?: [a-z][a-z']*)*(?=$|[ ,])")


def check_name(check: str) -> str:
    """What the check makes sure of; one that has no words is shown by its own name."""
    return str(CHECKS.get(check, check))


def movement_name(kind: str) -> str:
    return str(MOVEMENTS.get(kind, kind))


def entry_name(kind: str) -> str:
    """The same words as on people's statements."""
    return title_of_kind(kind)


def detail(told: str) -> str:
    """A subject or a difference of a mismatch with its words translated; identifiers stay as they are."""
    return _WORDS.sub(lambda words: str(DETAILS.get(words[0], words[0])), told)


def difference(told: str, subject: str) -> str:
    """What differs, its sums as people read them instead of minor units; a difference that is nothing but a number is one.
    `subject`: the row, which is the currency itself where a currency is compared."""
    if alone := _ALONE.fullmatch(told):
        return Money(int(alone[2]), alone[1] or "RUB").format()
    currency = subject if _CURRENCY.fullmatch(subject) else "RUB"
    parts = _SUM.split(told)
    return "".join(
        Money(int(part), currency).format() if place % 2 else detail(part) for place, part in enumerate(parts)
    )
