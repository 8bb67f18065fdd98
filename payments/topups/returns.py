"""Unused money of a top-up, back to the card it came from."""

from django.db import transaction

from marketplace.kit.money import Money
from marketplace.kit.policy import require
from payments.errors import SecondPersonNeeded
from payments.fees.selectors import wallet_balance
from payments.intents.services import begin
from payments.ledger.services import lock_wallet
from payments.models import Intent
from payments.topups.booking import reserve_refund, returned_so_far
from payments.topups.policies import may_go_back, may_use_cards, needs_second_person
from payments.topups.services import own_top_up


def returnable(top_up: Intent) -> Money:
    """What of a top-up is neither spent nor given back. Credit from us is spent first, a card's money last."""
    left = top_up.amount - returned_so_far(top_up)
    return max(min(left, wallet_balance(top_up.user_id, top_up.currency)), Money.zero(top_up.currency))


@transaction.atomic
def return_top_up(
    *, user_id: int, top_up_id: int, amount: Money, operation: str, agreed_by_two: bool = False
) -> Intent:
    """Send unused money back to its card. It leaves the wallet now, so that it cannot be spent meanwhile; when the processor
    refuses it comes back.

    Raises NotFound, PolicyDenied, SecondPersonNeeded (above the limit: two members of staff agree first), InsufficientFunds.
    """
    top_up = own_top_up(user_id=user_id, intent_id=top_up_id)
    require(may_use_cards())
    lock_wallet(user_id, amount.currency)
    name = f"return:{user_id}:{operation}"
    again = Intent.objects.filter(operation=name).first()
    if again is not None:
        return again
    require(may_go_back(top_up=top_up, amount=amount, left=returnable(top_up)))
    if needs_second_person(user_id=user_id, amount=amount) and not agreed_by_two:
        raise SecondPersonNeeded
    intent = begin(
        operation=name,
        kind=Intent.Kind.TOP_UP_REFUND,
        user_id=user_id,
        amount=amount,
        subject=f"top_up:{top_up.pk}",
        details={
            "payment_id": top_up.payment_id,
            "top_up_id": top_up.pk,
            "card": top_up.details.get("card") or {},
        },
    )
    reserve_refund(intent)
    return intent
