"""Two people for one large refund: who asks is never who agrees. Carried out by whoever registered for the kind."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.kit import audit
from marketplace.kit.clock import now
from marketplace.kit.errors import InvalidInput, NotFound
from marketplace.kit.money import Money
from marketplace.kit.policy import require
from payments.approvals.policies import may_decide
from payments.models import StaffApproval

if TYPE_CHECKING:
    from marketplace.accounts.models import User

Outcome = StaffApproval.Outcome
Handler = Callable[[StaffApproval], None]
_handlers: dict[str, Handler] = {}


def on_decision(kind: str) -> Callable[[Handler], Handler]:
    """Register what a decision does, in the transaction of the decision; the approval carries its outcome."""

    def register(handler: Handler) -> Handler:
        _handlers[kind] = handler
        return handler

    return register


def needs_second(amount: Money) -> bool:
    """Is the refund so large that one person's word is not enough?"""
    return amount.minor > int(settings.RULES["staff_refund_limit_minor"])


@transaction.atomic
def request_approval(
    *,
    operation: str,
    kind: str,
    subject: str,
    amount: Money,
    reason: str,
    by: "User",
    details: dict[str, Any] | None = None,
) -> StaffApproval:
    """Ask a second staff member. The same operation again is the same request. KeyError for an unknown kind."""
    _handlers[kind]
    approval, created = StaffApproval.objects.get_or_create(
        operation=operation,
        defaults={
            "kind": kind,
            "subject": subject,
            "amount_minor": amount.minor,
            "currency": amount.currency,
            "reason": reason,
            "details": details or {},
            "requested_by": by,
            "requested_at": now(),
        },
    )
    if created:
        audit.record(
            actor=by,
            action="approval.requested",
            subject=subject,
            details={"approval": approval.pk, "amount_minor": amount.minor, "reason": reason},
        )
    return approval


@transaction.atomic
def decide(*, approval_id: int, by: "User", approve: bool, note: str = "") -> StaffApproval:
    """Agree or refuse, once. Raises PolicyDenied for who asked, NotFound."""
    approval = StaffApproval.objects.select_for_update(of=("self",)).filter(pk=approval_id).first()
    if approval is None:
        raise NotFound
    require(may_decide(approval, by))
    note = note.strip()
    if not approve and not note:
        raise InvalidInput(field="note", reason=_("Write why you refuse: your colleague will read it."))
    approval.outcome = Outcome.APPROVED if approve else Outcome.REFUSED
    approval.decided_by, approval.decided_at, approval.note = by, now(), note[:1000]
    approval.save(update_fields=["outcome", "decided_by", "decided_at", "note"])
    _handlers[approval.kind](approval)
    audit.record(
        actor=by,
        action=f"approval.{approval.outcome}",
        subject=approval.subject,
        details={"approval": approval.pk, "amount_minor": approval.amount_minor, "note": note},
    )
    return approval
