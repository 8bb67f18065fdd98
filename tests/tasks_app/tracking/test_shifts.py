"""A shift begins with a plain consent, on one device, and what it left can be seen and deleted."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from marketplace.accounts.models import Consent, User
from marketplace.kit.clock import now
from marketplace.kit.errors import DomainError, NotFound, PolicyDenied
from tasks_app.tracking import consent, selectors, services
from tasks_app.tracking.errors import BadDevice, ConsentMissing, ConsentOutdated, HeldByCase, PingKeyInvalid
from tasks_app.tracking.jobs import forget_days
from tasks_app.tracking.keys import make_key, read_key
from tasks_app.tracking.models import DeletedDay, Ping, Shift
from tests.conftest import Clock
from tests.people import sign_in
from tests.tasks_app.tracking.conftest import DEVICE, NOON, point


def test_a_shift_keeps_the_wording_agreed_to(shift: Shift, executor: User) -> None:
    assert shift.consent_version == consent.VERSION
    assert Consent.objects.get(user=executor).kind == "location"
    assert selectors.location_consent(executor.pk)


@pytest.mark.parametrize(
    ("device", "version", "error"),
    [(DEVICE, "", ConsentMissing), (DEVICE, "2019-01", ConsentOutdated), ("<script>", consent.VERSION, BadDevice)],
)
def test_without_consent_or_device_no_shift_begins(
    executor: User, device: str, version: str, error: type[DomainError]
) -> None:
    with pytest.raises(error):
        services.start_shift(user=executor, device_id=device, consent_version=version)
    assert not Shift.objects.exists()
    assert not Consent.objects.exists()


def test_a_shift_is_for_executors(db: None) -> None:
    customer = User.objects.create_user(name="Ирина", phone="+79990000003")
    with pytest.raises(PolicyDenied):
        services.start_shift(user=customer, device_id=DEVICE, consent_version=consent.VERSION)
    assert not Shift.objects.exists()


def test_starting_again_on_the_same_device_changes_nothing(shift: Shift, executor: User) -> None:
    again = services.start_shift(user=executor, device_id=DEVICE, consent_version=consent.VERSION)
    assert again.pk == shift.pk


def test_starting_on_another_device_ends_the_first(shift: Shift, executor: User) -> None:
    services.start_shift(user=executor, device_id="another-phone", consent_version=consent.VERSION)
    shift.refresh_from_db()
    assert (shift.ended_at, shift.ended_why) == (NOON, "other_device")
    assert Shift.objects.filter(ended_at=None).count() == 1


def test_a_shift_whose_time_was_over_ended_by_time_and_not_by_the_next_one(
    shift: Shift, executor: User, clock: Clock
) -> None:
    clock.freeze(shift.ends_by + timedelta(hours=1))
    services.start_shift(user=executor, device_id=DEVICE, consent_version=consent.VERSION)
    shift.refresh_from_db()
    assert (shift.ended_at, shift.ended_why) == (shift.ends_by, "time")


def test_a_forgotten_shift_ends_by_itself(shift: Shift, executor: User, clock: Clock) -> None:
    clock.freeze(shift.ends_by + timedelta(minutes=20))
    assert selectors.open_shift(executor.pk) is None
    assert services.end_overdue_shifts() == 1
    shift.refresh_from_db()
    assert shift.ended_at == shift.ends_by


def test_taking_the_consent_back_ends_the_shift(shift: Shift, executor: User) -> None:
    services.withdraw_location_consent(user=executor)
    assert selectors.open_shift(executor.pk) is None
    assert not selectors.location_consent(executor.pk)
    with pytest.raises(NotFound):
        services.end_shift(user=executor)


def test_a_new_wording_asks_again_and_the_old_one_can_still_be_taken_back(
    executor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consent, "VERSION", "2026-01")
    services.start_shift(user=executor, device_id=DEVICE, consent_version="2026-01")
    monkeypatch.undo()
    with pytest.raises(ConsentOutdated):
        services.start_shift(user=executor, device_id=DEVICE, consent_version="2026-01")
    assert not selectors.location_consent(executor.pk)
    person = sign_in(Client(), executor)
    assert "/my/location/consent/" in person.get("/my/location/").content.decode()
    person.post("/my/location/consent/")
    assert not selectors.agreed_once(executor.pk)
    assert "/my/location/consent/" not in person.get("/my/location/").content.decode()


def test_a_person_sees_and_deletes_a_day(send: Any, executor: User) -> None:
    send(point(NOON), point(NOON - timedelta(hours=1)))
    (stored,) = selectors.stored_summary(executor)
    assert (stored.day, stored.points, stored.held) == (NOON.date(), 2, False)
    assert services.delete_track(user=executor, day=NOON.date()) == 2
    assert selectors.stored_summary(executor) == []


def test_a_deleted_day_leaves_its_bare_date_and_no_point(send: Any, executor: User, clock: Clock) -> None:
    send(point(NOON))
    services.delete_track(user=executor, day=NOON.date())
    services.delete_track(user=executor, day=NOON.date() - timedelta(days=1))  # nothing was there: nothing to name
    assert selectors.own_deletions(executor) == [NOON.date()]
    assert {field.name for field in DeletedDay._meta.get_fields()} == {"id", "executor", "day", "at"}
    clock.freeze(NOON + timedelta(days=61))
    forget_days()
    assert selectors.own_deletions(executor) == []


def test_the_newest_position_is_read_as_one_row(send: Any, executor: User) -> None:
    send(point(NOON), point(NOON - timedelta(minutes=5)), point(NOON - timedelta(minutes=1)))
    with CaptureQueriesContext(connection) as queries:
        last = selectors._last_fix(executor_id=executor.pk, since=NOON - timedelta(hours=1))
    assert last is not None
    assert last.at == NOON
    assert "LIMIT 1" in queries.captured_queries[-1]["sql"]


def test_deleting_leaves_other_days_and_other_people_alone(send: Any, executor: User, clock: Clock) -> None:
    send(point(NOON))
    other = User.objects.create_user(name="Пётр", phone="+79990000002")
    assert services.delete_track(user=other, day=NOON.date()) == 0
    assert services.delete_track(user=executor, day=NOON.date() - timedelta(days=1)) == 0
    assert Ping.objects.count() == 1


def test_a_day_that_a_check_needs_cannot_be_deleted_until_it_is_over(send: Any, executor: User) -> None:
    send(point(NOON))
    services.hold_track(
        executor_id=executor.pk, since=NOON - timedelta(hours=1), until=NOON + timedelta(hours=1), reference="check:1"
    )
    with pytest.raises(HeldByCase):
        services.delete_track(user=executor, day=NOON.date())
    assert selectors.stored_summary(executor)[0].held
    assert Ping.objects.count() == 1
    services.release_track(reference="check:1")
    assert services.delete_track(user=executor, day=NOON.date()) == 1


def test_a_ping_key_names_one_person_and_device_and_runs_out(clock: Clock) -> None:
    clock.freeze(NOON)
    key = make_key(executor_id=7, device_id="a.device_with-signs")
    assert (read_key(key).executor_id, read_key(key).device_id) == (7, "a.device_with-signs")
    for damaged in (key[:-1], key.replace("7.", "8.", 1), "", "x"):
        with pytest.raises(PingKeyInvalid):
            read_key(damaged)
    clock.advance(hours=73)
    with pytest.raises(PingKeyInvalid):
        read_key(key)
    assert now() > NOON
