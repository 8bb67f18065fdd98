"""Automatic top-up: when the balance falls below a line, a sum is taken from the default card, at most so much a month."""

from datetime import datetime

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from marketplace.kit.clock import now
from marketplace.kit.errors import InvalidInput
from marketplace.kit.money import Money
from marketplace.kit.policy import require
from payments.errors import NoSavedCard
from payments.intents.services import begin
from payments.intents.states import UNSETTLED
from payments.models import AutoTopUp, Entry, Intent, SavedCard
from payments.topups import news
from payments.topups.declines import source_sentence
from payments.topups.policies import may_top_up

CAP_BELOW_AMOUNT = _("The monthly limit is smaller than one top-up.")


def settings_of(user_id: int) -> AutoTopUp | None:
    return AutoTopUp.objects.filter(user_id=user_id).first()


@transaction.atomic
def set_automatic(*, user_id: int, threshold: Money, amount: Money, monthly_cap: Money) -> AutoTopUp:
    """Agree to automatic top-ups; also mends one that stopped itself. Raises NoSavedCard, PolicyDenied, InvalidInput."""
    require(may_top_up(amount=amount))
    if monthly_cap < amount:
        raise InvalidInput(field="monthly_cap", reason=CAP_BELOW_AMOUNT)
    if not SavedCard.objects.filter(user_id=user_id, removed_at=None, is_default=True).exists():
        raise NoSavedCard
    values = {
        "threshold_minor": threshold.minor,
        "amount_minor": amount.minor,
        "monthly_cap_minor": monthly_cap.minor,
        "currency": amount.currency,
        "enabled": True,
        "paused_code": "",
        "agreed_at": now(),
    }
    return AutoTopUp.objects.update_or_create(user_id=user_id, defaults=values)[0]


def switch_off(*, user_id: int) -> None:
    AutoTopUp.objects.filter(user_id=user_id).update(enabled=False, paused_code="")


def pause(*, user_id: int, code: str, intent_id: int | None) -> None:
    """It stops itself until the person mends the cause; they are told why."""
    stopped = AutoTopUp.objects.filter(user_id=user_id, enabled=True, paused_code="").update(paused_code=code)
    if stopped:
        key = f"auto_paused:{intent_id or f'{code}:{int(now().timestamp())}'}"
        news.automatic_paused(user_id=user_id, reason=source_sentence(code), key=key)


def top_up_if_low(*, user_id: int, balance: Money, cause: Entry) -> Intent | None:
    """Begin an automatic top-up when a charge left less than the person's line. Call under the wallet's lock: it makes
    the month's sum and "one at a time" certain."""
    wish = AutoTopUp.objects.filter(user_id=user_id, enabled=True, paused_code="", currency=balance.currency).first()
    if wish is None or balance.minor >= wish.threshold_minor:
        return None
    card = SavedCard.objects.filter(user_id=user_id, removed_at=None, is_default=True).first()
    if card is None:
        pause(user_id=user_id, code="card_removed", intent_id=None)
        return None
    mine = Intent.objects.filter(user_id=user_id, kind=Intent.Kind.TOP_UP_AUTOMATIC)
    if mine.filter(status__in=UNSETTLED).exists():
        return None
    amount = Money(wish.amount_minor, wish.currency)
    month = start_of_month()
    if taken_since(user_id, month) + amount > Money(wish.monthly_cap_minor, wish.currency):
        cap = Money(wish.monthly_cap_minor, wish.currency)
        news.automatic_at_cap(user_id=user_id, cap=cap, month=month.date().isoformat())
        return None
    return begin(
        operation=f"automatic:{user_id}:{cause.pk}",
        kind=Intent.Kind.TOP_UP_AUTOMATIC,
        user_id=user_id,
        amount=amount,
        details={"card_id": card.processor_id, "card": {"brand": card.brand, "last4": card.last4}},
    )


def still_agreed(intent: Intent) -> bool:
    """Does the person still want it, from this card? They may have switched it off, or chosen another card, since it was begun."""
    wish = AutoTopUp.objects.filter(user_id=intent.user_id, enabled=True, paused_code="")
    card = SavedCard.objects.filter(user_id=intent.user_id, removed_at=None, is_default=True)
    return wish.exists() and card.filter(processor_id=intent.details["card_id"]).exists()


def start_of_month() -> datetime:
    """Calendar months of the universal clock: the same for the person, the processor and the statement."""
    return now().replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def taken_since(user_id: int, moment: datetime, currency: str = "RUB") -> Money:
    """What automatic top-ups took since, with what is on its way."""
    taken = Intent.objects.filter(
        user_id=user_id, kind=Intent.Kind.TOP_UP_AUTOMATIC, created_at__gte=moment, currency=currency
    ).filter(status__in=(*UNSETTLED, Intent.Status.SETTLED))
    return Money(taken.aggregate(total=Sum("amount_minor"))["total"] or 0, currency)
