"""Putting money in: by the processor's page or by a saved card."""

from django.db import transaction

from marketplace.kit.errors import NotFound
from marketplace.kit.money import Money
from marketplace.kit.policy import require
from payments.errors import OperationReused, ProcessorAway
from payments.intents import services as intents
from payments.intents.closing import close
from payments.models import Intent
from payments.stripe_gateway.errors import Unavailable
from payments.topups.cards import own_card
from payments.topups.policies import TOP_UPS, may_top_up


@transaction.atomic
def top_up(
    *,
    user_id: int,
    amount: Money,
    operation: str,
    card_id: int | None = None,
    keep_card: bool = False,
    language: str = "ru",
    back: str = "",
) -> Intent:
    """Begin a top-up; the same operation again is the same top-up, however often the button is pressed.

    `card_id`: a kept card; without one the processor's page is opened, and `keep_card` says that the person agreed to have
    the card kept. `back`: where on our site the person goes on afterwards. Raises PolicyDenied, NotFound, OperationReused.
    """
    require(may_top_up(amount=amount))
    details: dict[str, object] = {"language": language, "back": back}
    kind = Intent.Kind.TOP_UP_PAGE
    if card_id is not None:
        card = own_card(user_id=user_id, card_id=card_id)
        kind = Intent.Kind.TOP_UP_CARD
        details |= {"card_id": card.processor_id, "card": {"brand": card.brand, "last4": card.last4}}
    elif keep_card:
        details["keep_card"] = True
    try:
        return intents.begin(
            operation=f"top_up:{user_id}:{operation}", kind=kind, user_id=user_id, amount=amount, details=details
        )
    except ValueError as error:
        raise OperationReused from error


def own_top_up(*, user_id: int, intent_id: int) -> Intent:
    """Raises NotFound for another person's, and for what is no top-up."""
    found = Intent.objects.filter(pk=intent_id, user_id=user_id, kind__in=TOP_UPS).first()
    if found is None:
        raise NotFound
    return found


def carry_out(*, intent_id: int, patience: float = 0.0) -> Intent:
    """Do now, while the person waits, what a job would do in a moment; when one does it already, wait for its answer at most
    `patience` seconds. Never inside a transaction."""
    return intents.perform(intent_id=intent_id, patience=patience)


def see_how_it_stands(*, user_id: int, intent_id: int) -> Intent:
    """For a person who comes back from the processor's page: ask rather than believe the address they came with.

    When the processor cannot be asked the row is given as it stands; it is asked again later.
    """
    intent = own_top_up(user_id=user_id, intent_id=intent_id)
    try:
        return intents.look_again(intent_id=intent.pk)
    except Unavailable:
        return intent


def give_up(*, user_id: int, intent_id: int) -> Intent:
    """The person does not want to pay any more. Too late when the processor has the money: then it is booked as paid.

    Raises ProcessorAway: then nothing is known, and the page can still be paid on.
    """
    intent = own_top_up(user_id=user_id, intent_id=intent_id)
    if intent.status != Intent.Status.WAITING:
        return intent
    try:
        close(intent, page=intent.kind == Intent.Kind.TOP_UP_PAGE)
    except Unavailable as error:
        raise ProcessorAway from error
    return see_how_it_stands(user_id=user_id, intent_id=intent_id)
