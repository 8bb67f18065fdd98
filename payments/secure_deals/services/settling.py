"""Where the held money goes: the decision, and the movements that carry it out. `drive` compares what was decided with
what has moved and begins what is missing; it may be called any number of times."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction

from marketplace.kit import live
from marketplace.kit.clock import now
from marketplace.kit.money import Money
from payments.intents.services import begin
from payments.models import Entry, Intent, PartOffer, SecureDeal, Split, StaffApproval
from payments.payouts.selectors import account_is_ready
from payments.secure_deals import books, news
from payments.secure_deals.books import failures_of_refunds
from payments.secure_deals.history import lock_deal, lock_deal_of, note, step_deal
from payments.secure_deals.movements import SHARE, Moved, attempts_of, moved
from payments.secure_deals.terms import shares

if TYPE_CHECKING:
    from marketplace.accounts.models import User

Status, Outcome, Kind = SecureDeal.Status, SecureDeal.Outcome, Intent.Kind
REFUSED = (Intent.Status.FAILED, Intent.Status.CANCELLED)
AGAIN_AFTER = timedelta(
    hours=1
)  # a refused movement is tried again as a new one, each time an hour later than the last
REVERSAL_TRIES = 5  # of taking back what was paid out; ten hours pass over them
LONGEST_WAIT = 24  # of them; operators see a late deal from the first refusal on
AGAIN_AFTER_THE_BANK = timedelta(days=1)  # a return that came back; twice this long after the second time, and so on


@transaction.atomic
def release(*, assignment_id: int, by: "User | None" = None, automatic: bool = False) -> SecureDeal | None:
    """The work is accepted: the price goes to the executor, less the commission. None when the deal holds no money;
    what was decided before stays."""
    deal = lock_deal_of(assignment_id)
    if deal is None or not _is_open(deal):
        return None
    outcome = Outcome.ACCEPTED_BY_TIME if automatic else Outcome.ACCEPTED
    return decide(deal, price_part=deal.price_minor, outcome=outcome, by=by)


@transaction.atomic
def give_back(*, assignment_id: int, by: "User | None" = None) -> SecureDeal | None:
    """The deal was cancelled: everything goes back to the customer's card, the commission too."""
    deal = lock_deal_of(assignment_id)
    if deal is None or not _is_open(deal):
        return None
    return decide(deal, price_part=0, outcome=Outcome.CANCELLED, by=by)


def decide(
    deal: SecureDeal, *, price_part: int, outcome: str, by: "User | None", pay_after: datetime | None = None
) -> SecureDeal:
    """Under the deal's lock: divide what was paid, so that `price_part` (minor units) of the price is the executor's before
    the commission. While the customer's bank has the money the decision only waits for it to come back."""
    divided = shares(deal, price_part)
    values: dict[str, Any] = {
        "outcome": outcome,
        "decided_at": now(),
        "pay_after": pay_after,
        "to_executor_minor": divided.to_executor,
        "to_customer_minor": divided.to_customer,
        "commission_minor": divided.commission,
    }
    waiting = PartOffer.objects.filter(deal=deal, answer=PartOffer.Answer.WAITING)
    waiting.update(answer=PartOffer.Answer.WITHDRAWN, answered_at=now())
    if deal.status in (Status.SETTLING, Status.CHARGED_BACK):
        for name, value in values.items():
            setattr(deal, name, value)
        deal.save(update_fields=list(values))
        note(deal, left=deal.status, actor=by, reason=outcome)
    else:
        step_deal(deal, Status.SETTLING, actor=by, reason=outcome, **values)
    news.tell_decided(deal)
    drive(deal)
    return deal


def drive(deal: SecureDeal) -> SecureDeal:
    """Under the deal's lock: begin each movement that is missing; settled when none is."""
    if deal.status != Status.SETTLING or waits_for_people(deal):
        return deal
    facts = moved(deal)
    if facts.in_motion:
        return deal
    if facts.sent > deal.to_executor_minor and not _gave_return_up(deal, facts):
        _begin_reversal(deal, Money(facts.sent - deal.to_executor_minor, deal.currency))
        return deal
    _begin_transfer(deal, facts)
    _begin_refund(deal, facts)
    facts = moved(deal)
    if facts.sent == deal.to_executor_minor and facts.returned == deal.to_customer_minor and not facts.in_motion:
        books.book_commission(deal)
        step_deal(deal, Status.SETTLED, reason=deal.outcome, settled_at=now())
        publish(deal)
    return deal


def drive_by_id(deal_id: int) -> SecureDeal:
    """Whatever comes of it, the others have their turn before this one again."""
    SecureDeal.objects.filter(pk=deal_id).update(driven_at=now())
    with transaction.atomic():
        return drive(lock_deal(deal_id))


def waits_for_people(deal: SecureDeal) -> bool:
    """An appeal may still come or is not decided, or a second staff member has not agreed. At the end nobody waits for an
    appeal any more, and a large refund that two have not agreed to is none: see docs/decisions/0058."""
    last = deal.splits.order_by("-number").first() if deal.outcome == Outcome.MODERATOR else None
    if last is not None and lacks_second(last):
        return True
    if is_over(deal):
        return False
    return (deal.pay_after is not None and now() < deal.pay_after) or (
        last is not None and last.appealed_at is not None
    )


def lacks_second(split: Split) -> bool:
    """Its refund is large, and no second staff member has agreed."""
    approval = approval_of(split)
    return approval is not None and approval.outcome != StaffApproval.Outcome.APPROVED


def is_over(deal: SecureDeal) -> bool:
    """The money may not be held any longer."""
    return deal.end_by is not None and deal.end_by <= now()


def approval_of(split: Split) -> StaffApproval | None:
    """The second staff member's word on a division; None when it needs none."""
    return StaffApproval.objects.filter(operation=approval_operation(split)).first()


def approval_operation(split: Split) -> str:
    return f"deal:{split.deal_id}:split:{split.number}"


def publish(deal: SecureDeal) -> None:
    """Open pages of the deal look again."""
    if deal.assignment_id:
        live.publish(topic=f"deal:{deal.assignment_id}", kind="money", payload={"status": deal.status})


def _begin_transfer(deal: SecureDeal, facts: Moved) -> None:
    missing = deal.to_executor_minor - facts.sent
    if missing <= 0 or not account_is_ready(deal.executor_id) or _lately_refused(deal, Kind.DEAL_TRANSFER):
        return
    _begin(deal, Kind.DEAL_TRANSFER, "transfer", Money(missing, deal.currency), user_id=deal.executor_id)


def _begin_refund(deal: SecureDeal, facts: Moved) -> None:
    missing = deal.to_customer_minor - facts.returned
    if missing <= 0 or deal.payment is None or _lately_refused(deal, Kind.DEAL_REFUND):
        return
    details = {"payment_id": deal.payment.payment_id}
    amount = Money(missing, deal.currency)
    _begin(deal, Kind.DEAL_REFUND, "refund", amount, user_id=deal.customer_id, details=details)


def _gave_return_up(deal: SecureDeal, facts: Moved) -> bool:
    """An executor's account that stays empty: what staff wanted back stays theirs, and both sides and staff hear so. What was
    taken back of it goes to the customer all the same."""
    asked = deal.events.filter(reason="staff_return").order_by("-id").first()
    if asked is None:
        return False
    refused = attempts_of(deal, Kind.TRANSFER_REVERSAL).filter(status__in=REFUSED, created_at__gte=asked.at)
    if refused.count() < REVERSAL_TRIES:
        return False
    stays = Money(facts.sent - deal.to_executor_minor, deal.currency)
    deal.to_executor_minor, deal.to_customer_minor = facts.sent, deal.to_customer_minor - stays.minor
    if deal.to_customer_minor == facts.returned:
        before = deal.events.filter(entered=Status.SETTLED).order_by("-id").first()
        deal.outcome = before.reason if before is not None else deal.outcome
    deal.save(update_fields=["to_executor_minor", "to_customer_minor", "outcome"])
    note(deal, left=deal.status, reason="return_given_up")
    news.tell_return_given_up(deal, stays)
    return True


def _begin_reversal(deal: SecureDeal, amount: Money) -> None:
    if not _lately_refused(deal, Kind.TRANSFER_REVERSAL):
        begin_reversal(deal, amount)


def begin_reversal(deal: SecureDeal, amount: Money) -> Intent:
    """Take money back from the executor's account: from the deal's latest transfer."""
    sent = attempts_of(deal, Kind.DEAL_TRANSFER).filter(status=Intent.Status.SETTLED).latest("id")
    amount = min(amount, sent.amount)
    details = {"transfer_id": sent.processor_id}
    return _begin(deal, Kind.TRANSFER_REVERSAL, "reversal", amount, user_id=deal.executor_id, details=details)


def _begin(
    deal: SecureDeal, kind: str, name: str, amount: Money, *, user_id: int, details: dict[str, Any] | None = None
) -> Intent:
    number = attempts_of(deal, kind).count() + 1
    return begin(
        operation=f"deal:{deal.pk}:{name}:{number}",
        kind=kind,
        user_id=user_id,
        amount=amount,
        subject=books.subject_of(deal),
        details={SHARE: True, **(details or {})},
    )


def _lately_refused(deal: SecureDeal, kind: str) -> bool:
    """The last try failed, or the bank sent it back, and another so soon would fail again."""
    tries = attempts_of(deal, kind).order_by("-id")
    last = tries.first()
    if kind == Kind.DEAL_REFUND and _lately_sent_back(deal):
        return True
    if last is None or last.status not in REFUSED:
        return False
    wait = AGAIN_AFTER * min(tries.filter(status__in=REFUSED).count(), LONGEST_WAIT)
    return last.called_at is not None and now() - last.called_at < wait


def _lately_sent_back(deal: SecureDeal) -> bool:
    """Only parts of the decision: a second payment that comes back has a way of its own."""
    of_decision = attempts_of(deal, Kind.DEAL_REFUND).values("operation")
    failed = Entry.objects.filter(failures_of_refunds(deal), operation__in=of_decision)
    times = list(failed.order_by("at").values_list("at", flat=True))
    return bool(times) and now() - times[-1] < AGAIN_AFTER_THE_BANK * len(times)


def _is_open(deal: SecureDeal) -> bool:
    """Nothing is decided yet about money that is here, or that the bank has for now."""
    return deal.status == Status.HELD or (deal.status == Status.CHARGED_BACK and not deal.outcome)
