"""News for phone apps."""

from datetime import datetime

from ninja import Field, Query, Router, Schema

from marketplace.accounts.api import auth
from marketplace.accounts.requests import SignedIn
from marketplace.kit.http import PageKey
from marketplace.notifications import selectors, services

router = Router(tags=["notifications"], auth=auth)


class NewsOut(Schema):
    id: int
    kind: str
    title: str
    text: str
    path: str = Field(..., description="the page it leads to, without the language prefix")
    at: datetime
    read: bool


class NewsPageOut(Schema):
    unread: int
    news: list[NewsOut]
    next_key: str | None


class PreferencesIO(Schema):
    email: bool


@router.get("/notifications", response=NewsPageOut, summary="News, newest first")
def news(request: SignedIn, page: Query[PageKey]) -> dict[str, object]:
    found = selectors.notifications_page(user_id=request.user.pk, after=page.after)
    return {"unread": selectors.unread_count(request.user.pk), "news": found.rows, "next_key": found.next_key}


@router.post("/notifications/read", response={204: None}, summary="Mark all as read")
def mark_read(request: SignedIn) -> tuple[int, None]:
    services.mark_all_read(user_id=request.user.pk)
    return 204, None


@router.get("/notifications/preferences", response=PreferencesIO, summary="Which channels are wanted")
def preferences(request: SignedIn) -> dict[str, bool]:
    return {"email": selectors.wants_email(request.user.pk)}


@router.put("/notifications/preferences", response=PreferencesIO, summary="Change which channels are wanted")
def set_preferences(request: SignedIn, body: PreferencesIO) -> dict[str, bool]:
    services.set_preference(user_id=request.user.pk, email=body.email)
    return {"email": body.email}
