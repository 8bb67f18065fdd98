"""Deals that nobody finishes: unpaid ones expire, old ones are warned about and end before the processor's limit."""

from django.db import transaction
from django.db.models import F, QuerySet

from marketplace.kit.clock import now
from marketplace.kit.sweeping import each_alone
from payments.models import SecureDeal
from payments.secure_deals import news
from payments.secure_deals.history import lock_deal, lock_deal_of, note, step_deal
from payments.secure_deals.movements import moved
from payments.secure_deals.services import settling, splits

Status, Outcome = SecureDeal.Status, SecureDeal.Outcome
BATCH = 200


def expire_unpaid() -> int:
    """Payments that did not come in time. One that comes later all the same goes straight back."""
    due = SecureDeal.objects.filter(status=Status.AWAITING_PAYMENT, pay_by__lte=now())
    return each_alone(list(due.order_by("pay_by").values_list("pk", flat=True)[:BATCH]), _expire)


def drive_settling() -> int:
    """Whatever is decided and has not moved: an account got ready, the time to appeal is over, a movement was refused.

    Who was looked at longest ago comes first: deals that wait for weeks keep nobody waiting.
    """
    due = SecureDeal.objects.filter(status=Status.SETTLING).order_by(F("driven_at").asc(nulls_first=True), "decided_at")
    return each_alone(list(due.values_list("pk", flat=True)[:BATCH]), _drive)


def warn_of_end() -> int:
    """Ten days before the end both sides are told what will happen then."""
    open_ = SecureDeal.objects.filter(status__in=(Status.HELD, Status.SETTLING), warn_at__lte=now())
    return each_alone(list(open_.values_list("pk", flat=True)[:BATCH]), _warn)


def deals_at_their_end() -> "QuerySet[SecureDeal]":
    """Held money whose time is over: tasks_app ends these, because the assignment ends with them."""
    return SecureDeal.objects.filter(status=Status.HELD, end_by__lte=now(), assignment__isnull=False)


@transaction.atomic
def end_by_age(*, assignment_id: int, work_is_done: bool) -> SecureDeal | None:
    """Under the task's lock: held too long. Work that was called done is paid, everything else goes back."""
    deal = lock_deal_of(assignment_id)
    if deal is None or deal.status != Status.HELD or deal.end_by is None or deal.end_by > now():
        return None
    outcome = Outcome.TOO_OLD_PAID if work_is_done else Outcome.TOO_OLD_RETURNED
    return settling.decide(deal, price_part=deal.price_minor if work_is_done else 0, outcome=outcome, by=None)


def end_decided() -> int:
    """Decided money whose time is over: what stands is carried out, and what cannot reach its executor goes back."""
    due = SecureDeal.objects.filter(status=Status.SETTLING, end_by__lte=now())
    return each_alone(list(due.order_by("end_by").values_list("pk", flat=True)[:BATCH]), _end_decided)


def _drive(deal_id: int) -> bool:
    return settling.drive_by_id(deal_id).status == Status.SETTLED


@transaction.atomic
def _expire(deal_id: int) -> bool:
    deal = lock_deal(deal_id)
    if deal.status != Status.AWAITING_PAYMENT or deal.pay_by > now():
        return False
    step_deal(deal, Status.EXPIRED, reason="not_paid")
    return True


@transaction.atomic
def _warn(deal_id: int) -> bool:
    deal = lock_deal(deal_id)
    if deal.warn_at is None or deal.status not in (Status.HELD, Status.SETTLING):
        return False
    deal.warn_at = None
    deal.save(update_fields=["warn_at"])
    news.tell_end_comes(deal)
    return True


@transaction.atomic
def _end_decided(deal_id: int) -> bool:
    """True when the executor could not be paid. An appeal that nobody decided falls; a large refund that two staff members have
    not agreed to is none, and the work is paid: staff can still undo that, and a return to a card they cannot."""
    deal = lock_deal(deal_id)
    if deal.status != Status.SETTLING:
        return False
    last = splits.last_split(deal)
    if last is not None and deal.outcome == Outcome.MODERATOR and settling.lacks_second(last):
        settling.decide(deal, price_part=deal.price_minor, outcome=Outcome.TOO_OLD_PAID, by=None)
    _tell_what_was_not_decided(deal)
    settling.drive(deal)
    facts = moved(deal)
    if deal.status != Status.SETTLING or facts.in_motion or facts.sent >= deal.to_executor_minor:
        return False
    settling.decide(deal, price_part=0, outcome=Outcome.TOO_OLD_RETURNED, by=None)
    return True


def _tell_what_was_not_decided(deal: SecureDeal) -> None:
    """Both sides hear once that nobody looked again in time."""
    last = splits.last_split(deal)
    if last is None or last.appealed_at is None or deal.events.filter(reason="appeal_out_of_time").exists():
        return
    note(deal, left=deal.status, reason="appeal_out_of_time")
    news.tell_appeal_out_of_time(deal, last)
