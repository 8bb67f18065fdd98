"""An executor is verified by a person who sees a document and a selfie."""

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from PIL import Image

from marketplace.accounts import hooks, policies, selectors, services
from marketplace.accounts.models import ExecutorProfile, User, VerificationDocument, VerificationRequest
from marketplace.kit.clock import now
from marketplace.kit.errors import DomainError, InvalidInput, PolicyDenied, StaleState
from marketplace.kit.models import AuditEvent
from tests.factories import make_city
from tests.people import sign_in

pytestmark = pytest.mark.django_db


def photo(colour: str = "teal") -> bytes:
    exif = Image.Exif()
    exif[0x010E] = "CANARY"
    out = io.BytesIO()
    Image.new("RGB", (900, 600), colour).save(out, "JPEG", exif=exif)
    return out.getvalue()


@pytest.fixture
def person() -> User:
    city = make_city()
    return services.make_person(name="Олег Мастер", phone="+79123456789", email="oleg@example.org", city_id=city.pk)


@pytest.fixture
def moderator() -> User:
    return services.make_person(name="Мария Модератор", email="mod@example.org", staff_role="moderator")


def submit(user: User, **change: Any) -> VerificationRequest:
    asked: dict[str, Any] = {
        "full_name": "Олег Мастер",
        "document_kind": "passport",
        "document": photo(),
        "selfie": photo("navy"),
        "consent_version": services.CONSENT_VERSION,
        **change,
    }
    return services.submit_verification(user=user, **asked)


def private_files() -> list[Path]:
    return [file for file in Path(settings.STORAGES["private"]["OPTIONS"]["location"]).rglob("*") if file.is_file()]


def nothing_was_kept(user: User) -> bool:
    profile = selectors.executor_profile(user)
    untouched = profile is None or profile.verification == ExecutorProfile.Verification.NONE
    return untouched and not VerificationRequest.objects.exists() and not VerificationDocument.objects.exists()


@pytest.fixture(autouse=True)
def _empty_private_storage() -> None:
    for file in private_files():
        file.unlink()


def test_a_request_waits_with_its_pictures_in_the_private_storage(person: User) -> None:
    request = submit(person)
    assert request.status == "pending"
    assert selectors.executor_profile(person).verification == "pending"  # type: ignore[union-attr]
    assert selectors.standing_consent(user_id=person.pk, kind="verification") == services.CONSENT_VERSION
    assert len(private_files()) == 2
    assert all(b"CANARY" not in file.read_bytes() for file in private_files())
    assert not Path(settings.MEDIA_ROOT, "verification").exists()
    assert not policies.may_respond(person)


def test_an_approved_person_may_respond_and_everybody_above_hears_of_it(
    person: User, moderator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[int] = []
    monkeypatch.setattr(hooks.verification_decided, "handlers", [lambda request_id: heard.append(request_id)])
    request = submit(person)
    services.decide_verification(request_id=request.pk, by=moderator, outcome="approved")
    assert policies.may_respond(person)
    assert selectors.executor_profile(person).verified_at  # type: ignore[union-attr]
    assert heard == [request.pk]
    assert AuditEvent.objects.get(action="verification.decided").actor == moderator
    assert policies.may_ask_for_verification(person).code == "already_verified"  # type: ignore[union-attr]


@pytest.mark.parametrize("outcome,again", [("more", True), ("rejected", False)])
def test_who_is_asked_again_may_try_at_once_who_is_rejected_later(
    person: User, moderator: User, outcome: str, again: bool
) -> None:
    request = submit(person)
    services.decide_verification(request_id=request.pk, by=moderator, outcome=outcome, reason="Фото нечёткое")
    assert not policies.may_respond(person)
    assert bool(policies.may_ask_for_verification(person)) is again
    VerificationRequest.objects.update(decided_at=now() - timedelta(days=31))
    assert submit(person).status == "pending"


@pytest.mark.parametrize(
    "change,code",
    [
        ({"full_name": "Олег"}, "invalid_input"),
        ({"document_kind": "diary"}, "invalid_input"),
        ({"consent_version": ""}, "invalid_input"),
        ({"document": b"%PDF-1.7"}, "not_a_picture"),
        ({"selfie": photo()[:200]}, "not_a_picture"),
        ({"selfie": b"\xff" * (15 * 1024 * 1024 + 1)}, "picture_too_heavy"),
    ],
)
def test_a_request_with_a_fault_is_refused_and_nothing_is_kept(person: User, change: dict[str, Any], code: str) -> None:
    with pytest.raises(DomainError) as refusal:
        submit(person, **change)
    assert refusal.value.code == code
    assert nothing_was_kept(person)
    assert not private_files()


@pytest.mark.parametrize(
    "missing,code",
    [
        ({"phone_confirmed_at": None}, "phone_not_confirmed"),
        ({"email_confirmed_at": None}, "email_not_confirmed"),
        ({"name": ""}, "name_missing"),
        ({"city": None}, "invalid_input"),
    ],
)
def test_who_has_not_done_the_first_steps_is_refused_and_nothing_is_kept(
    person: User, missing: dict[str, Any], code: str
) -> None:
    for name, value in missing.items():
        setattr(person, name, value)
    with pytest.raises(DomainError) as refusal:
        submit(person)
    assert refusal.value.code == code
    assert nothing_was_kept(person)
    assert not private_files()


def test_a_blocked_person_is_refused(person: User, moderator: User) -> None:
    services.restrict(user=person, kind="blocked", reason="Мошенничество", until=None, by=moderator)
    with pytest.raises(PolicyDenied):
        submit(person)
    assert nothing_was_kept(person)


def test_a_second_request_while_one_waits_is_refused(person: User) -> None:
    submit(person)
    with pytest.raises(PolicyDenied) as refusal:
        submit(person)
    assert refusal.value.code == "already_being_checked"
    assert VerificationRequest.objects.count() == 1
    assert len(private_files()) == 2


def test_a_city_takes_so_many_a_day_and_more_on_the_next(person: User, clock: Any) -> None:
    city = make_city()
    city.verification_per_day = 1
    city.save()
    clock.freeze(now().replace(hour=9, minute=0))
    submit(services.make_person(name="Пётр Первый", phone="+79990000001", email="p@example.org", city_id=city.pk))
    with pytest.raises(DomainError) as refusal:
        submit(person)
    assert refusal.value.code == "verification_full"
    assert VerificationRequest.objects.count() == 1
    assert len(private_files()) == 2
    assert selectors.executor_profile(person) is None
    clock.advance(hours=13)  # midnight in Moscow has passed
    assert submit(person).status == "pending"


def test_another_city_has_its_own_places(person: User) -> None:
    make_city()
    full = make_city("kazan", verification_per_day=0)
    stranger = services.make_person(name="Пётр Первый", phone="+79990000001", email="p@example.org", city_id=full.pk)
    with pytest.raises(DomainError):
        submit(stranger)
    assert submit(person).status == "pending"


def test_only_a_moderator_decides_not_about_themselves_and_with_a_reason(person: User, moderator: User) -> None:
    request = submit(person)
    with pytest.raises(PolicyDenied):
        services.decide_verification(request_id=request.pk, by=person, outcome="approved")
    with pytest.raises(InvalidInput):
        services.decide_verification(request_id=request.pk, by=moderator, outcome="rejected", reason=" ")
    with pytest.raises(InvalidInput):
        services.decide_verification(request_id=request.pk, by=moderator, outcome="pending")
    person.staff_role = "moderator"
    person.save()
    with pytest.raises(PolicyDenied) as refusal:
        services.decide_verification(request_id=request.pk, by=person, outcome="approved")
    assert refusal.value.code == "own_matter"
    request.refresh_from_db()
    assert request.status == "pending"
    assert not AuditEvent.objects.filter(action="verification.decided").exists()


def test_the_second_decision_comes_too_late(person: User, moderator: User) -> None:
    request = submit(person)
    services.decide_verification(request_id=request.pk, by=moderator, outcome="approved")
    with pytest.raises(StaleState):
        services.decide_verification(request_id=request.pk, by=moderator, outcome="rejected", reason="Нет")
    assert selectors.executor_profile(person).verification == "verified"  # type: ignore[union-attr]


def test_documents_are_destroyed_a_month_after_the_decision(person: User, moderator: User) -> None:
    request = submit(person)
    services.decide_verification(request_id=request.pk, by=moderator, outcome="approved")
    assert services.destroy_old_documents() == 0
    VerificationRequest.objects.update(decided_at=now() - timedelta(days=31))
    assert services.destroy_old_documents() == 2
    assert not private_files()
    assert policies.may_respond(person)


def test_a_document_is_reached_by_moderators_only_and_every_look_is_on_record(
    client: Client, person: User, moderator: User
) -> None:
    paper = submit(person).documents.first()
    assert paper
    address = f"/desk/verification/documents/{paper.public_id}/"
    assert client.get(address).status_code == 302
    sign_in(client, person)
    assert client.get(address).status_code == 403
    for guess in (f"/media/{paper.file_name}", f"/static/{paper.file_name}", f"/{paper.file_name}"):
        assert client.get(guess).status_code == 404
    assert not AuditEvent.objects.filter(action="verification.document_viewed").exists()
    sign_in(client, moderator)
    page = client.get(address)
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    assert Image.open(io.BytesIO(b"".join(page))).format == "JPEG"  # type: ignore[arg-type]
    event = AuditEvent.objects.get(action="verification.document_viewed")
    assert (event.actor, event.subject) == (moderator, f"verification:{paper.request_id}")


def test_the_page_says_what_is_still_missing(client: Client, person: User) -> None:
    person.email_confirmed_at = None
    person.save()
    sign_in(client, person)
    page = client.get("/account/verification/").content.decode()
    assert "нужно подтвердить" in page
    assert 'name="document"' not in page
    services.confirm_email(user=person, email="oleg@example.org")
    assert 'name="document"' in client.get("/account/verification/").content.decode()


def test_the_whole_way_on_pages(client: Client, person: User, moderator: User) -> None:
    sign_in(client, person)
    files = {"document": io.BytesIO(photo()), "selfie": io.BytesIO(photo("navy"))}
    for name, file in files.items():
        file.name = f"{name}.jpg"
    page = client.post(
        "/account/verification/",
        {"full_name": "Олег Мастер", "document_kind": "passport", "consent": "on", **files},
        follow=True,
    )
    assert "проверяет человек" in page.content.decode()
    desk = sign_in(Client(), moderator)
    opened = desk.get("/desk/verification/", follow=True)
    assert "Олег Мастер" in opened.content.decode()
    where = opened.redirect_chain[-1][0]
    refused = desk.post(where, {"outcome": "more", "ready": "", "reason": ""})
    assert refused.status_code == 422
    desk.post(where, {"outcome": "more", "ready": "blurred", "reason": "Переснимите при дневном свете."})
    again = client.get("/account/verification/").content.decode()
    assert "Фото документа нечёткое" in again
    assert "Переснимите при дневном свете." in again


@pytest.mark.parametrize("path", ["", "1/", "documents/6a1b8c1e-0f7e-4c33-9f0a-000000000000/"])
def test_the_desk_is_closed_for_people(client: Client, person: User, path: str) -> None:
    sign_in(client, person)
    assert client.get(f"/desk/verification/{path}").status_code == 403


def test_a_refused_picture_is_named_and_nothing_is_kept(person: User) -> None:
    make_city()
    for field in ("document", "selfie"):
        with pytest.raises(DomainError) as refused:
            submit(person, **{field: b"not a picture"})
        assert (refused.value.code, refused.value.field) == ("not_a_picture", field)
    assert not VerificationRequest.objects.exists()


def test_a_full_city_says_so_before_anybody_looks_for_a_document(person: User, client: Client) -> None:
    assert person.city is not None
    type(person.city).objects.update(verification_per_day=0)
    sign_in(client, person)
    page = client.get("/en/account/verification/").content.decode()
    assert "after midnight by the city" in page
    assert 'name="document"' not in page
