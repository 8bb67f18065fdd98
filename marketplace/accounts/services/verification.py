"""Verification of executors: a document and a selfie, seen by a person."""

import uuid
from datetime import timedelta
from typing import IO, Final

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from marketplace.accounts import hooks, policies, states
from marketplace.accounts.consents import give_consent
from marketplace.accounts.errors import VerificationFull
from marketplace.accounts.models import ExecutorProfile, User, VerificationDocument, VerificationRequest
from marketplace.accounts.selectors.verification import places_left
from marketplace.accounts.services.executors import start_executor_profile
from marketplace.kit import audit
from marketplace.kit.clock import now
from marketplace.kit.errors import DomainError, InvalidInput, NotFound
from marketplace.kit.pictures import Picture, clean_picture
from marketplace.kit.policy import require
from marketplace.kit.states import step

CONSENT_KIND: Final = "verification"
CONSENT_VERSION: Final = "2026-11"
DOCUMENT_KINDS: Final = {
    "passport": _("Passport"),
    "driving_licence": _("Driving licence"),
    "residence_permit": _("Residence permit"),
}
Kind = VerificationDocument.Kind
DOCUMENT_SIDE: Final = 2400  # pixels: small print stays readable
_THROTTLE_LOCK: Final = 7_215_002  # advisory lock class: one count of a city at a time


def submit_verification(
    *,
    user: User,
    full_name: str,
    document_kind: str,
    document: bytes | IO[bytes],
    selfie: bytes | IO[bytes],
    consent_version: str,
) -> VerificationRequest:
    """Ask to be verified with pictures of a document and of oneself.

    Raises PolicyDenied, InvalidInput, the errors of kit.pictures, VerificationFull. The pictures go to the private
    storage only when everything else holds.
    """
    require(policies.may_ask_for_verification(user))
    full_name = full_name.strip()
    _check(user, full_name, document_kind, consent_version)
    pictures = {
        Kind.DOCUMENT: _cleaned(Kind.DOCUMENT, document, max_side=DOCUMENT_SIDE),
        Kind.SELFIE: _cleaned(Kind.SELFIE, selfie),
    }
    stored: list[str] = []
    try:
        with transaction.atomic():
            return _open_request(user, full_name, document_kind, pictures, stored)
    except BaseException:
        for name in stored:
            _private().delete(name)
        raise


def decide_verification(*, request_id: int, by: User, outcome: str, reason: str = "") -> VerificationRequest:
    """Approve, ask again ("more") or reject; the last two with a reason that the person reads.

    Raises PolicyDenied, InvalidInput, NotFound, StaleState (another moderator was faster).
    """
    require(policies.may_moderate(by))
    if outcome not in states.OF_OUTCOME:
        raise InvalidInput(field="outcome", reason=_("Approve, ask again or reject."))
    reason = reason.strip()
    if outcome != VerificationRequest.Status.APPROVED and not reason:
        raise InvalidInput(field="reason", reason=_("Give a reason: the person will read it."))
    with transaction.atomic():
        request = VerificationRequest.objects.select_for_update(of=("self",)).filter(pk=request_id).first()
        if request is None:
            raise NotFound
        require(policies.may_decide_on(by, request.profile.user_id))
        step(request, outcome, states.REQUEST, decided_at=now(), decided_by=by, reason=reason)
        _step_profile(request.profile, outcome)
        details = {"outcome": outcome, "user": request.profile.user_id}
        audit.record(actor=by, action="verification.decided", subject=f"verification:{request.pk}", details=details)
        hooks.verification_decided.call(request_id=request.pk)
    return request


def look_at_document(*, public_id: uuid.UUID, by: User) -> VerificationDocument:
    """A moderator opens a private picture; the look is on record. Raises PolicyDenied, NotFound."""
    require(policies.may_moderate(by))
    document = VerificationDocument.objects.select_related("request__profile").filter(public_id=public_id).first()
    if document is None:
        raise NotFound
    audit.record(
        actor=by,
        action="verification.document_viewed",
        subject=f"verification:{document.request_id}",
        details={"document": str(public_id), "kind": document.kind, "user": document.request.profile.user_id},
    )
    return document


def open_document(document: VerificationDocument) -> IO[bytes]:
    """The picture's bytes (JPEG); only after look_at_document."""
    file: IO[bytes] = _private().open(document.file_name)
    return file


def destroy_old_documents() -> int:
    """Pictures of requests decided long ago are of no use to anybody any more."""
    kept = timedelta(days=int(settings.RULES["verification_documents_days"]))
    old = VerificationDocument.objects.filter(request__decided_at__lt=now() - kept)
    count = 0
    for document in old.iterator():
        _private().delete(document.file_name)
        document.delete()
        count += 1
    return count


def _check(user: User, full_name: str, document_kind: str, consent_version: str) -> None:
    if user.city_id is None:
        raise InvalidInput(field="city", reason=_("Choose your city in your profile first."))
    if not full_name or len(full_name) > 160 or " " not in full_name:
        raise InvalidInput(field="full_name", reason=_("Write the first and the last name as in the document."))
    if document_kind not in DOCUMENT_KINDS:
        raise InvalidInput(field="document_kind", reason=_("Choose the kind of document."))
    if consent_version != CONSENT_VERSION:
        raise InvalidInput(field="consent", reason=_("We can check documents only with your consent."))


def _open_request(
    user: User,
    full_name: str,
    document_kind: str,
    pictures: dict[VerificationDocument.Kind, Picture],
    stored: list[str],
) -> VerificationRequest:
    assert user.city_id is not None  # noqa: S101  checked above
    profile = start_executor_profile(user=user)
    profile = ExecutorProfile.objects.select_for_update(of=("self",)).get(pk=profile.pk)
    require(policies.may_ask_for_verification(user))
    _take_place(user)
    step(profile, ExecutorProfile.Verification.PENDING, states.EXECUTOR, field="verification")
    request = VerificationRequest.objects.create(
        profile=profile,
        city_id=user.city_id,
        full_name=full_name,
        document_kind=document_kind,
        submitted_at=now(),
    )
    for kind, picture in pictures.items():
        name = f"verification/{uuid.uuid4()}.{picture.full.extension}"
        stored.append(_private().save(name, ContentFile(picture.full.data)))
        VerificationDocument.objects.create(request=request, kind=kind, file_name=stored[-1])
    give_consent(user=user, kind=CONSENT_KIND, version=CONSENT_VERSION)
    return request


def _cleaned(kind: Kind, source: bytes | IO[bytes], **how: int) -> Picture:
    """A refusal says which of the pictures it is about."""
    try:
        return clean_picture(source, encoding="jpeg", **how)
    except DomainError as refused:
        refused.field = str(kind)
        raise


def _take_place(user: User) -> None:
    """One of the places of the city's day, which begins at the city's midnight. Raises VerificationFull."""
    city = user.city
    assert city is not None  # noqa: S101  checked above
    _lock_day(city.pk)
    if not places_left(city):
        raise VerificationFull


def _lock_day(city_id: int) -> None:
    """One at a time counts a city's requests and adds to them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_THROTTLE_LOCK, city_id])


def _step_profile(profile: ExecutorProfile, outcome: str) -> None:
    verified = {"verified_at": now()} if outcome == VerificationRequest.Status.APPROVED else {}
    target = states.OF_OUTCOME[VerificationRequest.Status(outcome)]
    step(profile, target, states.EXECUTOR, field="verification", **verified)


def _private() -> Storage:
    return storages["private"]
