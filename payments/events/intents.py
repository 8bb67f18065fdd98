"""Hints about payments and pages: find the intent behind the object and look again."""

from payments.events.handlers import on
from payments.intents.selectors import intent_behind
from payments.intents.services import look_again
from payments.stripe_gateway import checkout, payments


@on("payment_intent.")
def payment_changed(object_id: str, account_id: str) -> None:
    intent = intent_behind(object_id=object_id)
    if intent is None:
        intent = intent_behind(object_id="", operation=payments.payment(object_id).operation)
    if intent is not None:
        look_again(intent_id=intent.pk)


@on("checkout.session.")
def page_changed(object_id: str, account_id: str) -> None:
    intent = intent_behind(object_id=object_id)
    if intent is None:
        intent = intent_behind(object_id="", operation=checkout.page(object_id).operation)
    if intent is not None:
        look_again(intent_id=intent.pk)
