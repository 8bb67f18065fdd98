"""What people are told about the money of a deal, and whom. Rows in the transaction that moves it."""

from typing import Any

from marketplace.kit import live
from marketplace.kit.money import Money
from marketplace.notifications.services import notify
from payments.models import Chargeback, Intent, PartOffer, SecureDeal, Split
from payments.payouts.selectors import account_is_ready

Status, Outcome = SecureDeal.Status, SecureDeal.Outcome


def tell_held(deal: SecureDeal) -> None:
    _tell(deal, deal.customer_id, "deal_money_held", amount=deal.paid)
    _tell(deal, deal.executor_id, "deal_money_held_for_you", amount=deal.executor_gets)
    if not account_is_ready(deal.executor_id):
        _tell(deal, deal.executor_id, "payout_account_needed", path="/account/payouts/", amount=deal.executor_gets)


def tell_decided(deal: SecureDeal) -> None:
    """Who waits for an account hears so; the rest is told when it has moved."""
    if deal.to_executor_minor and not account_is_ready(deal.executor_id):
        _tell(
            deal,
            deal.executor_id,
            "deal_waits_for_account",
            path="/account/payouts/",
            amount=deal.to_executor,
            turn=deal.outcome,
        )


def tell_paid_out(deal: SecureDeal, intent: Intent) -> None:
    _tell(deal, deal.executor_id, "deal_paid_out", amount=intent.amount, turn=str(intent.pk))


def tell_returned(deal: SecureDeal, intent: Intent) -> None:
    kind = "deal_money_returned"
    if deal.outcome == Outcome.NOT_CHOSEN:
        kind = "deal_money_returned_unchosen"
    _tell(deal, deal.customer_id, kind, amount=intent.amount, turn=str(intent.pk))


def tell_paid_twice(deal: SecureDeal, refund: Intent) -> None:
    _tell(deal, deal.customer_id, "deal_paid_twice", amount=refund.amount, turn=str(refund.pk))


def tell_taken_back(deal: SecureDeal, intent: Intent) -> None:
    _tell(deal, deal.executor_id, "deal_money_taken_back", amount=intent.amount, turn=str(intent.pk))


def tell_stuck(deal: SecureDeal, intent: Intent) -> None:
    """A movement was refused: it is tried again, operators see it, and who waits for it hears so once."""
    waiting = {Intent.Kind.DEAL_TRANSFER: deal.executor_id, Intent.Kind.DEAL_REFUND: deal.customer_id}
    user_id = waiting.get(Intent.Kind(intent.kind))
    if user_id is not None and deal.status == Status.SETTLING:
        _tell(deal, user_id, "deal_money_late", amount=intent.amount, turn=intent.kind)


def tell_sent_back(deal: SecureDeal, intent: Intent) -> None:
    _tell(deal, deal.customer_id, "deal_money_sent_back", amount=intent.amount, turn=str(intent.pk))


def tell_part_offered(deal: SecureDeal, offer: PartOffer) -> None:
    _tell(
        deal, deal.executor_id, "deal_part_offered", amount=offer.amount, turn=str(offer.pk), reason=offer.reason[:300]
    )


def tell_part_refused(deal: SecureDeal, offer: PartOffer) -> None:
    _tell(deal, deal.customer_id, "deal_part_refused", amount=offer.amount, turn=str(offer.pk))


def tell_split(deal: SecureDeal, split: Split) -> None:
    for user_id in sorted({deal.customer_id, deal.executor_id}):
        _tell(
            deal,
            user_id,
            "deal_split" if deal.pay_after else "deal_split_final",
            turn=str(split.pk),
            executor_gets=_money(deal.to_executor),
            customer_gets=_money(deal.to_customer),
            reason=split.reason[:300].rstrip(" ."),  # the sentences bring their own full stop
        )


def tell_split_appealed(deal: SecureDeal, split: Split) -> None:
    for user_id in sorted({deal.customer_id, deal.executor_id}):
        _tell(deal, user_id, "deal_split_appealed", turn=str(split.pk))


def tell_appeal_out_of_time(deal: SecureDeal, split: Split) -> None:
    for user_id in sorted({deal.customer_id, deal.executor_id}):
        _tell(
            deal,
            user_id,
            "deal_appeal_out_of_time",
            turn=str(split.pk),
            executor_gets=_money(deal.to_executor),
            customer_gets=_money(deal.to_customer),
        )


def tell_staff_return(deal: SecureDeal, amount: Money, reason: str) -> None:
    for user_id in sorted({deal.customer_id, deal.executor_id}):
        _tell(deal, user_id, "deal_staff_return", amount=amount, turn=str(deal.to_customer_minor), reason=reason[:300])


def tell_return_given_up(deal: SecureDeal, amount: Money) -> None:
    turn = str(deal.events.count())
    for user_id in sorted({deal.customer_id, deal.executor_id}):
        _tell(deal, user_id, "deal_return_given_up", amount=amount, turn=turn)


def tell_charged_back(deal: SecureDeal, chargeback: Chargeback) -> None:
    amount = Money(chargeback.amount_minor, deal.currency)
    _tell(deal, deal.customer_id, "deal_charged_back", amount=amount, turn=str(chargeback.pk))
    _tell(deal, deal.executor_id, "deal_charged_back_executor", amount=amount, turn=str(chargeback.pk))


def tell_chargeback_closed(deal: SecureDeal, chargeback: Chargeback) -> None:
    kind = "deal_chargeback_won" if chargeback.status == Chargeback.Status.WON else "deal_chargeback_lost"
    for user_id in sorted({deal.customer_id, deal.executor_id}):
        _tell(deal, user_id, kind, turn=str(chargeback.pk))


def tell_end_comes(deal: SecureDeal) -> None:
    for user_id in sorted({deal.customer_id, deal.executor_id}):
        until = deal.end_by.isoformat() if deal.end_by else ""
        _tell(deal, user_id, "deal_end_comes", until={"at": until, "zone": deal.task.city.time_zone})


def publish_payment(deal: SecureDeal) -> None:
    """The page that waits for a payment looks again."""
    live.publish(topic=f"user:{deal.customer_id}", kind="deal_payment", payload={"deal": deal.pk})


def _tell(
    deal: SecureDeal,
    user_id: int,
    kind: str,
    *,
    amount: Money | None = None,
    path: str = "",
    turn: str = "",
    **params: Any,
) -> None:
    told: dict[str, Any] = {"title": deal.title, **params}
    if amount is not None:
        told["amount"] = _money(amount)
    notify(
        user_id=user_id,
        kind=kind,
        params=told,
        path=path or _page(deal),
        key=f"secure-deal:{deal.pk}:{kind}:{turn}",
    )


def _page(deal: SecureDeal) -> str:
    return f"/deals/{deal.assignment_id}/" if deal.assignment_id else f"/tasks/{deal.task_id}/"


def _money(amount: Money) -> dict[str, object]:
    return {"minor": amount.minor, "currency": amount.currency}
