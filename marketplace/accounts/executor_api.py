"""The executor's profile from a phone app."""

from typing import Annotated

from ninja import Field, Router, Schema

from marketplace.accounts import selectors, services
from marketplace.accounts.api import auth
from marketplace.accounts.models import User
from marketplace.accounts.requests import SignedIn

router = Router(tags=["people"], auth=auth)


RowId = Annotated[int, Field(ge=1, le=2**31 - 1)]


class PlaceSchema(Schema):
    """A circle of the service area."""

    longitude: float = Field(ge=-180, le=180, allow_inf_nan=False)
    latitude: float = Field(ge=-90, le=90, allow_inf_nan=False)
    radius_m: int = Field(ge=500, le=50_000)
    label: str = Field("", max_length=80)


class ExecutorIn(Schema):
    about: str = Field("", max_length=2000)
    languages: list[str] = Field(default_factory=list, max_length=20)
    category_ids: list[RowId] = Field(default_factory=list, max_length=200)
    district_ids: list[RowId] = Field(default_factory=list, max_length=200)
    points: list[PlaceSchema] = Field(default_factory=list, max_length=services.MAX_POINTS)


class ExecutorOut(ExecutorIn):
    verification: str


@router.get("/me/executor", response=ExecutorOut, summary="The executor's profile and service area")
def profile(request: SignedIn) -> dict[str, object]:
    return _profile(request.user)


@router.put("/me/executor", response=ExecutorOut, summary="Replace the executor's profile and service area")
def change_profile(request: SignedIn, body: ExecutorIn) -> dict[str, object]:
    services.edit_executor_profile(
        user=request.user,
        about=body.about,
        languages=body.languages,
        category_ids=body.category_ids,
        district_ids=body.district_ids,
        points=[services.AreaPoint(p.longitude, p.latitude, p.radius_m, p.label) for p in body.points],
    )
    return _profile(request.user)


def _profile(user: User) -> dict[str, object]:
    executor = selectors.executor_profile(user)
    places = executor.points.order_by("pk") if executor else ()
    return {
        "about": executor.about if executor else "",
        "languages": executor.languages if executor else [],
        "category_ids": selectors.executor_categories(user),
        "district_ids": selectors.service_area(user).district_ids,
        "points": [
            {"longitude": p.point.x, "latitude": p.point.y, "radius_m": p.radius_m, "label": p.label} for p in places
        ],
        "verification": executor.verification if executor else "none",
    }
