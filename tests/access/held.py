"""Held money for the matrix: a dispute about an offered part, and a large refund that waits for a second person."""

from typing import Any

from marketplace.accounts.models import User
from marketplace.kit.money import Money
from payments.models import Entry, StaffApproval
from payments.selectors import secure_deal_of
from tasks_app import services
from tests.journeys import steps
from tests.secure_deals.leaves import held_without_processor


def held_money(owner: User, participant: User) -> dict[str, Any]:
    """Work of the participant that is called done, its money held, a part of it offered by the owner."""
    response = steps.respond(steps.post_task(by=owner), by=participant)
    deal = steps.finish(held_without_processor(response))
    services.offer_part(assignment_id=deal.pk, by=owner, amount=Money(100_000), reason="Бра не повешены")
    held = secure_deal_of(deal.pk)
    assert held is not None
    approval = StaffApproval.objects.create(
        operation="access-matrix",
        kind="deal_split",
        subject=f"deal:{held.pk}",
        amount_minor=9_000_000,
        currency="RUB",
        reason="Работа не сделана",
        details={"deal_id": held.pk},
        requested_by=steps.moderator("Просящая Сотрудница"),
    )
    paid = Entry.objects.get(kind="deal_payment", intent__subject=f"deal:{held.pk}")
    return {"card_entry": paid.pk, "held_deal": held.pk, "held_assignment": deal.pk, "approval_id": approval.pk}
