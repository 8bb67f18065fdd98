"""The cards a person keeps for next time. The card itself is at the processor; here only what it is recognised by."""

from contextlib import suppress
from typing import Any

from django.db import IntegrityError, transaction

from marketplace.kit.clock import now
from marketplace.kit.errors import NotFound
from marketplace.kit.policy import require
from payments.errors import ProcessorAway
from payments.models import SavedCard
from payments.stripe_gateway import cards as gateway
from payments.stripe_gateway.errors import Refused, Unavailable
from payments.topups import automatic
from payments.topups.policies import may_remove_card


def cards_of(user_id: int) -> list[SavedCard]:
    """The default card first, then the newest."""
    kept = SavedCard.objects.filter(user_id=user_id, removed_at=None)
    return list(kept.order_by("-is_default", "-added_at"))


def default_card(user_id: int) -> SavedCard | None:
    return SavedCard.objects.filter(user_id=user_id, removed_at=None, is_default=True).first()


def own_card(*, user_id: int, card_id: int) -> SavedCard:
    """Raises NotFound for another person's card, and for one that was removed."""
    found = SavedCard.objects.filter(pk=card_id, user_id=user_id, removed_at=None).first()
    if found is None:
        raise NotFound
    return found


def keep_card(*, user_id: int, card: dict[str, Any]) -> SavedCard | None:
    """Remember a card that the person agreed to keep; the first one is the default. `card`: id, brand, last4, exp_month,
    exp_year. None when the processor did not keep it. A card that was taken away stays away."""
    if not card.get("id"):
        return None
    facts = {name: card[name] for name in ("brand", "last4", "exp_month", "exp_year")}
    kept, is_new = SavedCard.objects.get_or_create(
        processor_id=card["id"], defaults={"user_id": user_id, "added_at": now(), **facts}
    )
    if is_new:
        _default_if_first(kept)
    return kept


def _default_if_first(card: SavedCard) -> None:
    """Two cards may be kept at the same moment: one of them is the default, and neither is lost."""
    if default_card(card.user_id) is not None:
        return
    with suppress(IntegrityError), transaction.atomic():
        SavedCard.objects.filter(pk=card.pk).update(is_default=True)
        card.is_default = True


@transaction.atomic
def make_default(*, user_id: int, card_id: int) -> SavedCard:
    """Automatic top-up takes the default card."""
    chosen = own_card(user_id=user_id, card_id=card_id)
    mine = SavedCard.objects.select_for_update(of=("self",)).filter(user_id=user_id, removed_at=None)
    list(mine.order_by("pk"))
    mine.exclude(pk=chosen.pk).update(is_default=False)
    mine.filter(pk=chosen.pk).update(is_default=True)
    chosen.refresh_from_db()
    return chosen


def remove_card(*, user_id: int, card_id: int) -> None:
    """Take a card away, at the processor first. Raises PolicyDenied while a subscription is paid by it, and ProcessorAway:
    then it is still kept, and the person is told so."""
    card = own_card(user_id=user_id, card_id=card_id)
    require(may_remove_card(card))
    try:
        gateway.detach_card(card.processor_id)
    except Refused:
        pass  # it is gone there already
    except Unavailable as error:
        raise ProcessorAway from error
    forget_card(processor_id=card.processor_id)


@transaction.atomic
def forget_card(*, processor_id: str) -> None:
    """The processor keeps the card no longer. Without a default card automatic top-up stops, and says so."""
    card = SavedCard.objects.select_for_update(of=("self",)).filter(processor_id=processor_id, removed_at=None).first()
    if card is None:
        return
    was_default = card.is_default
    card.removed_at, card.is_default = now(), False
    card.save(update_fields=["removed_at", "is_default"])
    if not was_default:
        return
    following = SavedCard.objects.filter(user_id=card.user_id, removed_at=None).order_by("-added_at").first()
    if following is not None:
        SavedCard.objects.filter(pk=following.pk).update(is_default=True)
    # Not even with another card: the person agreed to this one.
    automatic.pause(user_id=card.user_id, code="card_removed", intent_id=None)


def refresh_card(*, processor_id: str) -> None:
    """See how the processor keeps the card now: its bank may have renewed it, or it was taken off."""
    try:
        kept = gateway.card(processor_id)
    except Refused:
        forget_card(processor_id=processor_id)
        return
    if not kept.customer_id:
        forget_card(processor_id=processor_id)
        return
    facts = kept.facts
    SavedCard.objects.filter(processor_id=processor_id).update(
        brand=facts.brand, last4=facts.last4, exp_month=facts.exp_month, exp_year=facts.exp_year
    )


def people_with_the_same_card(user_ids: set[int]) -> list[tuple[int, int, str]]:
    """(one, another, the card as people know it): the same brand, last digits and expiry. No number is kept, so that two
    cards may only look alike: a signal, never a proof."""
    own = SavedCard.objects.filter(user_id__in=user_ids)
    found: set[tuple[int, int, str]] = set()
    for card in own[:100]:
        same = SavedCard.objects.filter(
            brand=card.brand, last4=card.last4, exp_month=card.exp_month, exp_year=card.exp_year
        ).exclude(user_id=card.user_id)
        for other in same.values_list("user_id", flat=True).distinct()[:10]:
            found.add((min(card.user_id, other), max(card.user_id, other), f"{card.brand} ··{card.last4}"))
    return sorted(found)
