"""May this person put this money in, or take it back?"""

from datetime import timedelta

from django.conf import settings
from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from marketplace.kit.clock import now
from marketplace.kit.money import Money
from marketplace.kit.policy import Allowed, Decision, Denied
from payments.intents.states import UNSETTLED
from payments.models import Intent, SavedCard, Subscription
from payments.models.subscriptions import LIVING

TOP_UPS = (Intent.Kind.TOP_UP_PAGE, Intent.Kind.TOP_UP_CARD, Intent.Kind.TOP_UP_AUTOMATIC)
REFUNDABLE_FOR = timedelta(days=180)  # cards take money back about that long


def card_payments_on() -> bool:
    return bool(settings.STRIPE_SECRET_KEY)


def smallest(currency: str = "RUB") -> Money:
    return Money(settings.RULES["top_up_from"], currency)


def largest(currency: str = "RUB") -> Money:
    return Money(settings.RULES["top_up_to"], currency)


def may_use_cards() -> Decision:
    if card_payments_on():
        return Allowed()
    return Denied("card_payments_off", _("Card payments are switched off at the moment. Nothing was charged."), 409)


def may_add_card(user_id: int) -> Decision:
    if not (decision := may_use_cards()):
        return decision
    most: int = settings.RULES["cards_kept"]
    if SavedCard.objects.filter(user_id=user_id, removed_at=None).count() >= most:
        at_most = ngettext(
            "At most %(count)s card is kept. Take it away first.",
            "At most %(count)s cards are kept. Take one away first.",
            most,
        )
        return Denied("too_many_cards", at_most % {"count": most}, 409)
    return Allowed()


def may_remove_card(card: SavedCard) -> Decision:
    """Not the card that pays for a subscription: the next month would fail, and the person would not know why."""
    if not (decision := may_use_cards()):
        return decision
    paying = paid_by(card.user_id).filter(card=card).first()
    if paying is not None:
        place = {"category": paying.category.name, "city": paying.city.name}
        sentence = _("This card pays for the subscription “%(category)s, %(city)s”. Choose another card there first.")
        return Denied("pays_subscription", sentence % place, 409)
    return Allowed()


def paid_by(user_id: int) -> "QuerySet[Subscription]":
    """The person's subscriptions that some card has to pay for, or pays for just now."""
    living = Subscription.objects.filter(user_id=user_id, status__in=LIVING, ends_at_period_end=False)
    return living.select_related("category", "city", "card").order_by("pk")


def may_top_up(*, amount: Money) -> Decision:
    if not (decision := may_use_cards()):
        return decision
    if not smallest() <= amount <= largest():
        between = {"from": smallest().format(), "to": largest().format()}
        return Denied("top_up_amount", _("Choose a sum from %(from)s to %(to)s.") % between, 422)
    return Allowed()


def may_go_back(*, top_up: Intent, amount: Money, left: Money) -> Decision:
    """Unused money of a top-up, back to the card it came from; `left`: what of it is unused and not yet given back."""
    if top_up.status != Intent.Status.SETTLED or top_up.kind not in TOP_UPS:
        return Denied("not_refundable", _("Only a paid top-up can be returned to its card."), 409)
    if now() - top_up.created_at > REFUNDABLE_FOR:
        return Denied("too_long_ago", _("A card takes money back for 180 days. This top-up is older."), 409)
    if amount.minor <= 0 or amount > left:
        return Denied(
            "more_than_left", _("At most %(sum)s of this top-up can be returned.") % {"sum": left.format()}, 409
        )
    return Allowed()


def needs_second_person(*, user_id: int, amount: Money) -> bool:
    """Above the limit in 30 days, two members of staff agree first."""
    lately = Intent.objects.filter(
        user_id=user_id, kind=Intent.Kind.TOP_UP_REFUND, created_at__gt=now() - timedelta(days=30)
    )
    alive = lately.filter(status__in=(*UNSETTLED, Intent.Status.SETTLED))
    given = alive.aggregate(total=Sum("amount_minor"))["total"] or 0
    return bool(given + amount.minor > settings.RULES["refund_alone_to"])
