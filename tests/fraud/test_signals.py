"""Indications besides positions: found again without doubles, told in words, shown on the case and the person's page."""

from datetime import timedelta

import pytest
from django.test import Client

from fraud import selectors
from fraud.models import Case, Signal
from fraud.related.graph import ring_of
from fraud.signals.finding import find_signals
from fraud.signals.unusual import unusual_people
from marketplace.accounts.models import User
from marketplace.chat import services as chat
from tasks_app.models import Assignment
from tasks_app.selectors import Habits
from tests.conftest import Clock
from tests.fraud.conftest import DEVICE, walk
from tests.fraud.tracks import DAY, FAR, stand
from tests.journeys import steps
from tests.people import sign_in


def kinds(person: User) -> set[str]:
    return set(Signal.objects.filter(person=person).values_list("kind", flat=True))


def cancelled_deal(executor: User, customer: User) -> Assignment:
    deal = steps.assigned(steps.post_task(by=customer), by=executor)
    steps.cancel(deal)
    return deal


def test_a_pair_that_cancels_again_and_contacts_hidden_before(db: None, in_russian: None) -> None:
    executor, customer = steps.executor(money=None), steps.customer()
    for _n in range(2):
        cancelled_deal(executor, customer)
    response = steps.respond(steps.post_task(by=customer), by=executor)
    thread = chat.open_thread(response_id=response.pk, by=customer)
    chat.send_message(thread_id=thread.pk, by=executor, text="Мой номер +7 916 123-45-67", client_id="c-1")
    assert find_signals() == find_signals()
    assert {"pair", "contacts"} <= kinds(executor)
    assert Signal.objects.filter(kind="pair").count() == 1
    texts = [signal.text for signal in selectors.signals_of_person(customer.pk)]
    assert "Отменены 2 из 2 сделок этих двоих" in texts


def test_a_task_posted_again_speaks_against(db: None, clock: Clock) -> None:
    clock.freeze(DAY)
    executor, customer = steps.executor(), steps.customer()
    cancelled_deal(executor, customer)
    clock.advance(hours=3)
    steps.post_task(by=customer)
    find_signals()
    (signal,) = Signal.objects.filter(kind="reposted")
    assert (signal.side, signal.person, signal.params) == ("against", customer, {"hours": 3})


def test_one_phone_of_two_people(db: None, clock: Clock) -> None:
    clock.freeze(DAY)
    one, other = steps.executor(), steps.executor(name="Пётр Второй")
    for person in (one, other):
        walk(person, stand(FAR, 9, 10), clock)
    find_signals()
    assert kinds(one) == kinds(other) == {"shared_device"}
    assert DEVICE not in str(Signal.objects.values_list("params", flat=True))


def test_two_on_one_phone_are_told_once_on_a_case_and_on_a_page(case: Case) -> None:
    for one, other in ((case.executor, case.customer), (case.customer, case.executor)):
        Signal.objects.create(
            kind="shared_device", person=one, other=other, subject=f"phone:{other.pk}", score=0.9,
            params={"what": "phone", "other": other.public_name},
        )  # fmt: skip
    for told in (selectors.signals_of_case(case), selectors.signals_of_person(case.customer_id)):
        assert [signal.kind for signal in told] == ["shared_device"]


def test_among_those_unlike_others_it_is_not_said_again(db: None, in_english: None) -> None:
    parts = [{"name": "cancelled", "own": 40, "usual": 5}]
    Signal.objects.create(
        kind="unusual", person=steps.executor(), subject="90 days", score=0.4, side="note", params={"parts": parts}
    )
    page = sign_in(Client(), steps.operator()).get("/en/desk/learning/").content.decode()
    assert page.count("Unlike others") == 1
    assert "Deals cancelled after the choice: 40 % (usually 5 %)" in page


def test_tasks_that_nobody_gets(db: None) -> None:
    customer = steps.customer()
    executors = [steps.executor(name=f"Исполнитель {n}") for n in range(2)]
    for _n in range(5):
        task = steps.post_task(by=customer)
        for executor in executors:
            steps.respond(task, by=executor)
    find_signals()
    assert kinds(customer) == {"fake_tasks"}
    assert not kinds(executors[0])


def habits(pk: int, deals: int = 10, cancelled: int = 1, one: int = 1, quickly: int = 0) -> Habits:
    return Habits(pk, deals, cancelled, quickly, one, set(range(pk * 100, pk * 100 + deals)))


def test_who_is_unlike_others_is_told_in_what() -> None:
    usual = [habits(pk) for pk in range(1, 12)]
    (found,) = unusual_people([*usual, habits(99, cancelled=9, one=9, quickly=8)], set())
    assert found.executor_id == 99
    assert {part["name"] for part in found.parts} <= {"cancelled", "one_customer", "quick"}
    assert found.parts[0]["own"] > found.parts[0]["usual"]


@pytest.mark.parametrize("count", [3, 12])
def test_where_all_are_alike_or_few_nobody_is_unusual(count: int) -> None:
    assert unusual_people([habits(pk) for pk in range(1, count)], set()) == []


def test_a_ring_is_grown_from_pairs_and_devices(case: Case, clock: Clock) -> None:
    clock.freeze(DAY + timedelta(days=1))
    second = steps.executor(name="Пётр Второй")
    cancelled_deal(second, case.customer)
    walk(second, stand(FAR, 30, 31), clock)
    find_signals()
    ring = ring_of(case)
    assert {member.user_id: member.steps for member in ring.members} == {
        case.executor_id: 0, case.customer_id: 0, second.pk: 1,
    }  # fmt: skip
    assert {bond.kind for bond in ring.bonds} == {"deals", "device"}


def test_the_case_and_the_person_show_them(case: Case, moderator: User, clock: Clock) -> None:
    cancelled_deal(case.executor, case.customer)
    find_signals()
    desk = sign_in(Client(), moderator)
    for path in (f"/en/desk/cases/{case.pk}/", f"/en/desk/people/{case.executor_id}/"):
        assert "2 of 2 deals of these two were cancelled" in desk.get(path).content.decode()
    assert sign_in(Client(), case.executor).get(f"/desk/people/{case.executor_id}/").status_code in (403, 404)
