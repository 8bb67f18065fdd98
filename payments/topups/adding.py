"""A card kept without a payment: typed in on a page of the processor's, where nothing is charged.

No money moves, so there is no intent: what the processor kept is found by the page, by its event, or by the poller, and each of
them comes to the same row. See docs/decisions/0057-a-card-without-a-payment.md.
"""

import hashlib
from dataclasses import asdict, dataclass
from urllib.parse import urlencode

from django.conf import settings

from marketplace.kit.errors import NotFound
from marketplace.kit.policy import require
from payments.errors import ProcessorAway
from payments.models import SavedCard
from payments.stripe_gateway import cards as gateway
from payments.stripe_gateway.errors import Refused, Unavailable
from payments.topups.cards import keep_card
from payments.topups.customers import customer_of, known_customer, person_behind
from payments.topups.policies import may_add_card, may_use_cards


@dataclass(frozen=True, slots=True)
class AddingView:
    """How adding a card stands. `stage`: open (lead the person to `action_url`), kept (`card`) or closed (nobody typed one in)."""

    page_id: str
    stage: str
    action_url: str
    card: SavedCard | None


def begin_adding(*, user_id: int, operation: str, language: str = "ru", back: str = "") -> AddingView:
    """Open the page; the same operation again is the same page, while it is open. `back`: the path of our site where the person
    goes on afterwards. Outside a transaction. Raises PolicyDenied, ProcessorAway."""
    require(may_add_card(user_id))
    wish = f"{gateway.CARD_OPERATION}{user_id}:{operation}"
    key = hashlib.sha256(f"poruchi:{wish}:{language}:{back}".encode()).hexdigest()[:48]
    prefix = "" if language == settings.LANGUAGE_CODE else f"/{language}"
    cards = f"{settings.SITE_URL}{prefix}/wallet/cards/"
    try:
        page = gateway.open_card_page(
            key=key,
            customer_id=customer_of(user_id),
            success_url=f"{cards}added/{{CHECKOUT_SESSION_ID}}/?{urlencode({'back': back})}",
            cancel_url=f"{settings.SITE_URL}{back}" if back else cards,
            metadata={"operation": wish},
            language=language,
        )
    except (Refused, Unavailable) as error:
        raise ProcessorAway from error
    return see_adding(user_id=user_id, page_id=page.id)


def see_adding(*, user_id: int, page_id: str) -> AddingView:
    """Ask the processor how a page of the person's stands, and keep the card that was typed in. Raises NotFound for what is no
    card page of theirs, PolicyDenied, ProcessorAway."""
    require(may_use_cards())
    try:
        page = gateway.card_page(page_id)
    except Refused as error:
        raise NotFound from error
    except Unavailable as error:
        raise ProcessorAway from error
    ours = page.operation.startswith(gateway.CARD_OPERATION)
    if not ours or not page.customer_id or page.customer_id != known_customer(user_id):
        raise NotFound
    card = keep_card(user_id=user_id, card=asdict(page.card)) if page.card is not None else None
    if card is not None and card.removed_at is None:
        return AddingView(page.id, "kept", "", card)
    return AddingView(page.id, "open" if page.status == "open" else "closed", page.url, None)


def keep_by_hint(*, setup_id: str) -> SavedCard | None:
    """A setup changed at the processor: keep its card when it came from a card page of ours. Any number of times."""
    kept = gateway.kept_by(setup_id)
    person = person_behind(kept.customer_id) if kept is not None else None
    return keep_card(user_id=person, card=asdict(kept.facts)) if kept is not None and person is not None else None
