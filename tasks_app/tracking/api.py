"""Shifts and positions for phone apps."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Field, Router, Schema, Status
from ninja.security import APIKeyHeader

from marketplace.accounts.api import auth
from marketplace.accounts.requests import SignedIn
from marketplace.kit.errors import NotFound
from tasks_app.assignments.selectors.deals import assignment_visible_to
from tasks_app.tracking import consent, selectors, services
from tasks_app.tracking.errors import PingKeyInvalid
from tasks_app.tracking.keys import PingKey, make_key, read_key
from tasks_app.tracking.lean import SCHEME, receipt_answer
from tasks_app.tracking.models import Shift

router = Router(tags=["position"], auth=auth)


class PingKeyAuth(APIKeyHeader):
    """`Authorization: Ping …`: the key of a shift, for this one operation."""

    param_name = "Authorization"

    def authenticate(self, request: HttpRequest, key: str | None) -> PingKey | None:
        if not key or not key.startswith(SCHEME):
            return None
        try:
            return read_key(key.removeprefix(SCHEME))
        except PingKeyInvalid:
            return None


class ConsentOut(Schema):
    version: str
    sentences: list[str]
    agreed: bool


class ShiftIn(Schema):
    device_id: str = Field(..., min_length=8, max_length=64, description="made by the device, kept by it")
    consent_version: str = Field(..., max_length=20, description="the version of the text that the person agreed to")


class ShiftOut(Schema):
    """`ping_key`: send it with batches of positions as `Authorization: Ping <key>`."""

    id: int
    device_id: str
    started_at: datetime
    ends_by: datetime
    ended_at: datetime | None
    ping_key: str


class PointIn(Schema):
    """One position. A bad one is refused alone, by its reason in the receipt."""

    id: str = Field(..., max_length=40, description="UUID made by the device; sending it again stores it once")
    at: datetime | float = Field(..., description="the device's clock: ISO 8601 with an offset, or milliseconds")
    lon: float
    lat: float
    accuracy: float | None = Field(None, description="metres")
    source: str = Field("", max_length=20, description="gps or network")


class BatchIn(Schema):
    device_id: str = Field("", max_length=64, description="not needed with a ping key")
    sent_at: datetime | float | None = Field(None, description="the device's clock at sending: its skew is put right")
    points: list[PointIn] = Field(..., max_length=200)


class RefusedOut(Schema):
    id: str
    reason: str


class ReceiptOut(Schema):
    stored: int
    duplicates: int
    refused: list[RefusedOut]


class DayOut(Schema):
    day: date
    points: int
    first_at: datetime
    last_at: datetime
    held: bool


class FixOut(Schema):
    at: datetime
    lon: float
    lat: float
    accuracy_m: float | None


class PositionOut(Schema):
    at: datetime
    lon: float
    lat: float
    accuracy_m: float | None
    distance_m: float
    eta_minutes: tuple[int, int] | None


class DeletedOut(Schema):
    deleted: int


@router.get("/location-consent", response=ConsentOut, summary="What a person agrees to before a shift")
def location_consent(request: SignedIn) -> dict[str, Any]:
    return {
        "version": consent.VERSION,
        "sentences": [str(sentence) for sentence in consent.SENTENCES],
        "agreed": selectors.location_consent(request.user.pk),
    }


@router.delete("/location-consent", response={204: None}, summary="Take the consent back; the shift ends")
def withdraw_consent(request: SignedIn) -> Status[None]:
    services.withdraw_location_consent(user=request.user)
    return Status(204, None)


@router.get("/shift", response=ShiftOut, summary="The open shift")
def shift(request: SignedIn) -> dict[str, Any]:
    found = selectors.open_shift(request.user.pk)
    if found is None:
        raise NotFound
    return _shift(found)


@router.post("/shift", response=ShiftOut, summary="Start a shift on this device")
def start_shift(request: SignedIn, body: ShiftIn) -> dict[str, Any]:
    started = services.start_shift(user=request.user, device_id=body.device_id, consent_version=body.consent_version)
    return _shift(started)


@router.delete("/shift", response=ShiftOut, summary="End the shift")
def end_shift(request: SignedIn) -> dict[str, Any]:
    return _shift(services.end_shift(user=request.user))


@router.post(
    "/pings", auth=[PingKeyAuth(), *auth], response={200: ReceiptOut, 429: ReceiptOut}, summary="A batch of positions"
)
def pings(request: HttpRequest, body: BatchIn, response: HttpResponse) -> Status[dict[str, Any]]:
    """With a ping key this operation is answered before the framework (tasks_app.tracking.lean), by the same service."""
    known = request.auth  # type: ignore[attr-defined]
    key = known if isinstance(known, PingKey) else PingKey(known.pk, body.device_id)
    status, answer = receipt_answer(
        services.accept_pings_with_key(key=key, batch=body.dict(exclude={"device_id"}, mode="json"))
    )
    if status == 429:
        response["Retry-After"] = "60"
    return Status(status, answer)


@router.get("/location-days", response=list[DayOut], summary="What is stored of my positions, by UTC day")
def location_days(request: SignedIn) -> list[Any]:
    return selectors.stored_summary(request.user)


@router.get("/location-days/{day}", response=list[FixOut], summary="My positions of a day")
def location_day(request: SignedIn, day: date) -> list[Any]:
    return selectors.stored_day(user=request.user, day=day)


@router.delete("/location-days/{day}", response=DeletedOut, summary="Delete my positions of a day")
def delete_day(request: SignedIn, day: date) -> dict[str, int]:
    return {"deleted": services.delete_track(user=request.user, day=day)}


@router.get("/deals/{deal_id}/position", response=PositionOut, summary="Where the executor is, while on the way")
def position(request: SignedIn, deal_id: int) -> dict[str, Any]:
    deal = assignment_visible_to(request.user, deal_id)
    last = selectors.last_position_for(assignment=deal, viewer=request.user)
    if last is None:
        raise NotFound
    fix = last.fix
    return {
        "at": fix.at, "lon": fix.lon, "lat": fix.lat, "accuracy_m": fix.accuracy_m,
        "distance_m": round(last.distance_m), "eta_minutes": last.eta_minutes,
    }  # fmt: skip


def _shift(found: Shift) -> dict[str, Any]:
    key = "" if found.ended_at else make_key(executor_id=found.executor_id, device_id=found.device_id)
    return {
        "id": found.pk,
        "device_id": found.device_id,
        "started_at": found.started_at,
        "ends_by": found.ends_by,
        "ended_at": found.ended_at,
        "ping_key": key,
    }
