"""Reads of secure deals: how the money of a deal stands, for its two sides and for the desk."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Concat

from marketplace.accounts.policies import is_moderator
from marketplace.kit.errors import NotFound
from marketplace.kit.money import Money
from marketplace.kit.pagination import Page, key_page
from payments.approvals.selectors import waiting_approvals
from payments.intents.states import UNSETTLED
from payments.models import Entry, Intent, PartOffer, SecureDeal, SecureDealEvent, Split, StaffApproval
from payments.payouts.selectors import account_is_ready
from payments.secure_deals.books import entries_of, subject_of
from payments.secure_deals.movements import Moved, moved, payments_of
from payments.secure_deals.services.settling import approval_of, waits_for_people
from payments.secure_deals.services.splits import agreed_part, last_split, refused_approval, returned_later
from payments.secure_deals.terms import shares

if TYPE_CHECKING:
    from marketplace.accounts.models import User

Status = SecureDeal.Status


@dataclass(frozen=True, slots=True)
class PaymentView:
    """The customer's latest try to pay. `action_url`: where to confirm or to pay, while it waits; `refusal`: the
    processor's word of why it failed."""

    id: int
    status: str
    method: str
    action_url: str
    refusal: str


@dataclass(frozen=True, slots=True)
class Shared:
    """A division in money."""

    to_executor: Money
    to_customer: Money
    commission: Money


@dataclass(frozen=True, slots=True)
class Movement:
    """One line about the money of a deal. `kind` is the entry's; `mine`: what it means for the reader's pocket, signed."""

    kind: str
    at: datetime
    amount: Money
    mine: Money
    deal_id: int
    assignment_id: int | None
    title: str
    entry_id: int


def secure_deal_visible_to(user: "User", deal_id: int) -> SecureDeal:
    """Own deals on either side. Raises NotFound."""
    rows = SecureDeal.objects.select_related("executor", "customer", "payment")
    deal = rows.filter(Q(customer=user) | Q(executor=user), pk=deal_id).first()
    if deal is None or (deal.executor_id == user.pk and deal.assignment_id is None):
        raise NotFound
    return deal


def secure_deal_for_desk(user: "User", deal_id: int) -> SecureDeal:
    """Raises NotFound for anybody but staff."""
    deal = SecureDeal.objects.select_related("executor", "customer", "payment").filter(pk=deal_id).first()
    if deal is None or not is_moderator(user):
        raise NotFound
    return deal


def secure_deal_of(assignment_id: int) -> SecureDeal | None:
    """The secure deal behind an assignment, if it has one."""
    return SecureDeal.objects.select_related("payment").filter(assignment_id=assignment_id).first()


def price_due(deal: SecureDeal) -> Money:
    """What of the price is the executor's before the commission: the whole, or the part that was agreed or decided, less
    what staff returned afterwards."""
    if not deal.outcome:
        return deal.price
    if not deal.to_executor_minor:
        return Money.zero(deal.currency)
    return Money(agreed_part(deal) - returned_later(deal), deal.currency)


def commission_due(deal: SecureDeal) -> Money:
    """What the customer pays the service beside the price: the whole, or what was kept after the decision."""
    if not deal.outcome:
        return deal.customer_commission
    spent = Money(deal.to_executor_minor + deal.commission_minor, deal.currency)
    return max(spent - price_due(deal), Money.zero(deal.currency))


def paid_out_at(deal: SecureDeal) -> datetime | None:
    """When money last went to the executor's account; None while none has."""
    sent = Intent.objects.filter(subject=subject_of(deal), kind=Intent.Kind.DEAL_TRANSFER, status=Intent.Status.SETTLED)
    return sent.order_by("-settled_at").values_list("settled_at", flat=True).first()


def secure_deals_of(assignment_ids: Iterable[int]) -> dict[int, SecureDeal]:
    rows = SecureDeal.objects.filter(assignment_id__in=list(assignment_ids))
    return {row.assignment_id: row for row in rows if row.assignment_id is not None}


def holds_money(assignment_id: int) -> bool:
    """Is there money that nobody has decided about?"""
    return SecureDeal.objects.filter(assignment_id=assignment_id, status=Status.HELD).exists()


def is_secure(assignment_id: int) -> bool:
    """Has the assignment a secure deal whose money is not decided, held or with the bank?"""
    rows = SecureDeal.objects.filter(assignment_id=assignment_id)
    return rows.filter(Q(status=Status.HELD) | Q(status=Status.CHARGED_BACK, outcome="")).exists()


def awaiting_payment(response_id: int) -> SecureDeal | None:
    """The customer has begun to pay for this response."""
    return SecureDeal.objects.filter(response_id=response_id, status=Status.AWAITING_PAYMENT).first()


def payment_view(deal: SecureDeal) -> PaymentView | None:
    """The latest try; None before the first."""
    last = payments_of(deal).last()
    if last is None:
        return None
    url = last.details.get("action_url", "") if last.status in UNSETTLED else ""
    return PaymentView(last.pk, last.status, last.details.get("method", ""), url, last.refusal_code)


def part_offer_of(deal: SecureDeal) -> PartOffer | None:
    """The latest offer to pay a part."""
    return deal.part_offers.order_by("-id").first()


def part_brings(deal: SecureDeal, offer: PartOffer) -> Money:
    """What the executor would get of an offered part, after the commission."""
    return Money(shares(deal, offer.amount_minor).to_executor, deal.currency)


def share_of(deal: SecureDeal, price_part: int) -> Shared:
    """What a division would mean in money."""
    found = shares(deal, price_part)
    return Shared(*(Money(minor, deal.currency) for minor in (found.to_executor, found.to_customer, found.commission)))


def entries_of_deal(deal: SecureDeal) -> list[Entry]:
    """Every entry about the deal, for staff, oldest first."""
    return list(Entry.objects.filter(entries_of(deal)).order_by("at", "id").prefetch_related("postings__account"))


def held_matters(user: "User") -> int:
    """How much waits for this staff member: refunds to agree to, divisions to look at again."""
    waiting = waiting_approvals().exclude(requested_by=user)
    return waiting.count() + deals_to_split_anew().count()


def split_of(deal: SecureDeal) -> Split | None:
    return last_split(deal)


def waits_for(deal: SecureDeal) -> str:
    """What money that is decided waits for: "approval", "appeal" (it may still come), "appealed", "account", "transfer"
    or nothing."""
    if deal.status != Status.SETTLING:
        return ""
    if waits_for_people(deal):
        last = last_split(deal)
        if last is not None and last.appealed_at is not None and deal.pay_after is not None:
            return "appealed"
        return "approval" if _approval_open(deal) else "appeal"
    if deal.to_executor_minor > moved(deal).sent and not account_is_ready(deal.executor_id):
        return "account"
    return "transfer"


def waiting_for_account(user_id: int) -> Money:
    """What is decided for the executor and not sent to them yet."""
    rows = SecureDeal.objects.filter(executor_id=user_id, status=Status.SETTLING)
    return Money(sum(row.to_executor_minor - moved(row).sent for row in rows))


def movements(deal: SecureDeal) -> Moved:
    return moved(deal)


def events_of(deal: SecureDeal) -> list[tuple[datetime, str, str]]:
    """When, the state entered, the reason."""
    return list(deal.events.values_list("at", "entered", "reason"))


def movements_of_deal(deal: SecureDeal, user_id: int) -> list[Movement]:
    """Every entry about the deal that concerns this side, oldest first."""
    rows = Entry.objects.filter(entries_of(deal)).exclude(kind=Entry.Kind.PROCESSOR_FEE).order_by("at", "id")
    found = (_movement(row, user_id) for row in rows.prefetch_related("postings__account"))
    return [row for row in found if row is not None]


def movements_page(*, user_id: int, after: str | None = None, size: int = 30) -> Page[Movement]:
    """Lines of the person's secure deals, newest first: what a card paid and got back, what an account received."""
    kinds = _SIDES
    mine = Q(memo__customer_id=user_id, kind__in=[k for k, (side, _s) in kinds.items() if side == "customer"])
    mine |= Q(memo__executor_id=user_id, kind__in=[k for k, (side, _s) in kinds.items() if side == "executor"])
    rows = Entry.objects.filter(mine).prefetch_related("postings__account")
    page = key_page(rows, order=["at", "id"], after=after, size=size)
    found = (_movement(row, user_id) for row in page.rows)
    return Page([row for row in found if row is not None], page.next_key)


def movements_between(*, user_id: int, since: datetime | None, until: datetime | None) -> list[Movement]:
    """Every movement that concerns the person from `since` until before `until`, oldest first; None: without a limit."""
    deals = SecureDeal.objects.filter(Q(customer_id=user_id) | Q(executor_id=user_id))
    subjects = [f"deal:{pk}" for pk in deals.values_list("pk", flat=True)]
    disputes = deals.filter(chargebacks__isnull=False).values_list("chargebacks__processor_id", flat=True)
    settled = Intent.objects.filter(subject__in=subjects, entry__isnull=False).values_list("entry_id", flat=True)
    disputed = Entry.objects.filter(operation__in=[f"dispute:{pk}" for pk in disputes]).values_list("pk", flat=True)
    refunds = Intent.objects.filter(subject__in=subjects, kind=Intent.Kind.DEAL_REFUND).values("operation")
    sent_back = Q(kind=Entry.Kind.DEAL_REFUND_FAILED, operation__in=refunds)
    rows = Entry.objects.filter(Q(pk__in=[*settled, *disputed]) | sent_back).order_by("at", "id")
    if since is not None:
        rows = rows.filter(at__gte=since)
    if until is not None:
        rows = rows.filter(at__lt=until)
    found = (_movement(row, user_id) for row in rows.prefetch_related("postings__account"))
    return [row for row in found if row is not None]


def deals_to_split_anew() -> "QuerySet[SecureDeal]":
    """For moderators: decisions that were appealed, or whose refund a colleague refused; whose money may not be held much longer
    comes first."""
    last = Split.objects.filter(deal=OuterRef("pk")).order_by("-number")
    rows = SecureDeal.objects.filter(status=Status.SETTLING, outcome=SecureDeal.Outcome.MODERATOR)
    rows = rows.annotate(last=Subquery(last.values("number")[:1]), appealed=Subquery(last.values("appealed_at")[:1]))
    refused = StaffApproval.objects.filter(kind="deal_split", outcome=StaffApproval.Outcome.REFUSED)
    words = set(refused.values_list("operation", flat=True))
    stopped = [pk for pk, number in rows.values_list("pk", "last") if f"deal:{pk}:split:{number}" in words]
    rows = rows.filter(Q(appealed__isnull=False) | Q(pk__in=stopped))
    return rows.select_related("customer", "executor", "task__city").order_by("end_by", "decided_at")


def late_deals(*, limit: int = 50) -> list[SecureDeal]:
    """For operators: decided money that a bank or the processor has refused to move, the longest waiting first."""
    refused = Intent.objects.filter(
        subject=Concat(Value("deal:"), Cast(OuterRef("pk"), CharField())),
        kind__in=(Intent.Kind.DEAL_TRANSFER, Intent.Kind.DEAL_REFUND, Intent.Kind.TRANSFER_REVERSAL),
        status__in=(Intent.Status.FAILED, Intent.Status.CANCELLED),
    )
    sent_back = SecureDealEvent.objects.filter(deal=OuterRef("pk"), reason="refund_sent_back")
    rows = SecureDeal.objects.filter(Exists(refused) | Exists(sent_back), status=Status.SETTLING)
    return list(rows.select_related("customer", "executor").order_by("decided_at")[:limit])


def refused_approval_of(deal: SecureDeal) -> StaffApproval | None:
    return refused_approval(deal)


# Whose line an entry is, and its sign for that person's pocket.
_SIDES: dict[str, tuple[str, int]] = {
    Entry.Kind.DEAL_PAYMENT: ("customer", -1),
    Entry.Kind.DEAL_REFUND: ("customer", +1),
    Entry.Kind.DEAL_REFUND_FAILED: ("customer", -1),
    Entry.Kind.CHARGEBACK: ("customer", +1),
    Entry.Kind.CHARGEBACK_WON: ("customer", -1),
    Entry.Kind.DEAL_TRANSFER: ("executor", +1),
    Entry.Kind.TRANSFER_REVERSAL: ("executor", -1),
}


def _movement(entry: Entry, user_id: int) -> Movement | None:
    side, sign = _SIDES.get(entry.kind, ("", 0))
    if not side or entry.memo.get(f"{side}_id") != user_id:
        return None
    moved_minor = sum(abs(row.amount_minor) for row in entry.postings.all() if row.account.kind == "clearing")
    currency = entry.postings.all()[0].currency
    memo = entry.memo
    return Movement(
        kind=entry.kind,
        at=entry.at,
        amount=Money(moved_minor, currency),
        mine=Money(sign * moved_minor, currency),
        deal_id=memo["deal_id"],
        assignment_id=memo.get("assignment_id"),
        title=memo["title"],
        entry_id=entry.pk,
    )


def _approval_open(deal: SecureDeal) -> bool:
    last = last_split(deal)
    newest = approval_of(last) if last is not None else None
    return newest is not None and newest.outcome != StaffApproval.Outcome.APPROVED
