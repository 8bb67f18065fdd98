"""What a person does to put money in, in a word each."""

from uuid import uuid4

from marketplace.accounts.models import User
from marketplace.kit.money import Money
from payments import selectors, services
from payments.models import SavedCard
from payments.selectors import TopUpView
from tests.simulator import Simulator


def begin_page(person: User, amount: Money, *, operation: str = "", keep_card: bool = False) -> TopUpView:
    """Choose the sum and press the button: the processor's page is open."""
    intent = services.top_up(
        user_id=person.pk,
        amount=amount,
        operation=operation or uuid4().hex,
        keep_card=keep_card,
        back="/tasks/1/respond/",
    )
    return selectors.top_up_view(services.carry_out(intent_id=intent.pk))


def by_page(
    simulator: Simulator, person: User, amount: Money, number: str = "4242424242424242", *, keep_card: bool = False
) -> TopUpView:
    """Pay on the page and come back to ours."""
    view = begin_page(person, amount, keep_card=keep_card)
    simulator.pay(view.action_url, number)
    return selectors.top_up_view(services.see_how_it_stands(user_id=person.pk, intent_id=view.id))


def keep_card(simulator: Simulator, person: User, number: str = "4242424242424242", minor: int = 10_000) -> SavedCard:
    """A card kept with consent at a top-up."""
    assert by_page(simulator, person, Money(minor), number, keep_card=True).stage == "paid"
    return SavedCard.objects.filter(user=person, removed_at=None).latest("pk")


def by_card(person: User, amount: Money, card: SavedCard, *, operation: str = "") -> TopUpView:
    intent = services.top_up(user_id=person.pk, amount=amount, operation=operation or uuid4().hex, card_id=card.pk)
    return selectors.top_up_view(services.carry_out(intent_id=intent.pk))
