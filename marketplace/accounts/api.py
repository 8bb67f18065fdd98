"""Signing in from a phone app, and the person's own account."""

from datetime import datetime
from typing import Literal

from django.http import HttpRequest
from ninja import Field, File, Form, Router, Schema, Status
from ninja.files import UploadedFile
from ninja.security import HttpBearer, SessionAuth

from marketplace.accounts import code_sign_in, contact_codes, policies, selectors, services
from marketplace.accounts.models import Appeal, DeviceToken, Restriction, User
from marketplace.accounts.requests import SignedIn
from marketplace.accounts.selectors.devices import device_by_token
from marketplace.kit.policy import Denied

router = Router(tags=["people"])


class DeviceAuth(HttpBearer):
    """The token of a signed-in device: `Authorization: Bearer …`."""

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        device = device_by_token(token)
        if device is None:
            return None
        services.mark_device_used(device=device)
        request.user = device.user
        return device.user


class PageAuth(SessionAuth):
    """The session of our own pages, with the CSRF token on everything that writes."""

    def __call__(self, request: HttpRequest) -> User | None:
        return super().__call__(request) if request.user.is_authenticated else None


auth = [DeviceAuth(), PageAuth()]


class CodeIn(Schema):
    login: str = Field(max_length=254, description="A phone number or an e-mail address, known or new")


class CodeOut(Schema):
    flow: str
    sent_to: str
    good_for_seconds: int


class TokenIn(Schema):
    flow: str = Field(max_length=400)
    code: str = Field(max_length=20)
    device_name: str = Field(max_length=80, description='How the list of devices calls it: "Pixel 9"')
    second_factor: str = Field("", max_length=20, description="The authenticator app's code, when the account has one")


class PhoneIn(Schema):
    phone: str = Field(max_length=40, description="As people write it; a number without a country code is Russian")


class EmailIn(Schema):
    email: str = Field(max_length=254)


class ConfirmIn(Schema):
    flow: str = Field(max_length=400)
    code: str = Field(max_length=20)


class PersonOut(Schema):
    id: int
    name: str
    public_name: str
    phone: str | None
    phone_confirmed: bool
    email: str | None
    email_confirmed: bool
    language: str
    city_id: int | None
    photo_url: str
    staff_role: str

    @staticmethod
    def resolve_phone_confirmed(person: User) -> bool:
        return person.phone_confirmed_at is not None

    @staticmethod
    def resolve_email_confirmed(person: User) -> bool:
        return person.email_confirmed_at is not None

    @staticmethod
    def resolve_photo_url(person: User) -> str:
        return person.photo.url if person.photo else ""


class TokenOut(Schema):
    token: str = Field(description="Shown once; send it as `Authorization: Bearer …`")
    device_id: int
    person: PersonOut


class PersonIn(Schema):
    name: str = Field(max_length=80)
    language: Literal["ru", "en"]
    city_id: int | None = Field(None, ge=1, le=2**31 - 1)


class DeviceOut(Schema):
    id: int
    name: str
    created_at: datetime
    last_used_at: datetime | None


class VerificationOut(Schema):
    stage: str = Field(description="none, pending, more, verified or rejected")
    reason: str
    may_ask: bool
    refusal_code: str | None
    refusal: str | None
    consent_version: str
    document_kinds: list[str]


class AppealOut(Schema):
    id: int
    outcome: str
    reason: str
    due_at: datetime


class RestrictionOut(Schema):
    id: int
    kind: str
    reason: str
    since: datetime
    until: datetime | None
    appeal: AppealOut | None


class AppealIn(Schema):
    text: str = Field(max_length=4000)


class Done(Schema):
    done: bool = True


@router.post("/auth/code", response={202: CodeOut}, summary="Send a one-time code")
def send_code(request: HttpRequest, body: CodeIn) -> tuple[int, code_sign_in.Started]:
    return 202, code_sign_in.start(request, login=body.login)


@router.post("/auth/token", response=TokenOut, summary="Exchange the code for a device's token")
def take_token(request: HttpRequest, body: TokenIn) -> dict[str, object]:
    person = code_sign_in.finish(request, flow=body.flow, code=body.code, second_factor=body.second_factor)
    device, token = services.issue_device_token(user=person, name=body.device_name)
    return {"token": token, "device_id": device.pk, "person": person}


@router.get("/me", response=PersonOut, auth=auth, summary="The person who is signed in")
def me(request: SignedIn) -> User:
    return request.user


@router.put("/me", response=PersonOut, auth=auth, summary="Change name, language, city")
def change_me(request: SignedIn, body: PersonIn) -> User:
    return services.edit_person(user=request.user, name=body.name, language=body.language, city_id=body.city_id)


@router.post("/me/phone", response={202: CodeOut}, auth=auth, summary="Send a code to a phone, to make it the person's")
def send_code_to_phone(request: SignedIn, body: PhoneIn) -> Status[code_sign_in.Started]:
    return Status(202, contact_codes.send_to_phone(request, typed=body.phone))


@router.post("/me/phone/confirm", response=PersonOut, auth=auth, summary="Confirm the phone with the code")
def confirm_phone(request: SignedIn, body: ConfirmIn) -> User:
    return contact_codes.confirm(request, flow=body.flow, code=body.code)


@router.post(
    "/me/email", response={202: CodeOut}, auth=auth, summary="Send a code to an address, to make it the person's"
)
def send_code_to_email(request: SignedIn, body: EmailIn) -> Status[code_sign_in.Started]:
    return Status(202, contact_codes.send_to_email(request, typed=body.email))


@router.post("/me/email/confirm", response=PersonOut, auth=auth, summary="Confirm the address with the code")
def confirm_email(request: SignedIn, body: ConfirmIn) -> User:
    return contact_codes.confirm(request, flow=body.flow, code=body.code)


@router.post("/me/photo", response=PersonOut, auth=auth, summary="Set the portrait")
def change_photo(request: SignedIn, photo: File[UploadedFile]) -> User:
    return services.set_photo(user=request.user, photo=photo)


@router.get("/me/devices", response=list[DeviceOut], auth=auth, summary="Devices with a token")
def devices(request: SignedIn) -> list[DeviceToken]:
    return list(selectors.devices_of(request.user))


@router.delete("/me/devices/{int:device_id}", response=Done, auth=auth, summary="Sign a device out")
def sign_device_out(request: SignedIn, device_id: int) -> Done:
    services.revoke_device(device_id=device_id, by=request.user)
    return Done()


@router.post("/me/sign-out-everywhere", response=Done, auth=auth, summary="Sign out on all devices, here too")
def sign_out_everywhere(request: SignedIn) -> Done:
    services.sign_out_everywhere(user=request.user)
    return Done()


@router.get("/me/verification", response=VerificationOut, auth=auth, summary="How far the verification is")
def verification(request: SignedIn) -> dict[str, object]:
    return _verification(request.user)


@router.post("/me/verification", response=VerificationOut, auth=auth, summary="Send documents for a check")
def ask_for_verification(
    request: SignedIn,
    full_name: Form[str],
    document_kind: Form[str],
    consent_version: Form[str],
    document: File[UploadedFile],
    selfie: File[UploadedFile],
) -> dict[str, object]:
    services.submit_verification(
        user=request.user,
        full_name=full_name,
        document_kind=document_kind,
        consent_version=consent_version,
        document=document,
        selfie=selfie,
    )
    return _verification(request.user)


@router.get("/me/restrictions", response=list[RestrictionOut], auth=auth, summary="What is forbidden now, and why")
def restrictions(request: SignedIn) -> list[dict[str, object]]:
    appeals = selectors.appeals_of(request.user)
    standing = selectors.standing_restrictions(request.user.pk)
    return [_restriction(line, appeals.get(f"restriction:{line.pk}")) for line in standing]


@router.post("/me/restrictions/{int:restriction_id}/appeal", response=AppealOut, auth=auth, summary="Appeal")
def appeal(request: SignedIn, restriction_id: int, body: AppealIn) -> Appeal:
    return services.appeal_restriction(user=request.user, restriction_id=restriction_id, text=body.text)


def _verification(user: User) -> dict[str, object]:
    decision = policies.may_ask_for_verification(user)
    denied = decision if isinstance(decision, Denied) else None
    profile, last = selectors.executor_profile(user), selectors.last_request_of(user)
    return {
        "stage": profile.verification if profile else "none",
        "reason": last.reason if last else "",
        "may_ask": denied is None,
        "refusal_code": None if denied is None else denied.code,
        "refusal": None if denied is None else str(denied.reason),
        "consent_version": services.CONSENT_VERSION,
        "document_kinds": list(services.DOCUMENT_KINDS),
    }


def _restriction(line: Restriction, appealed: Appeal | None) -> dict[str, object]:
    fields = ("id", "kind", "reason", "since", "until")
    return {**{name: getattr(line, name) for name in fields}, "appeal": appealed}
