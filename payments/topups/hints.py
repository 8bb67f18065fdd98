"""Hints about cards, refunds and disputes."""

from django.db import transaction

from payments.events.handlers import on
from payments.intents.handlers import register
from payments.intents.selectors import intent_behind
from payments.intents.services import look_again
from payments.ledger.services import reverse_entry
from payments.models import Intent
from payments.stripe_gateway import refunds
from payments.topups import handlers, news
from payments.topups.adding import keep_by_hint
from payments.topups.cards import refresh_card
from payments.topups.chargebacks import follow_dispute

register(Intent.Kind.TOP_UP_PAGE, handlers.ByPage())
register(Intent.Kind.TOP_UP_CARD, handlers.ByCard())
register(Intent.Kind.TOP_UP_AUTOMATIC, handlers.Automatic())
register(Intent.Kind.TOP_UP_REFUND, handlers.BackToCard())


@on("payment_method.")
def card_changed(object_id: str, account_id: str) -> None:
    refresh_card(processor_id=object_id)


@on("setup_intent.")
def card_set_up(object_id: str, account_id: str) -> None:
    """For a person who did not come back from the page where they typed a card in."""
    keep_by_hint(setup_id=object_id)


@on("charge.dispute.")
def dispute_changed(object_id: str, account_id: str) -> None:
    follow_dispute(object_id)


@on("refund.", "charge.refund.")
def refund_changed(object_id: str, account_id: str) -> None:
    """A refund may fail days after it succeeded: the money is with us again, and so it is in the wallet."""
    intent = intent_behind(object_id=object_id)
    if intent is None or intent.kind != Intent.Kind.TOP_UP_REFUND:
        return
    if look_again(intent_id=intent.pk).status != Intent.Status.SETTLED:
        return
    if refunds.refund(object_id).status in ("failed", "canceled"):
        _take_back(intent.pk)


@transaction.atomic
def _take_back(intent_id: int) -> None:
    intent = Intent.objects.select_for_update(of=("self",)).get(pk=intent_id)
    if intent.entry is not None and not hasattr(intent.entry, "reversed_by"):
        reverse_entry(entry=intent.entry, why="")
        news.did_not_go_back(intent)
