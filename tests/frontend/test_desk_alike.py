"""Until it is decided nobody can tell from a case's pages whether it was flagged or drawn at random."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from fraud.models import Case, CaseEvent
from fraud.selectors import desk as room
from frontend.desk.views import cases as views
from marketplace.accounts.models import User
from tests.fraud.conftest import agreed, cancelled, case, moderator
from tests.people import sign_in

__all__ = ["agreed", "cancelled", "case", "moderator"]  # the state of a flagged case
pytestmark = pytest.mark.django_db
VARIES = re.compile(r'((?:csrfmiddlewaretoken" value|csrf-token" content|nonce)=")[^"]*')


@pytest.fixture
def desk(client: Client, moderator: User) -> Client:
    return sign_in(client, moderator)


def pages(desk: Client, case: Case) -> list[str]:
    """All that a moderator meets on the way to a decision: the queue, the case, a refused decision, a refused question."""
    here = f"/en/desk/cases/{case.pk}/"
    answers = [
        desk.get("/en/desk/"),
        desk.get("/en/desk/?view=mine"),
        desk.get(here),
        desk.post(f"{here}decide/", {"outcome": "confirmed", "keep_fee": "on", "strike": "on"}),
        desk.post(f"{here}decide/", {"outcome": "innocent", "keep_fee": "on", "reason": "x"}),
        desk.post(f"{here}ask/", {}),
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 422, 422, 422]
    return [VARIES.sub("", answer.content.decode()) for answer in answers]


def drawn_instead(case: Case) -> None:
    """The same cancellation, had nothing flagged it and chance picked it."""
    Case.objects.filter(pk=case.pk).update(kind="audit", score=None, holds_refund=False, certainty=1)
    CaseEvent.objects.filter(case=case, kind__in=("refund_held", "score_raised")).delete()
    CaseEvent.objects.filter(case=case, kind="opened").update(at=case.due_at, details={"kind": "audit"})


def test_the_pages_of_a_flag_are_letter_by_letter_those_of_a_random_check(desk: Client, case: Case) -> None:
    flagged = pages(desk, case)
    drawn_instead(case)
    assert pages(desk, case) == flagged
    case.refresh_from_db()
    assert case.status == "pending"


@pytest.mark.parametrize("shown", ["score", "history"])
def test_the_comparison_sees_what_was_shown_before(
    desk: Client, case: Case, monkeypatch: pytest.MonkeyPatch, shown: str
) -> None:
    """The control: with the score of flags, or with all of the history, the pages differ."""
    if shown == "history":
        monkeypatch.setattr(room, "TELLING", frozenset())
    else:
        real: Callable[..., Any] = room.case_file
        with_score = lambda one: _unblind(real(one), one)  # noqa: E731
        monkeypatch.setattr(views.selectors, "case_file", with_score)
    flagged = pages(desk, case)
    drawn_instead(case)
    assert pages(desk, case) != flagged


def _unblind(file: Any, one: Case) -> Any:
    object.__setattr__(file, "blind", one.kind == Case.Kind.AUDIT)
    return file


def test_once_decided_the_score_and_the_kind_are_told(desk: Client, case: Case) -> None:
    here = f"/en/desk/cases/{case.pk}/"
    assert "Score of the rule" not in desk.get(here).content.decode()
    desk.post(f"{here}decide/", {"outcome": "innocent", "reason_code": "sent_away"})
    page = desk.get(here).content.decode()
    for words in ("Score of the rule", "Case opened", "The refund waits"):
        assert words in page
    assert "random check" not in desk.get("/en/desk/?view=closed").content.decode()
    Case.objects.update(kind="audit")
    assert "random check" in desk.get("/en/desk/?view=closed").content.decode()
