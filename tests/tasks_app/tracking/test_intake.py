"""What comes in of a batch of positions: each point once, in any order, and nothing impossible."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from marketplace.accounts.models import User
from tasks_app.tracking import consent, intake, selectors, services
from tasks_app.tracking.errors import BadBatch
from tasks_app.tracking.models import DeletedDay, Ping, Shift
from tasks_app.tracking.partitions import drop_partitions_before, partition_days
from tests.conftest import Clock
from tests.tasks_app.tracking.conftest import DEVICE, NOON, point


def reasons(receipt: intake.PingReceipt) -> list[str]:
    return [refused.reason for refused in receipt.refused]


def test_points_of_a_shift_are_kept_with_both_times(send: Any, executor: User) -> None:
    receipt = send(point(NOON - timedelta(minutes=2)), point(NOON - timedelta(minutes=1)), sent_at=NOON.isoformat())
    assert (receipt.stored, receipt.duplicates, receipt.refused) == (2, 0, ())
    ping = Ping.objects.filter(executor=executor).order_by("at")[0]
    assert (ping.at, ping.received_at, ping.skew_ms, ping.accuracy_m) == (NOON - timedelta(minutes=2), NOON, 0, 12)


def test_the_same_batch_sent_again_adds_nothing(send: Any) -> None:
    batch = [point(NOON - timedelta(minutes=n)) for n in range(5)]
    send(*batch)
    again = send(*batch, point(NOON))
    assert (again.stored, again.duplicates, Ping.objects.count()) == (1, 5, 6)


def test_a_point_twice_in_one_batch_is_kept_once(send: Any) -> None:
    one = point(NOON)
    receipt = send(one, one)
    assert (receipt.stored, receipt.duplicates) == (1, 1)


def test_points_out_of_order_read_back_in_order(send: Any, executor: User) -> None:
    send(point(NOON), point(NOON - timedelta(minutes=10)))
    send(point(NOON - timedelta(minutes=5)))
    fixes = selectors.track(executor_id=executor.pk, start=NOON - timedelta(hours=1), end=NOON)
    assert [(NOON - fix.at) / timedelta(minutes=1) for fix in fixes] == [10, 5, 0]


def test_a_wrong_clock_is_measured_and_put_right(send: Any) -> None:
    behind = NOON - timedelta(hours=3)
    receipt = send(point(behind - timedelta(minutes=4)), sent_at=behind.isoformat())
    ping = Ping.objects.get()
    assert receipt.stored == 1
    assert (ping.at, ping.skew_ms) == (NOON - timedelta(minutes=4), 3 * 3600 * 1000)


def test_sent_again_with_another_skew_over_midnight_is_still_the_same_point(send: Any, clock: Clock) -> None:
    device_time = NOON.replace(hour=9, minute=59) - timedelta(hours=10)
    one = point(device_time)
    send(one, sent_at=(NOON - timedelta(hours=12)).isoformat())
    clock.advance(minutes=3)
    again = send(one, sent_at=(NOON - timedelta(hours=12, seconds=-20)).isoformat())
    assert (again.stored, again.duplicates, Ping.objects.count()) == (0, 1, 1)


def test_a_clock_off_by_more_than_a_day_is_refused(send: Any) -> None:
    assert reasons(send(point(NOON), sent_at=(NOON - timedelta(days=2)).isoformat())) == ["clock"]
    assert Ping.objects.count() == 0


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"lat": 90.01}, "place"),
        ({"lat": float("nan")}, "place"),
        ({"lat": "55"}, "place"),
        ({"lon": 180.5}, "place"),
        ({"lon": True}, "place"),
        ({"lon": 10**400}, "place"),
        ({"lon": 0, "lat": 0}, "place"),
        ({"accuracy": -1}, "accuracy"),
        ({"accuracy": 5_000_000}, "accuracy"),
        ({"accuracy": float("inf")}, "accuracy"),
        ({"at": "yesterday"}, "time"),
        ({"at": "2026-11-20T12:00:00"}, "time"),
        ({"at": 1e300}, "time"),
        ({"at": (NOON + timedelta(minutes=10)).isoformat()}, "future"),
        ({"at": (NOON - timedelta(hours=49)).isoformat()}, "too_old"),
        ({"id": "1"}, "id"),
        ({"id": None}, "id"),
    ],
)
def test_an_impossible_point_is_refused_alone(send: Any, changes: dict[str, Any], reason: str) -> None:
    receipt = send({**point(NOON), **changes}, point(NOON))
    assert reasons(receipt) == [reason]
    assert (receipt.stored, Ping.objects.count()) == (1, 1)


@pytest.mark.parametrize("raw", [None, [], {}, {"points": 5}, {"points": [{}] * 201}])
def test_what_is_no_batch_is_refused_whole(executor: User, shift: Shift, raw: Any) -> None:
    with pytest.raises(BadBatch):
        services.accept_pings(user=executor, device_id=DEVICE, batch=raw)
    assert Ping.objects.count() == 0


def test_another_device_may_not_speak_for_this_one(send: Any) -> None:
    receipt = send(point(NOON), device="somebody-elses-phone")
    assert reasons(receipt) == ["foreign_device"]
    assert Ping.objects.count() == 0


def test_another_person_with_the_same_device_id_is_foreign(send: Any, db: None) -> None:
    other = User.objects.create_user(name="Пётр", phone="+79990000002")
    receipt = services.accept_pings(user=other, device_id=DEVICE, batch={"points": [point(NOON)]})
    assert reasons(receipt) == ["foreign_device"]
    assert Ping.objects.count() == 0


def test_nothing_is_kept_from_outside_of_a_shift(send: Any, executor: User, clock: Clock) -> None:
    before = point(NOON - timedelta(hours=2, minutes=5))
    services.end_shift(user=executor)
    clock.advance(hours=1)
    after = point(NOON + timedelta(minutes=30))
    within = point(NOON - timedelta(minutes=30))
    receipt = send(before, within, after)
    assert reasons(receipt) == ["no_shift", "no_shift"]
    assert (receipt.stored, Ping.objects.count()) == (1, 1)


def test_what_was_kept_offline_is_not_taken_after_the_consent_was_taken_back(send: Any, executor: User) -> None:
    send(point(NOON - timedelta(minutes=30)))
    services.withdraw_location_consent(user=executor)
    receipt = send(point(NOON - timedelta(minutes=20)), point(NOON))
    assert (receipt.stored, reasons(receipt)) == (0, ["consent", "consent"])
    assert Ping.objects.count() == 1


def test_nor_of_a_shift_that_had_ended_before_nor_after_agreeing_anew(send: Any, executor: User, clock: Clock) -> None:
    services.end_shift(user=executor)
    services.withdraw_location_consent(user=executor)
    clock.advance(minutes=10)
    services.start_shift(user=executor, device_id=DEVICE, consent_version=consent.VERSION)
    clock.advance(minutes=10)
    receipt = send(point(NOON - timedelta(minutes=20)), point(NOON + timedelta(minutes=15)))
    assert (receipt.stored, reasons(receipt)) == (1, ["consent"])
    assert Ping.objects.get().at == NOON + timedelta(minutes=15)


def test_a_deleted_day_does_not_come_back_and_the_shift_goes_on(send: Any, executor: User, clock: Clock) -> None:
    send(point(NOON - timedelta(minutes=30)))
    services.delete_track(user=executor, day=NOON.date())
    clock.advance(minutes=10)
    receipt = send(point(NOON - timedelta(minutes=20)), point(NOON + timedelta(minutes=5)))
    assert (receipt.stored, reasons(receipt)) == (1, ["deleted"])
    assert Ping.objects.get().at == NOON + timedelta(minutes=5)


def test_a_deleted_day_of_one_person_says_nothing_about_another(send: Any, executor: User) -> None:
    other = User.objects.create_user(name="Пётр", phone="+79990000002")
    DeletedDay.objects.create(executor=other, day=NOON.date(), at=NOON)
    assert send(point(NOON - timedelta(minutes=20))).stored == 1


def test_a_flood_is_refused_until_the_next_minute(send: Any, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "POINTS_PER_MINUTE", 30)
    for n in range(3):
        assert send(*[point(NOON - timedelta(seconds=10 * n + m)) for m in range(10)]).stored == 10
    flood = send(point(NOON))
    assert flood.flooded
    assert Ping.objects.count() == 30
    clock.advance(minutes=1)
    assert send(point(NOON)).stored == 1


def test_a_batch_over_midnight_goes_into_two_days(send: Any, clock: Clock, executor: User) -> None:
    midnight = datetime(2026, 11, 21, tzinfo=UTC)
    clock.freeze(midnight + timedelta(minutes=5))
    receipt = send(point(midnight - timedelta(seconds=1)), point(midnight), point(midnight + timedelta(seconds=1)))
    assert receipt.stored == 3
    assert set(Ping.objects.values_list("day", flat=True)) == {midnight.date() - timedelta(days=1), midnight.date()}
    fixes = selectors.track(executor_id=executor.pk, start=midnight - timedelta(minutes=1), end=midnight)
    assert len(fixes) == 2


def test_old_days_are_dropped_whole(send: Any) -> None:
    send(point(NOON))
    assert NOON.date() in partition_days()
    drop_partitions_before(NOON.date())
    assert Ping.objects.count() == 1
    assert NOON.date() in drop_partitions_before(NOON.date() + timedelta(days=1))
    assert Ping.objects.count() == 0
