"""Hints of the processor that concern secure deals and the accounts of executors."""

from payments.events.handlers import on
from payments.intents.selectors import intent_behind
from payments.intents.services import look_again
from payments.payouts import services as payouts
from payments.secure_deals.handlers import register_all
from payments.secure_deals.services.chargebacks import note_dispute
from payments.secure_deals.services.sent_back import look_at_refund

register_all()


@on("charge.dispute.")
def dispute_changed(object_id: str, account_id: str) -> None:
    note_dispute(dispute_id=object_id)


@on("refund.", "charge.refund.", "transfer.")
def movement_changed(object_id: str, account_id: str) -> None:
    intent = intent_behind(object_id=object_id)
    if intent is not None and intent.subject.startswith("deal:"):
        look_again(intent_id=intent.pk)
        look_at_refund(intent_id=intent.pk)


@on("account.", "capability.", "person.")
def account_changed(object_id: str, account_id: str) -> None:
    payouts.refresh_by_account(account_id=account_id or object_id)


@on("payout.")
def payout_changed(object_id: str, account_id: str) -> None:
    payouts.refresh_payouts(account_id=account_id)
