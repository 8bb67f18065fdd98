"""What a person may do by who they are, and what moderators can change of it."""

from datetime import timedelta

import pytest

from marketplace.accounts import policies, selectors, services
from marketplace.accounts.models import Restriction, Strike, User
from marketplace.kit.clock import now
from marketplace.kit.errors import InvalidInput, PolicyDenied
from marketplace.kit.models import AuditEvent
from marketplace.notifications.models import Notification

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> User:
    return services.make_person(name="Анна Крылова", phone="8 (912) 345-67-89", email="Anna@example.org")


@pytest.fixture
def moderator() -> User:
    return services.make_person(name="Мария Модератор", email="mod@example.org", staff_role="moderator")


def test_a_made_person_is_confirmed_and_known_by_the_sign_in(person: User) -> None:
    assert person.phone == "+79123456789"
    assert person.phone_confirmed_at
    assert person.email_confirmed_at
    assert person.emailaddress_set.get().email == person.email == "anna@example.org"
    assert selectors.public_name(person) == "Анна К."
    assert selectors.contact_card(person.pk).phone == "+79123456789"
    assert selectors.customer_standing(person.pk).phone_verified
    assert not person.has_usable_password()


def test_only_a_verified_executor_may_respond(person: User) -> None:
    assert policies.may_respond(person).code == "not_verified"  # type: ignore[union-attr]
    services.make_executor(user=person)
    assert policies.may_respond(person).code == "not_verified"  # type: ignore[union-attr]


@pytest.mark.parametrize("kind,what", [("posting", "may_post"), ("blocked", "may_post")])
def test_a_restriction_forbids_until_it_ends(person: User, moderator: User, kind: str, what: str) -> None:
    assert getattr(policies, what)(person)
    end = now() + timedelta(days=3)
    restriction = services.restrict(user=person, kind=kind, reason="Спам", until=end, by=moderator)
    denied = getattr(policies, what)(person)
    assert denied.code == "restricted"
    assert "Спам" in denied.reason
    Restriction.objects.filter(pk=restriction.pk).update(until=now())
    assert getattr(policies, what)(person)


def test_a_restriction_of_responding_leaves_posting_alone(person: User, moderator: User) -> None:
    services.restrict(user=person, kind="responding", reason="Срыв сделки", until=None, by=moderator)
    assert policies.may_post(person)
    assert policies.may_respond(person).code == "restricted"  # type: ignore[union-attr]


def test_a_lifted_restriction_forbids_nothing_and_both_steps_are_audited(person: User, moderator: User) -> None:
    restriction = services.restrict(user=person, kind="posting", reason="Спам", until=None, by=moderator)
    services.lift_restriction(restriction=restriction, by=moderator)
    assert policies.may_post(person)
    actions = AuditEvent.objects.filter(subject=f"user:{person.pk}").order_by("id").values_list("action", flat=True)
    assert list(actions) == ["restriction.added", "restriction.lifted"]


def test_the_person_hears_of_both(person: User, moderator: User) -> None:
    restriction = services.restrict(user=person, kind="posting", reason="Спам", until=None, by=moderator)
    services.lift_restriction(restriction=restriction, by=moderator)
    services.lift_restriction(restriction=restriction, by=moderator)
    told = Notification.objects.filter(user=person).order_by("pk").values_list("kind", flat=True)
    assert list(told) == ["restricted", "restriction_lifted"]


def test_people_restrict_and_strike_nobody_and_nothing_changes(person: User, moderator: User) -> None:
    with pytest.raises(PolicyDenied):
        services.restrict(user=moderator, kind="blocked", reason="Месть", until=None, by=person)
    with pytest.raises(PolicyDenied):
        services.add_strike(user=moderator, reason="Месть", source="case:1", by=person)
    assert not Restriction.objects.exists()
    assert not Strike.objects.exists()
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize("change", [{"kind": "everything"}, {"reason": "  "}, {"until": now() - timedelta(seconds=1)}])
def test_a_restriction_without_sense_is_refused_and_nothing_changes(
    person: User, moderator: User, change: dict[str, object]
) -> None:
    asked = {"kind": "posting", "reason": "Спам", "until": None, **change}
    with pytest.raises(InvalidInput):
        services.restrict(user=person, by=moderator, **asked)  # type: ignore[arg-type]
    assert not Restriction.objects.exists()
    assert not AuditEvent.objects.exists()


def test_one_source_gives_one_strike_however_often(person: User, moderator: User) -> None:
    first = services.add_strike(user=person, reason="Отмена", source="case:7", by=moderator)
    again = services.add_strike(user=person, reason="Ещё раз", source="case:7", by=moderator)
    assert first.pk == again.pk
    assert AuditEvent.objects.count() == 1
    services.withdraw_strike(source="case:7", by=moderator)
    assert not selectors.strikes_of(person.pk).exists()
