"""A restricted or refused person reads why and appeals; another moderator decides."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from marketplace.accounts import hooks, policies, selectors, services
from marketplace.accounts.errors import AlreadyAppealed
from marketplace.accounts.models import Appeal, Restriction, User
from marketplace.kit.errors import InvalidInput, NotFound, PolicyDenied, StaleState
from marketplace.kit.models import AuditEvent
from tests.people import sign_in

pytestmark = pytest.mark.django_db


def moderator(name: str) -> User:
    return services.make_person(name=f"{name} Модератор", email=f"{name}@example.org", staff_role="moderator")


@pytest.fixture
def person() -> User:
    return services.make_person(name="Анна Крылова", phone="+79123456789")


@pytest.fixture
def first() -> User:
    return moderator("mary")


@pytest.fixture
def restriction(person: User, first: User) -> Restriction:
    return services.restrict(user=person, kind="posting", reason="Рассылка", until=None, by=first)


def test_an_upheld_appeal_lifts_the_restriction(
    person: User, restriction: Restriction, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[int] = []
    monkeypatch.setattr(hooks.appeal_decided, "handlers", [lambda appeal_id: heard.append(appeal_id)])
    appeal = services.appeal_restriction(user=person, restriction_id=restriction.pk, text="Это не рассылка.")
    second = moderator("nina")
    services.decide_appeal(appeal=appeal, by=second, upheld=True, reason="Согласна.")
    assert policies.may_post(person)
    restriction.refresh_from_db()
    assert restriction.lifted_by == second
    assert heard == [appeal.pk]


def test_a_dismissed_appeal_changes_nothing_but_is_answered(person: User, restriction: Restriction) -> None:
    appeal = services.appeal_restriction(user=person, restriction_id=restriction.pk, text="Это не рассылка.")
    services.decide_appeal(appeal=appeal, by=moderator("nina"), upheld=False, reason="Рассылка.")
    assert not policies.may_post(person)
    assert selectors.appeals_of(person)[f"restriction:{restriction.pk}"].outcome == "dismissed"


def test_who_decided_first_does_not_decide_the_appeal(person: User, restriction: Restriction, first: User) -> None:
    appeal = services.appeal_restriction(user=person, restriction_id=restriction.pk, text="Это не рассылка.")
    for by in (first, person):
        with pytest.raises(PolicyDenied):
            services.decide_appeal(appeal=appeal, by=by, upheld=True, reason="Да")
    with pytest.raises(IntegrityError), transaction.atomic():
        Appeal.objects.filter(pk=appeal.pk).update(decided_by=first)  # the database does not let it through either
    appeal.refresh_from_db()
    assert appeal.outcome == "pending"
    assert not policies.may_post(person)
    assert not AuditEvent.objects.filter(action="appeal.decided").exists()


def test_an_appeal_is_decided_once_and_with_a_reason(person: User, restriction: Restriction) -> None:
    appeal = services.appeal_restriction(user=person, restriction_id=restriction.pk, text="Это не рассылка.")
    second = moderator("nina")
    with pytest.raises(InvalidInput):
        services.decide_appeal(appeal=appeal, by=second, upheld=True, reason=" ")
    services.decide_appeal(appeal=appeal, by=second, upheld=False, reason="Рассылка.")
    with pytest.raises(StaleState):
        services.decide_appeal(appeal=appeal, by=moderator("olga"), upheld=True, reason="Передумали")
    assert not policies.may_post(person)


def test_one_appeal_with_words_and_only_about_oneself(person: User, restriction: Restriction) -> None:
    stranger = services.make_person(name="Олег", phone="+79990000000")
    with pytest.raises(NotFound):
        services.appeal_restriction(user=stranger, restriction_id=restriction.pk, text="Снимите.")
    for text in ("", "   ", "я" * 4001):
        with pytest.raises(InvalidInput):
            services.appeal_restriction(user=person, restriction_id=restriction.pk, text=text)
    assert not Appeal.objects.exists()
    services.appeal_restriction(user=person, restriction_id=restriction.pk, text="Это не рассылка.")
    with pytest.raises(AlreadyAppealed):
        services.appeal_restriction(user=person, restriction_id=restriction.pk, text="И ещё.")
    assert Appeal.objects.get().text == "Это не рассылка."


def test_the_whole_way_on_pages(client: Client, person: User, restriction: Restriction, first: User) -> None:
    sign_in(client, person)
    assert "Рассылка" in client.get("/account/").content.decode()
    assert "Рассылка" in client.get("/account/restrictions/").content.decode()
    address = f"/account/restrictions/{restriction.pk}/appeal/"
    page = client.post(address, {"text": "Это не рассылка."}, follow=True)
    assert "Вы подали жалобу" in page.content.decode()
    own = sign_in(Client(), first).get("/desk/appeals/").content.decode()
    assert "Это не рассылка." in own
    assert 'name="outcome"' not in own
    other = sign_in(Client(), moderator("nina"))
    appeal = Appeal.objects.get()
    other.post(f"/desk/appeals/{appeal.pk}/", {"outcome": "upheld", "reason": "Вы правы."})
    assert "Ограничений нет" in client.get("/account/restrictions/").content.decode()


def test_a_moderator_restricts_and_lifts_on_pages(client: Client, person: User, first: User) -> None:
    sign_in(client, first)
    assert person.name in client.get("/desk/people/", {"q": "8 912 345-67-89"}).content.decode()
    address = f"/desk/people/{person.pk}/restrict/"
    assert client.post(address, {"kind": "posting", "days": "3", "reason": ""}).status_code == 422
    assert policies.may_post(person)
    client.post(address, {"kind": "posting", "days": "3", "reason": "Рассылка"})
    assert not policies.may_post(person)
    client.post(f"/desk/restrictions/{Restriction.objects.get().pk}/lift/")
    assert policies.may_post(person)
