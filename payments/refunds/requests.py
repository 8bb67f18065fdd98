"""Fees that go back because a person asks: an executor, for silence; an operator, for a mistake."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.policies import may_operate
from marketplace.kit import audit
from marketplace.kit.clock import now
from marketplace.kit.errors import InvalidInput, NotFound
from marketplace.kit.policy import Decision, require
from payments.errors import NothingToReturn
from payments.ledger.services import lock_wallet
from payments.models import Charge, Refund
from payments.refunds.engine import NOTHING_PAID, Silence, SilentAllowance, may_ask_back
from payments.refunds.services import refund_response_fee

if TYPE_CHECKING:
    from marketplace.accounts.models import User


def silent_allowance(user_id: int) -> SilentAllowance:
    """The share that is left of the executor's paid responses of the last 90 days."""
    since = now() - timedelta(days=settings.RULES["opened_silent_window_days"])
    paid = Charge.objects.filter(user_id=user_id, covered_by=Charge.CoveredBy.WALLET, charged_at__gt=since).count()
    used = Refund.objects.filter(charge__user_id=user_id, rule=Refund.Rule.OPENED_SILENT, created_at__gt=since).count()
    return SilentAllowance(paid=paid, used=used, share_percent=settings.RULES["opened_silent_share_percent"])


def may_have_silent_fee_back(*, response_id: int, silence: Silence) -> Decision:
    """What asking would be answered now, with the sentence of a refusal."""
    charge = Charge.objects.filter(response_id=response_id).first()
    if charge is None:
        return NOTHING_PAID
    return may_ask_back(charge=charge, silence=silence, allowance=silent_allowance(charge.user_id), at=now())


@transaction.atomic
def refund_silent_fee(*, response_id: int, silence: Silence) -> Refund:
    """Give back the fee of an opened, unanswered response, within the executor's allowance. Call under the task's lock.

    Asking again gives the same refund. Raises PolicyDenied; then nothing changes.
    """
    charge = Charge.objects.select_for_update(of=("self",)).filter(response_id=response_id).first()
    if charge is None:
        raise NothingToReturn
    earlier = Refund.objects.filter(charge=charge, rule=Refund.Rule.OPENED_SILENT).first()
    if earlier is not None:
        return earlier
    # Two requests of one person count the allowance one after the other.
    lock_wallet(charge.user_id, charge.currency)
    allowance = silent_allowance(charge.user_id)
    require(may_ask_back(charge=charge, silence=silence, allowance=allowance, at=now()))
    return _given(response_id, Refund.Rule.OPENED_SILENT)


@transaction.atomic
def return_fee_charged_in_error(*, response_id: int, by: "User", why: str) -> Refund:
    """An operator gives a fee back that should not have been taken; the reason stays in the audit log.

    Raises PolicyDenied, InvalidInput without a reason, NotFound, NothingToReturn when it cost nothing or is back already.
    """
    require(may_operate(by))
    why = why.strip()
    if not 5 <= len(why) <= 1000:
        raise InvalidInput(field="why", reason=_("Write why, in 5 to 1,000 characters."))
    if not Charge.objects.filter(response_id=response_id).exists():
        raise NotFound
    refund = _given(response_id, Refund.Rule.CHARGED_IN_ERROR)
    audit.record(actor=by, action="fee.returned", subject=f"response:{response_id}", details={"why": why})
    return refund


def _given(response_id: int, rule: Refund.Rule) -> Refund:
    refund = refund_response_fee(response_id=response_id, rule=rule)
    if refund is None:
        raise NothingToReturn
    return refund
