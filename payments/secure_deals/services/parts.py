"""The customer would pay a part; the executor agrees or leaves it to a moderator."""

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.kit.clock import now
from marketplace.kit.errors import InvalidInput, NotFound
from marketplace.kit.money import Money
from marketplace.kit.policy import require
from payments.models import PartOffer, SecureDeal
from payments.secure_deals import news, policies
from payments.secure_deals.errors import NotSecure
from payments.secure_deals.history import lock_deal_of, note
from payments.secure_deals.services.settling import decide

if TYPE_CHECKING:
    from marketplace.accounts.models import User

Answer = PartOffer.Answer


@transaction.atomic
def offer_part(*, assignment_id: int, by: "User", amount: Money, reason: str) -> PartOffer:
    """Under the task's lock. `amount` of the price would be paid, nothing to less than the whole; a new offer replaces one
    that waits. Raises PolicyDenied, InvalidInput, NotSecure."""
    deal = held_deal(assignment_id)
    require(policies.may_offer_part(deal, by))
    if amount.currency != deal.currency or not 0 <= amount.minor < deal.price_minor:
        raise InvalidInput(field="amount", reason=_("Name a sum below the price. To pay the whole, accept the work."))
    reason = checked_words(reason)
    PartOffer.objects.filter(deal=deal, answer=Answer.WAITING).update(answer=Answer.WITHDRAWN, answered_at=now())
    offer = PartOffer.objects.create(deal=deal, amount_minor=amount.minor, reason=reason, offered_at=now())
    note(deal, left=deal.status, actor=by, reason="part_offered")
    news.tell_part_offered(deal, offer)
    return offer


@transaction.atomic
def answer_part(*, assignment_id: int, by: "User", agree: bool, words: str = "") -> PartOffer:
    """Under the task's lock. Agreed: the money is divided so. Refused: it stays held for a moderator."""
    deal = held_deal(assignment_id)
    offer = PartOffer.objects.filter(deal=deal, answer=Answer.WAITING).first()
    require(policies.may_answer_part(deal, offer, by))
    if offer is None:
        raise NotFound
    offer.answer, offer.answered_at = (Answer.AGREED if agree else Answer.REFUSED), now()
    offer.answer_note = checked_words(words, needed=False)
    offer.save(update_fields=["answer", "answered_at", "answer_note"])
    if agree:
        decide(deal, price_part=offer.amount_minor, outcome=SecureDeal.Outcome.PART_AGREED, by=by)
    else:
        note(deal, left=deal.status, actor=by, reason="part_refused")
        news.tell_part_refused(deal, offer)
    return offer


def checked_words(text: str, *, needed: bool = True) -> str:
    """Stripped. Raises InvalidInput when nothing is said, or more than 1,000 characters."""
    text = text.replace("\r\n", "\n").strip()
    if needed and not text:
        raise InvalidInput(field="reason", reason=_("Say why in a few words: the other side will read it."))
    if len(text) > 1000:
        raise InvalidInput(field="reason", reason=_("The text is too long: at most 1,000 characters."))
    return text


def held_deal(assignment_id: int) -> SecureDeal:
    """The locked deal behind an assignment. Raises NotSecure."""
    deal = lock_deal_of(assignment_id)
    if deal is None:
        raise NotSecure
    return deal
