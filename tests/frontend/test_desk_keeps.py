"""The desk keeps what was typed, skips what is one's own, and finds what was closed."""

import pytest
from django.test import Client

from fraud import services as fraud
from fraud.models import Case
from fraud.selectors import ClosedSearch, queue_page
from marketplace.accounts import selectors, services
from marketplace.accounts.models import Appeal, Restriction, User, VerificationRequest
from marketplace.trust import services as trust
from marketplace.trust.models import Review
from tests.accounts.test_verification import photo
from tests.conftest import Clock
from tests.factories import make_city
from tests.fraud.conftest import agreed, cancelled, case  # noqa: F401  the state of a flagged case
from tests.journeys import steps
from tests.people import sign_in

pytestmark = pytest.mark.django_db
LONG = "я" * 1001


@pytest.fixture
def judge(db: None) -> User:
    return steps.moderator()


@pytest.fixture
def desk(client: Client, judge: User) -> Client:
    return sign_in(client, judge)


def restricted(by: User) -> tuple[Restriction, Appeal]:
    person = steps.customer()
    restriction = services.restrict(user=person, kind="posting", reason="Спам", until=None, by=by)
    appeal = services.appeal_restriction(user=person, restriction_id=restriction.pk, text="Это ошибка.")
    return restriction, appeal


def asks_for_verification(person: User) -> VerificationRequest:
    return services.submit_verification(
        user=person, full_name=person.name, document_kind="passport", document=photo(), selfie=photo(),
        consent_version=services.CONSENT_VERSION,
    )  # fmt: skip


def test_a_refused_decision_of_an_appeal_keeps_its_words(desk: Client) -> None:
    """Another moderator was faster: the line is gone, the words are not."""
    _restriction, appeal = restricted(steps.moderator())
    services.decide_appeal(appeal=appeal, by=steps.moderator(), upheld=False, reason="Нет.")
    answer = desk.post(f"/desk/appeals/{appeal.pk}/", {"outcome": "upheld", "reason": "Слова, которые жалко"})
    assert answer.status_code == 409
    assert "Слова, которые жалко" in answer.content.decode()
    appeal.refresh_from_db()
    assert (appeal.outcome, appeal.reason) == ("dismissed", "Нет.")


def test_a_decision_without_words_says_so_at_its_appeal(desk: Client) -> None:
    _restriction, appeal = restricted(steps.moderator())
    answer = desk.post(f"/desk/appeals/{appeal.pk}/", {"outcome": "upheld", "reason": " "})
    assert answer.status_code == 422
    appeal.refresh_from_db()
    assert appeal.outcome == "pending"


def test_a_refused_restriction_keeps_its_words(desk: Client, judge: User) -> None:
    answer = desk.post(
        f"/desk/people/{judge.pk}/restrict/", {"kind": "posting", "days": "5", "reason": "Слова, которые жалко"}
    )
    assert answer.status_code == 422
    assert "Слова, которые жалко" in answer.content.decode()
    assert not Restriction.objects.exists()


def test_a_refused_appeal_against_a_refusal_keeps_its_words(client: Client, judge: User) -> None:
    person = steps.executor(verified=False)
    request = asks_for_verification(person)
    services.decide_verification(request_id=request.pk, by=judge, outcome="rejected", reason="Размыто.")
    answer = sign_in(client, person).post("/account/verification/appeal/", {"text": LONG * 5})
    assert answer.status_code == 422
    assert LONG in answer.content.decode()
    assert not Appeal.objects.exists()


def test_a_refused_verdict_on_documents_keeps_its_words(desk: Client) -> None:
    request = asks_for_verification(steps.executor(verified=False))
    answer = desk.post(f"/desk/verification/{request.pk}/", {"outcome": "nonsense", "reason": "Слова, которые жалко"})
    assert answer.status_code == 422
    assert "Слова, которые жалко" in answer.content.decode()


def test_a_refused_question_and_note_keep_their_words(desk: Client, case: Case) -> None:  # noqa: F811
    fraud.decide_case(case_id=case.pk, by=steps.moderator(), outcome="innocent", reason="Был дома.")
    answer = desk.post(f"/desk/cases/{case.pk}/ask/", {"question": "Слова, которые жалко"})
    assert answer.status_code == 409
    empty = desk.post(f"/desk/cases/{case.pk}/note/", {"text": "   "})
    assert empty.status_code == 422


def test_a_verdict_without_a_reason_is_said_at_the_reasons(desk: Client) -> None:
    request = asks_for_verification(steps.executor(verified=False))
    answer = desk.post(f"/desk/verification/{request.pk}/", {"outcome": "rejected"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'class="field field--error" aria-describedby="why-not_error"' in page
    assert "error-summary" not in page
    request.refresh_from_db()
    assert request.status == "pending"


def test_enter_on_a_reason_does_not_approve(desk: Client) -> None:
    """Enter sends a form by its first button: that of the reasons asks again, approving is a form of its own."""
    request = asks_for_verification(steps.executor(verified=False))
    page = desk.get(f"/desk/verification/{request.pk}/").content.decode()
    reasons = page.partition('name="ready"')[2].partition("</form>")[0]
    assert 'value="approved"' not in reasons
    assert reasons.index('value="more"') < reasons.index('value="rejected"')


def test_a_decision_without_a_reason_is_said_in_its_dialog(desk: Client, case: Case) -> None:  # noqa: F811
    answer = desk.post(f"/desk/cases/{case.pk}/decide/", {"outcome": "confirmed", "strike": "on"})
    page = answer.content.decode()
    assert answer.status_code == 422
    dialog = page.partition("data-dialog open>")[2].partition("</form>")[0]
    assert 'value="confirmed"' in dialog
    assert 'class="field field--error" aria-describedby="reason-1_error"' in dialog
    assert 'name="strike" checked' in dialog
    assert page.count("data-dialog open>") == 1
    assert "error-summary" not in page
    case.refresh_from_db()
    assert case.status != "closed"


def test_ones_own_request_does_not_block_the_desk(desk: Client, judge: User) -> None:
    services.make_executor(user=judge)
    User.objects.filter(pk=judge.pk).update(
        email_confirmed_at=judge.phone_confirmed_at, email="judge@example.org", city=make_city()
    )
    judge.refresh_from_db()
    own, other = asks_for_verification(judge), asks_for_verification(steps.executor("Другой Мастер", verified=False))
    assert [row.pk for row in selectors.verification_queue(reader=judge).rows] == [other.pk]
    assert [row.pk for row in selectors.verification_queue(reader=steps.moderator()).rows] == [own.pk, other.pk]
    assert desk.get("/desk/verification/").headers["Location"].endswith(f"/desk/verification/{other.pk}/")


def test_closed_cases_are_found_by_person_category_and_outcome(desk: Client, judge: User, case: Case) -> None:  # noqa: F811
    fraud.decide_case(case_id=case.pk, by=steps.moderator(), outcome="innocent", reason="Был дома.")
    slug = case.cancellation.assignment.task.category.slug

    def found(**asked: str) -> list[int]:
        return [line.case_id for line in queue_page(view="closed", by=judge, search=ClosedSearch(**asked)).rows]

    for asked in ({}, {"person": case.executor.name}, {"person": str(case.customer.phone)}, {"category": slug}):
        assert found(**asked) == [case.pk]
    assert found(outcome="innocent", category=slug, person=case.customer.name) == [case.pk]
    for other in ({"outcome": "confirmed"}, {"category": "nothing"}, {"person": "Неизвестный"}):
        assert found(**other) == []
    page = desk.get("/desk/", {"view": "closed", "person": case.executor.name, "outcome": "innocent"}).content.decode()
    assert f"/desk/cases/{case.pk}/" in page
    assert 'value="innocent" selected' in page
    assert "Таких дел нет" in desk.get("/desk/", {"view": "closed", "outcome": "confirmed"}).content.decode()


def test_the_latest_closed_comes_first_page_by_page(judge: User, case: Case, clock: Clock) -> None:  # noqa: F811
    fraud.decide_case(case_id=case.pk, by=steps.moderator(), outcome="innocent", reason="Был дома.")
    first = queue_page(view="closed", by=judge, size=1)
    assert ([line.case_id for line in first.rows], first.next_key) == ([case.pk], None)


def test_repeated_review_texts_are_a_signal_on_the_persons_page(desk: Client) -> None:
    customer = steps.customer()
    for _i in range(2):
        deal = steps.finished(steps.post_task(by=customer))
        trust.write_review(assignment_id=deal.pk, by=customer, stars=5, criteria={}, text="Лучший мастер в городе!")
    assert Review.objects.filter(repeats_own_text=True).count() == 1
    page = desk.get(f"/desk/people/{customer.pk}/").content.decode()
    assert page.count("Лучший мастер в городе!") == 1
    assert "Это сигнал, а не доказательство" in page
