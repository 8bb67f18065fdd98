"""Giving fees back: automatic, once, each by a named rule; a hold only delays."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from marketplace.kit import audit
from marketplace.kit.clock import now
from marketplace.kit.sweeping import each_alone
from marketplace.notifications.services import notify
from payments import hooks
from payments.ledger.services import book, lock_wallet, platform_account
from payments.models import Account, Charge, Entry, Hold, Refund
from payments.refunds.engine import rule_holds

if TYPE_CHECKING:
    from marketplace.accounts.models import User


@transaction.atomic
def refund_response_fee(*, response_id: int, rule: Refund.Rule | str) -> Refund | None:
    """Give the fee back by a rule, now or when the standing hold ends; None when the rule does not hold.

    Repeating it changes nothing: a charge has one refund.
    """
    return _refund(response_id, Refund.Rule(rule), not_before=now())


def lock_refunds(*, response_ids: Iterable[int]) -> None:
    """Before several refunds in one transaction: their charges, then their wallets, locked in one order for everybody."""
    charges = Charge.objects.select_for_update(of=("self",)).filter(
        response_id__in=list(response_ids), amount_minor__gt=0
    )
    for user_id, currency in sorted({(charge.user_id, charge.currency) for charge in charges.order_by("response_id")}):
        lock_wallet(user_id, currency)


@transaction.atomic
def schedule_refund(*, response_id: int, rule: Refund.Rule | str, not_before: datetime) -> Refund | None:
    """Give the fee back at a later moment, unless a hold stands then."""
    return _refund(response_id, Refund.Rule(rule), not_before=not_before)


@transaction.atomic
def hold_refund(*, response_id: int, reference: str, until: datetime) -> Hold | None:
    """Delay a scheduled refund until a decision, at most until `until`. None when no refund is due: a hold never
    makes one."""
    charge = _lock_charge(response_id)
    if charge is None or charge.status != Charge.Status.REFUND_PENDING:
        return None
    return Hold.objects.get_or_create(
        charge=charge, reference=reference, defaults={"until": until, "placed_at": now()}
    )[0]


@transaction.atomic
def release_hold(*, response_id: int, reference: str, rule: Refund.Rule | str) -> Refund | None:
    """End the hold for the executor: the refund that waited is paid by the rule that decided it. A person's decision pays at
    once; the end of the time to decide (`hold_expired`) leaves the refund its own moment, when that is still to come."""
    charge = _lock_charge(response_id)
    if charge is None:
        return None
    by_time = rule == Refund.Rule.HOLD_EXPIRED
    _end_holds(charge, Hold.Outcome.EXPIRED if by_time else Hold.Outcome.RELEASED, reference=reference)
    return _settle(charge, Refund.Rule(rule), at_once=not by_time)


@transaction.atomic
def keep_fee(*, response_id: int, reference: str, by: "User") -> Charge | None:
    """Against the executor: the pending refund is dropped, every hold ends and the fee stays. A decision of `by`,
    named in the audit log. None when the money is back already."""
    charge = _lock_charge(response_id)
    if charge is None or charge.status == Charge.Status.REFUNDED:
        return None
    _end_holds(charge, Hold.Outcome.KEPT)
    Refund.objects.filter(charge=charge, paid_at=None).delete()
    charge.status = Charge.Status.KEPT
    charge.save(update_fields=["status"])
    audit.record(actor=by, action="fee.kept", subject=f"response:{response_id}", details={"reference": reference})
    return charge


def pay_due_refunds(*, limit: int = 500) -> int:
    """Pending refunds whose moment has come and that nothing holds."""
    due = Refund.objects.filter(paid_at=None, not_before__lte=now()).exclude(charge__holds__outcome="standing")
    return each_alone(list(due.order_by("not_before").values_list("pk", flat=True)[:limit]), _pay)


def refund_unopened(*, limit: int = 500) -> int:
    """The 48-hour rule for every response that nobody opened in time."""
    due = Charge.objects.filter(status=Charge.Status.CHARGED, opened_at=None, amount_minor__gt=0)
    ids = due.filter(unopened_until__lte=now()).order_by("unopened_until").values_list("response_id", flat=True)
    return each_alone(list(ids[:limit]), _refund_unopened)


def _refund_unopened(response_id: int) -> Refund | None:
    return refund_response_fee(response_id=response_id, rule=Refund.Rule.UNOPENED_48H)


def _lock_charge(response_id: int) -> Charge | None:
    return Charge.objects.select_for_update(of=("self",)).filter(response_id=response_id).first()


def _refund(response_id: int, rule: Refund.Rule, *, not_before: datetime) -> Refund | None:
    charge = _lock_charge(response_id)
    if charge is None or not rule_holds(rule=rule, charge=charge, at=now()):
        return None
    refund, created = Refund.objects.get_or_create(
        charge=charge, defaults={"rule": rule, "not_before": not_before, "created_at": now()}
    )
    if not created and refund.paid_at is None and not_before < refund.not_before:
        refund.rule, refund.not_before = rule, not_before
        refund.save(update_fields=["rule", "not_before"])
    if refund.paid_at is None:
        charge.status = Charge.Status.REFUND_PENDING
        charge.save(update_fields=["status"])
        refund = _pay(refund.pk) or refund
    return refund


def _pay(refund_id: int) -> Refund | None:
    """Book the refund unless it is paid, not due, held or awaited by somebody who has to look first. The charge is locked before the wallet."""
    refund = Refund.objects.select_related("charge").get(pk=refund_id)
    charge = Charge.objects.select_for_update(of=("self",)).get(pk=refund.charge_id)
    refund.refresh_from_db()
    held = charge.holds.filter(outcome=Hold.Outcome.STANDING).exists()
    if refund.paid_at is not None or refund.not_before > now() or held or _awaited(refund):
        return None
    wallet = lock_wallet(charge.user_id, charge.currency)
    legs = [(platform_account(Account.Kind.REVENUE, charge.currency), -charge.amount), (wallet, charge.amount)]
    fee = Entry.objects.get(charge=charge)
    refund.entry = book(
        operation=f"refund:{charge.response_id}",
        kind=Entry.Kind.FEE_REFUND,
        legs=legs,
        memo={**fee.memo, "rule": refund.rule},
    )
    refund.paid_at = now()
    refund.save(update_fields=["entry", "paid_at"])
    charge.status = Charge.Status.REFUNDED
    charge.save(update_fields=["status"])
    _tell(charge, refund, fee.memo)
    return refund


def _awaited(refund: Refund) -> bool:
    """Only the fee of a cancelled deal waits for the evidence, however late the jobs are."""
    if refund.rule != Refund.Rule.CANCELLED_AFTER_ASSIGNMENT:
        return False
    reasons: set[str] = set()
    hooks.refund_due.call(response_id=refund.charge.response_id, reasons=reasons)
    return bool(reasons)


def _tell(charge: Charge, refund: Refund, memo: dict[str, str]) -> None:
    notify(
        user_id=charge.user_id,
        kind="fee_refunded",
        params={
            "amount": {"minor": charge.amount_minor, "currency": charge.currency},
            "title": memo.get("title", ""),
        },
        path="/wallet/",
        key=f"refund:{refund.pk}",
    )


def _settle(charge: Charge, rule: Refund.Rule, *, at_once: bool) -> Refund | None:
    """Pay the refund that waited for a hold; there is none when none was due."""
    waiting = Refund.objects.filter(charge=charge, paid_at=None).first()
    if waiting is None:
        return None
    waiting.rule = rule
    waiting.not_before = now() if at_once else max(waiting.not_before, now())
    waiting.save(update_fields=["rule", "not_before"])
    return _pay(waiting.pk)


def _end_holds(charge: Charge, outcome: Hold.Outcome, *, reference: str | None = None) -> bool:
    """End the standing hold of a reference, or all of them; False when none stood."""
    standing = Hold.objects.filter(charge=charge, outcome=Hold.Outcome.STANDING)
    if reference is not None:
        standing = standing.filter(reference=reference)
    return standing.update(outcome=outcome, ended_at=now()) > 0
