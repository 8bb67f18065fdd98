"""Money by card for phone apps. The Idempotency-Key of a call is its operation: the same key is the same top-up."""

from datetime import datetime
from typing import Annotated, Any

from ninja import Field, Path, Query, Router, Schema, Status

from marketplace.accounts.api import auth
from marketplace.accounts.requests import SignedIn
from marketplace.kit.http import PageKey, operation_key, takes_key
from marketplace.kit.money import Money
from payments.models import AutoTopUp, Intent, SavedCard
from payments.topups import adding, automatic, cards, policies, returns, selectors, services
from payments.topups.declines import sentence

router = Router(tags=["wallet"], auth=auth)
PageName = Annotated[str, Path(..., pattern=r"^[A-Za-z0-9_]{8,120}$")]


class SumOut(Schema):
    """`minor`: whole minor units (kopecks); `currency`: ISO 4217."""

    minor: int
    currency: str


class TopUpIn(Schema):
    """`card_id`: a kept card; without one a page to pay on is opened, and `keep_card` is the person's consent to keep the
    card. `language` of the processor's page: ru or en."""

    amount_minor: int = Field(..., ge=1, le=10**9)
    card_id: int | None = Field(None, ge=1, le=2**31)
    keep_card: bool = False
    language: str = Field("ru", pattern="^(ru|en)$")


class CardNameOut(Schema):
    brand: str = ""
    last4: str = ""


class TopUpOut(Schema):
    """`stage`: asking (the processor has not answered yet: ask again), pay or confirm (lead the person to `action_url`), paid,
    failed (see `reason`), given_up."""

    id: int
    stage: str
    amount: SumOut
    automatic: bool
    card: CardNameOut
    reason: str
    reason_code: str
    action_url: str
    receipt_url: str
    created_at: datetime
    settled_at: datetime | None


class TopUpsOut(Schema):
    top_ups: list[TopUpOut]
    next_key: str | None


class CardOut(Schema):
    id: int
    brand: str
    last4: str
    exp_month: int
    exp_year: int
    is_default: bool


class AddCardIn(Schema):
    """`language` of the processor's page: ru or en."""

    language: str = Field("ru", pattern="^(ru|en)$")


class AddingOut(Schema):
    """`stage`: open (lead the person to `action_url`: nothing is charged there), kept (see `card`) or closed (the page ran out)."""

    page_id: str
    stage: str
    action_url: str
    card: CardOut | None


class ReturnIn(Schema):
    amount_minor: int = Field(..., ge=1, le=10**9)


class ReturnOut(Schema):
    """`status`: created, waiting, settled (on its way to the card) or failed (back in the wallet)."""

    id: int
    status: str
    amount: SumOut


class AutomaticIn(Schema):
    threshold_minor: int = Field(..., ge=0, le=10**9)
    amount_minor: int = Field(..., ge=1, le=10**9)
    monthly_cap_minor: int = Field(..., ge=1, le=10**9)


class AutomaticOut(Schema):
    """`paused`: why it stopped itself; setting it again starts it again."""

    enabled: bool
    threshold_minor: int
    amount_minor: int
    monthly_cap_minor: int
    taken_this_month_minor: int
    paused_code: str
    paused: str


@router.post("/wallet/top-ups", response={201: TopUpOut}, summary="Begin a top-up")
@takes_key
def begin(request: SignedIn, body: TopUpIn) -> Status[selectors.TopUpView]:
    intent = services.top_up(
        user_id=request.user.pk,
        amount=Money(body.amount_minor),
        operation=operation_key(request),
        card_id=body.card_id,
        keep_card=body.keep_card,
        language=body.language,
    )
    return Status(201, selectors.top_up_view(services.carry_out(intent_id=intent.pk)))


@router.get("/wallet/top-ups", response=TopUpsOut, summary="Top-ups, newest first")
def top_ups(request: SignedIn, page: Query[PageKey]) -> dict[str, Any]:
    found = selectors.top_ups_page(user_id=request.user.pk, after=page.after)
    return {"top_ups": found.rows, "next_key": found.next_key}


@router.get(
    "/wallet/top-ups/{int:top_up_id}", response=TopUpOut, summary="How a top-up stands, by the processor's word"
)
def top_up(request: SignedIn, top_up_id: int) -> selectors.TopUpView:
    view = selectors.top_up_of(user_id=request.user.pk, intent_id=top_up_id)
    if view.stage not in ("asking", "pay", "confirm"):
        return view
    return selectors.top_up_view(services.see_how_it_stands(user_id=request.user.pk, intent_id=top_up_id))


@router.post("/wallet/top-ups/{int:top_up_id}/give-up", response=TopUpOut, summary="Give a top-up up")
def give_up(request: SignedIn, top_up_id: int) -> selectors.TopUpView:
    return selectors.top_up_view(services.give_up(user_id=request.user.pk, intent_id=top_up_id))


@router.post("/wallet/top-ups/{int:top_up_id}/return", response={201: ReturnOut}, summary="Unused money to its card")
@takes_key
def give_back(request: SignedIn, top_up_id: int, body: ReturnIn) -> Status[ReturnOut]:
    intent = returns.return_top_up(
        user_id=request.user.pk,
        top_up_id=top_up_id,
        amount=Money(body.amount_minor),
        operation=operation_key(request),
    )
    return Status(201, _return(services.carry_out(intent_id=intent.pk)))


@router.get("/wallet/cards", response=list[CardOut], summary="Kept cards, the default first")
def kept_cards(request: SignedIn) -> list[SavedCard]:
    return cards.cards_of(request.user.pk)


@router.post("/wallet/cards", response={201: AddingOut}, summary="Keep a card without paying")
@takes_key
def add_card(request: SignedIn, body: AddCardIn) -> Status[adding.AddingView]:
    """Opens a page of the processor's to type the card in."""
    begun = adding.begin_adding(user_id=request.user.pk, operation=operation_key(request), language=body.language)
    return Status(201, begun)


@router.get("/wallet/cards/adding/{page_id}", response=AddingOut, summary="Was the card kept, by the processor's word")
def added_card(request: SignedIn, page_id: PageName) -> adding.AddingView:
    return adding.see_adding(user_id=request.user.pk, page_id=page_id)


@router.post("/wallet/cards/{int:card_id}/default", response=list[CardOut], summary="Use this card first")
def default_card(request: SignedIn, card_id: int) -> list[SavedCard]:
    cards.make_default(user_id=request.user.pk, card_id=card_id)
    return cards.cards_of(request.user.pk)


@router.delete("/wallet/cards/{int:card_id}", response=list[CardOut], summary="Take a card away")
def remove_card(request: SignedIn, card_id: int) -> list[SavedCard]:
    cards.remove_card(user_id=request.user.pk, card_id=card_id)
    return cards.cards_of(request.user.pk)


@router.get("/wallet/automatic", response=AutomaticOut | None, summary="Automatic top-up; null: never set")
def automatic_top_up(request: SignedIn) -> AutomaticOut | None:
    wish = automatic.settings_of(request.user.pk)
    return _automatic(wish) if wish else None


@router.put("/wallet/automatic", response=AutomaticOut, summary="Agree to automatic top-ups")
def set_automatic(request: SignedIn, body: AutomaticIn) -> AutomaticOut:
    wish = automatic.set_automatic(
        user_id=request.user.pk,
        threshold=Money(body.threshold_minor),
        amount=Money(body.amount_minor),
        monthly_cap=Money(body.monthly_cap_minor),
    )
    return _automatic(wish)


@router.delete("/wallet/automatic", response={204: None}, summary="Switch automatic top-up off")
def switch_off(request: SignedIn) -> Status[None]:
    automatic.switch_off(user_id=request.user.pk)
    return Status(204, None)


@router.get("/wallet/card-payments", response=dict[str, int | bool], summary="Are card payments on, and for which sums")
def card_payments(request: SignedIn) -> dict[str, int | bool]:
    smallest, largest = policies.smallest(), policies.largest()
    return {"on": policies.card_payments_on(), "from_minor": smallest.minor, "to_minor": largest.minor}


def _return(intent: Intent) -> ReturnOut:
    amount = SumOut(minor=intent.amount_minor, currency=intent.currency)
    return ReturnOut(id=intent.pk, status=intent.status, amount=amount)


def _automatic(wish: AutoTopUp) -> AutomaticOut:
    return AutomaticOut(
        enabled=wish.enabled,
        threshold_minor=wish.threshold_minor,
        amount_minor=wish.amount_minor,
        monthly_cap_minor=wish.monthly_cap_minor,
        taken_this_month_minor=automatic.taken_since(wish.user_id, automatic.start_of_month()).minor,
        paused_code=wish.paused_code,
        paused=sentence(wish.paused_code) if wish.paused_code else "",
    )
