"""The desk's pages: for moderators only, without a script, each look written down; and a person's own side of a case."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from fraud.learning.words import figure_value
from fraud.models import Case
from marketplace.accounts.models import Appeal, User
from marketplace.kit.clock import now
from marketplace.kit.models import AuditEvent
from tests.fraud.conftest import agreed, cancelled, case, moderator  # noqa: F401  the state of a flagged case
from tests.journeys import steps
from tests.people import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client, moderator: User) -> Client:  # noqa: F811
    return sign_in(client, moderator)


def test_the_queue_and_the_case_open_for_a_moderator(desk: Client, case: Case) -> None:  # noqa: F811
    queue = desk.get("/desk/")
    assert f"/desk/cases/{case.pk}/" in queue.content.decode()
    page = desk.get(f"/desk/cases/{case.pk}/").content.decode()
    for words in ("Стоянка 85–", "стоянок здесь не было", 'class="track"', 'class="band"', "решить до"):
        assert words in page
    assert AuditEvent.objects.filter(action="track.viewed", subject=f"case:{case.pk}").count() == 1


def test_in_english_too(desk: Client, case: Case) -> None:  # noqa: F811
    page = desk.get(f"/en/desk/cases/{case.pk}/").content.decode()
    assert "Stayed 85–" in page
    assert "Stayed %(" not in page


@pytest.mark.parametrize("path", ["/desk/", "/desk/cases/{}/", "/desk/cases/{}/next/", "/desk/case-appeals/"])
def test_nobody_but_moderators_finds_the_desk(client: Client, case: Case, path: str) -> None:  # noqa: F811
    address = path.format(case.pk)
    assert client.get(address).status_code == 302
    for person in (case.executor, case.customer, steps.customer()):
        assert sign_in(Client(), person).get(address).status_code == 404
    assert not AuditEvent.objects.filter(action="track.viewed").exists()


@pytest.mark.parametrize("action", ["decide", "take", "note", "ask", "snooze"])
def test_nobody_but_moderators_acts_at_the_desk(case: Case, action: str) -> None:  # noqa: F811
    before = case.events.count()
    for person in (case.executor, case.customer):
        answer = sign_in(Client(), person).post(
            f"/desk/cases/{case.pk}/{action}/", {"outcome": "innocent", "reason": "x"}
        )
        assert answer.status_code == 404
    case.refresh_from_db()
    assert (case.status, case.events.count()) == ("pending", before)


def test_a_case_is_decided_by_a_plain_form(desk: Client, case: Case) -> None:  # noqa: F811
    answer = desk.post(f"/desk/cases/{case.pk}/decide/", {"outcome": "innocent", "reason_code": "sent_away"})
    assert answer.status_code == 302
    case.refresh_from_db()
    assert (case.status, case.outcome) == ("closed", "innocent")


def test_a_decision_without_a_reason_comes_back_with_the_sentence(desk: Client, case: Case) -> None:  # noqa: F811
    answer = desk.post(f"/desk/cases/{case.pk}/decide/", {"outcome": "confirmed", "keep_fee": "on"})
    assert answer.status_code == 422
    assert "Укажите причину" in answer.content.decode()
    case.refresh_from_db()
    assert case.status == "pending"


def test_note_question_taking_and_putting_aside(desk: Client, case: Case) -> None:  # noqa: F811
    desk.post(f"/desk/cases/{case.pk}/take/")
    desk.post(f"/desk/cases/{case.pk}/note/", {"text": "Похоже на правду."})
    desk.post(f"/desk/cases/{case.pk}/ask/", {"question": "Как было?"})
    desk.post(f"/desk/cases/{case.pk}/snooze/", {"hours": "4"})
    assert [event.kind for event in case.events.all()][-4:] == ["taken", "note", "asked", "snoozed"]
    assert f"/desk/cases/{case.pk}/" not in desk.get("/desk/").content.decode()
    assert f"/desk/cases/{case.pk}/" in desk.get("/desk/?view=mine").content.decode()


@pytest.mark.parametrize("odd", ["²", "9" * 30, "-1", ""], ids=["squared", "endless", "negative", "nothing"])
def test_a_number_that_is_none_is_no_error(desk: Client, case: Case, odd: str) -> None:  # noqa: F811
    assert desk.post(f"/desk/cases/{case.pk}/decide/", {"outcome": "", "restrict_days": odd}).status_code == 422
    assert desk.post(f"/desk/cases/{case.pk}/ask/", {"hours": odd}).status_code == 422
    assert desk.post(f"/desk/cases/{case.pk}/snooze/", {"hours": odd}).status_code == 302
    case.refresh_from_db()
    assert case.snoozed_until
    assert case.snoozed_until <= now() + timedelta(hours=4)


@pytest.mark.parametrize(("seconds", "words"), [(45, "45 с"), (900, "15 мин"), (252_087, "70 ч")])
def test_a_span_of_a_figure_is_told_in_its_unit(in_russian: None, seconds: float, words: str) -> None:
    assert figure_value("delay_p95", seconds) == words


def test_the_executor_reads_answers_and_appeals(case: Case, moderator: User) -> None:  # noqa: F811
    executor = sign_in(Client(), case.executor)
    page = executor.get(f"/my/cases/{case.pk}/").content.decode()
    assert "Почему идёт проверка" in page
    assert "Стоянка 85–" in page
    desk = sign_in(Client(), moderator)
    desk.post(f"/desk/cases/{case.pk}/ask/", {"question": "Как было?"})
    inquiry = case.inquiries.get(person=case.executor)
    executor.post(f"/my/cases/{case.pk}/answers/{inquiry.pk}/", {"text": "Я был у соседей."})
    assert "Я был у соседей." in desk.get(f"/desk/cases/{case.pk}/").content.decode()
    desk.post(f"/desk/cases/{case.pk}/decide/", {"outcome": "confirmed", "reason": "Работал.", "keep_fee": "on"})
    executor.post(f"/my/cases/{case.pk}/appeal/", {"text": "Это был другой заказ."})
    appeal = Appeal.objects.get()
    other = sign_in(Client(), steps.moderator("Пётр Второй"))
    assert "Это был другой заказ." in other.get(f"/desk/case-appeals/{appeal.pk}/").content.decode()
    other.post(f"/desk/case-appeals/{appeal.pk}/decide/", {"upheld": "yes", "reason": "Верно."})
    assert "Решено в вашу пользу" in executor.get(f"/my/cases/{case.pk}/").content.decode()
    assert executor.get("/my/cases/").status_code == 200


def test_ones_own_day_fits_a_phone(client: Client, case: Case) -> None:  # noqa: F811
    """The picture is as wide as a phone and holds only hours; what its colours mean stands below it."""
    page = sign_in(client, case.executor).get(f"/my/cases/{case.pk}/").content.decode()
    band = page.partition('<svg class="band" viewBox="0 0 340 ')[2].partition("</svg>")[0]
    labels = re.findall(r'<text class="([a-z-]+)" x="([0-9.]+)"[^>]*>([^<]+)</text>', band)
    assert labels
    assert all(kind == "band-hour" and 16 <= float(x) <= 324 for kind, x, _text in labels)
    told = page.partition("</svg></div>")[2].partition("</ul>")[0]
    assert "Согласованное время" in told
    assert "был здесь" in told


def test_strangers_find_no_case(client: Client, case: Case) -> None:  # noqa: F811
    assert client.get(f"/my/cases/{case.pk}/").status_code == 302
    for person in (case.customer, steps.customer()):
        assert sign_in(Client(), person).get(f"/my/cases/{case.pk}/").status_code == 404


def test_every_check_of_the_books_and_every_kind_of_entry_has_words(in_russian: None) -> None:
    from frontend.desk.money import names
    from payments.ledger.reconciliation import CHECKS
    from payments.models import Entry

    assert set(CHECKS) <= set(names.CHECKS)
    for said in (*map(names.check_name, names.CHECKS), *map(names.entry_name, Entry.Kind.values)):
        assert any("а" <= letter <= "я" for letter in said.lower()), said
    assert all(any("а" <= letter <= "я" for letter in names.movement_name(kind)) for kind in names.MOVEMENTS)
    assert names.movement_name("something_new") == "something_new"


def test_every_word_of_a_mismatch_is_said_in_russian(in_russian: None) -> None:
    """The words of all checks are read from their queries, so that a new one without a translation is found."""
    from frontend.desk.money import names
    from payments.ledger.reconciliation import CHECKS

    told = {
        word.strip(" ,:")
        for query in CHECKS.values()
        for piece in re.findall(r"'( ?[a-z][a-z ]+ ?,? ?)' \|\||\|\| ',? ?([a-z ]+),? ?'", query)
        for word in piece
        if word.strip(" ,:")
    }
    assert {"entry", "at the processor", "summed"} <= told
    assert not told - set(names.DETAILS)
    assert (
        names.detail("12000 at the processor, 0 in the journal, entry 5") == "12000 у процессора, 0 в журнале, запись 5"
    )
    assert names.detail("intent 7") == "платёж 7"
    assert names.detail("object pi_5f") == "объект pi_5f"
    assert names.detail("top_up:intent:7") == "top_up:intent:7"


def test_differences_are_told_in_roubles(in_russian: None) -> None:
    from frontend.desk.money import names

    told = {
        (
            "-40000 at the processor, 0 in the journal, entry 5",
            "object re_1",
        ): "-400 ₽ у процессора, 0 ₽ в журнале, запись 5",
        ("680797 held", "deal 7"): "6 807,97 ₽ на хранении",
        ("-5", "account 3"): "-0,05 ₽",
        ("RUB 100", "entry 3"): "1 ₽",
        ("3 legs", "entry 3"): "3 проводок",
        ("dispute dp_1", "deal 5"): "dispute dp_1",
    }
    for (difference, row), words in told.items():
        said = names.difference(difference, row).replace("\xa0", " ").replace("\u202f", " ").replace("−", "-")
        assert said == words
