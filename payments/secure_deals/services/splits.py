"""A moderator divides the held money. Nothing moves while it can be appealed, nor before a second staff member has agreed
to a large refund."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.kit import audit
from marketplace.kit.clock import now
from marketplace.kit.errors import InvalidInput, NotFound, StaleState
from marketplace.kit.money import Money
from marketplace.kit.policy import require
from payments.approvals.services import needs_second, on_decision, request_approval
from payments.models import PartOffer, SecureDeal, Split, StaffApproval
from payments.secure_deals import books, news, policies
from payments.secure_deals.history import lock_deal, note, step_deal
from payments.secure_deals.services.parts import checked_words, held_deal
from payments.secure_deals.services.settling import approval_of, approval_operation, decide, drive
from payments.secure_deals.terms import shares

if TYPE_CHECKING:
    from marketplace.accounts.models import User

Outcome = SecureDeal.Outcome
SPLIT, RETURN = "deal_split", "deal_return"


@transaction.atomic
def split_deal(*, assignment_id: int, by: "User", price_part: Money, reason: str) -> Split:
    """Under the task's lock: the first decision. Both sides have some days to appeal; then the money moves by itself."""
    deal = held_deal(assignment_id)
    require(policies.may_split(deal, by))
    until = now() + timedelta(hours=settings.RULES["split_appeal_hours"])
    if deal.end_by is not None:
        until = min(until, deal.end_by)
    return _divide(deal, by=by, price_part=price_part, reason=reason, number=1, pay_after=until)


@transaction.atomic
def appeal_split(*, deal_id: int, by: "User", text: str) -> Split:
    """One side asks another moderator to look again; nothing moves until then."""
    deal = lock_deal(deal_id)
    split = last_split(deal)
    require(policies.may_appeal_split(deal, split, by))
    if split is None:
        raise NotFound
    split.appealed_by, split.appealed_at, split.appeal_text = by, now(), checked_words(text)
    split.save(update_fields=["appealed_by", "appealed_at", "appeal_text"])
    note(deal, left=deal.status, actor=by, reason="split_appealed")
    news.tell_split_appealed(deal, split)
    return split


@transaction.atomic
def split_anew(*, deal_id: int, by: "User", price_part: Money, reason: str) -> Split:
    """Another moderator decides after an appeal, or when a colleague refused the refund. Final."""
    deal = lock_deal(deal_id)
    split = last_split(deal)
    require(policies.may_split_anew(deal, split, refused_approval(deal), by))
    if split is None:
        raise NotFound
    return _divide(deal, by=by, price_part=price_part, reason=reason, number=split.number + 1, pay_after=None)


@transaction.atomic
def return_after_payout(
    *, deal_id: int, by: "User", amount: Money, reason: str, seen: Money | None = None
) -> SecureDeal:
    """Staff take `amount` back from what was paid to the executor, for the customer. When all that went back to the customer by
    staff's word is above the limit, a second person agrees first; one such wish waits at a time. The commission stays as it
    was. `seen`: what the executor had got as the page said. Raises PolicyDenied, InvalidInput, StaleState."""
    deal = lock_deal(deal_id)
    require(policies.may_return_after_payout(deal, by))
    if seen is not None and seen != deal.to_executor:
        raise StaleState
    if StaffApproval.objects.filter(subject=_returns(deal), outcome=StaffApproval.Outcome.WAITING).exists():
        require(policies.RETURN_WAITS)
    if not 0 < amount.minor <= deal.to_executor_minor:
        raise InvalidInput(field="amount", reason=_("Name a sum up to what the executor got."))
    reason = checked_words(reason)
    facts = {"amount_minor": amount.minor, "reason": reason}
    if needs_second(amount + given_back_by_staff(deal)):
        number = StaffApproval.objects.filter(kind=RETURN, subject=_returns(deal)).count() + 1
        request_approval(
            operation=f"{_returns(deal)}:{number}",
            kind=RETURN,
            subject=_returns(deal),
            amount=amount,
            reason=reason,
            by=by,
            details={"deal_id": deal.pk, "about": [deal.customer_id, deal.executor_id], **facts},
        )
        return deal
    return _return(deal, by=by, minor=amount.minor, reason=reason)


def agreed_part(deal: SecureDeal) -> int:
    """What of the price was to be the executor's before the commission, by the last decision about the work; minor units."""
    split = last_split(deal)
    agreed = deal.part_offers.filter(answer=PartOffer.Answer.AGREED).first()
    return split.price_part_minor if split else agreed.amount_minor if agreed else deal.price_minor


def returned_later(deal: SecureDeal) -> int:
    """What staff took back after the pay-out, minor units."""
    return shares(deal, agreed_part(deal)).to_executor - deal.to_executor_minor


def given_back_by_staff(deal: SecureDeal) -> Money:
    """What went back to the customer by staff's word so far: a division, and what was returned after the pay-out."""
    split = last_split(deal)
    divided = _part_back(deal, split) if split is not None else Money.zero(deal.currency)
    return divided + Money(returned_later(deal), deal.currency)


def last_split(deal: SecureDeal) -> Split | None:
    return deal.splits.order_by("-number").first()


def refused_approval(deal: SecureDeal) -> StaffApproval | None:
    """The refusal that the deal waits on, if its division was refused."""
    last = last_split(deal)
    newest = approval_of(last) if last is not None else None
    return newest if newest is not None and newest.outcome == StaffApproval.Outcome.REFUSED else None


@on_decision(SPLIT)
def _split_approved(approval: StaffApproval) -> None:
    deal = lock_deal(approval.details["deal_id"])
    if approval.outcome == StaffApproval.Outcome.APPROVED and deal.outcome != Outcome.MODERATOR:
        require(policies.HELD_TOO_LONG)
    note(deal, left=deal.status, actor=approval.decided_by, reason=f"refund_{approval.outcome}")
    drive(deal)


@on_decision(RETURN)
def _return_approved(approval: StaffApproval) -> None:
    deal = lock_deal(approval.details["deal_id"])
    if approval.outcome == StaffApproval.Outcome.APPROVED:
        by, facts = approval.requested_by, approval.details
        require(policies.may_return_after_payout(deal, by))
        _return(deal, by=by, minor=min(facts["amount_minor"], deal.to_executor_minor), reason=facts["reason"])


def _divide(
    deal: SecureDeal, *, by: "User", price_part: Money, reason: str, number: int, pay_after: datetime | None
) -> Split:
    if price_part.currency != deal.currency or not 0 <= price_part.minor <= deal.price_minor:
        raise InvalidInput(field="amount", reason=_("The executor's part lies between nothing and the price."))
    reason = checked_words(reason)
    split = Split.objects.create(
        deal=deal, number=number, price_part_minor=price_part.minor, reason=reason, decided_by=by, decided_at=now()
    )
    _ask_second(deal, split, by)
    decide(deal, price_part=price_part.minor, outcome=Outcome.MODERATOR, by=by, pay_after=pay_after)
    news.tell_split(deal, split)
    audit.record(
        actor=by,
        action="deal.split",
        subject=books.subject_of(deal),
        details={"number": number, "price_part_minor": price_part.minor, "reason": reason},
    )
    return split


def _ask_second(deal: SecureDeal, split: Split, by: "User") -> None:
    back = _part_back(deal, split)
    if needs_second(back):
        request_approval(
            operation=approval_operation(split),
            kind=SPLIT,
            subject=books.subject_of(deal),
            amount=back,
            reason=split.reason,
            by=by,
            details={"deal_id": deal.pk, "about": [deal.customer_id, deal.executor_id]},
        )


def _part_back(deal: SecureDeal, split: Split) -> Money:
    return Money(deal.price_minor - split.price_part_minor, deal.currency)


def _return(deal: SecureDeal, *, by: "User", minor: int, reason: str) -> SecureDeal:
    step_deal(
        deal,
        SecureDeal.Status.SETTLING,
        actor=by,
        reason="staff_return",
        outcome=Outcome.STAFF,
        settled_at=None,
        to_executor_minor=deal.to_executor_minor - minor,
        to_customer_minor=deal.to_customer_minor + minor,
    )
    news.tell_staff_return(deal, Money(minor, deal.currency), reason)
    audit.record(
        actor=by, action="deal.returned", subject=books.subject_of(deal), details={"minor": minor, "reason": reason}
    )
    return drive(deal)


def _returns(deal: SecureDeal) -> str:
    return f"deal-return:{deal.pk}"
