"""A deal cancelled on paper and done all the same: a moderator decides by keyboard, the executor appeals, another answers."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from fraud.models import Case
from marketplace.kit.audit import verify_chain
from marketplace.kit.models import AuditEvent
from marketplace.kit.money import Money
from payments.selectors import wallet_balance
from tests.fraud.conftest import agreed, cancelled, case
from tests.journeys import steps
from tests.journeys.hands import fits, go, pick, press

__all__ = ["agreed", "cancelled", "case"]  # fixtures of the fraud tests

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("language", ["ru", "en"])
def test_a_flag_is_decided_appealed_and_answered_by_another(
    case: Case,
    phone: Callable[..., Page],
    desk: Callable[..., Page],
    language: str,
) -> None:
    executor = case.executor
    decide_by_keyboard(desk(as_=steps.moderator(), language=language), case, language)
    case.refresh_from_db()
    assert case.outcome == Case.Outcome.CONFIRMED
    assert wallet_balance(executor.pk) == Money(88_000)
    assert AuditEvent.objects.filter(subject=f"case:{case.pk}").exists()
    assert verify_chain() is None

    appeal(phone(as_=executor, language=language), case, language)
    answer(desk(as_=steps.moderator("Павел Ильин"), language=language), language)
    assert wallet_balance(executor.pk) == Money(100_000)


def decide_by_keyboard(page: Page, case: Case, language: str) -> None:
    go(page, "/desk/", language)
    with page.expect_navigation():
        page.keyboard.press("j")
    facts = page.locator(".desk__decision").inner_text()
    assert {"ru": "Стоянка", "en": "Stayed"}[language] in facts
    assert page.locator(".track circle, .track [data-at]").count() > 3
    page.keyboard.press("1")
    form = "form[action$='/decide/']:visible"
    page.locator(f"{form} [name=reason_code]").first.check()
    with page.expect_navigation():
        page.locator(f"{form} button[type=submit]").click()


def appeal(page: Page, case: Case, language: str) -> None:
    go(page, f"/my/cases/{case.pk}/", language)
    fits(page)
    page.fill("[name=text]", "Я живу в соседнем доме и в тот день был там у матери.")
    press(page, "form[action$='/appeal/'] button[type=submit]")
    fits(page)


def answer(page: Page, language: str) -> None:
    go(page, "/desk/case-appeals/", language)
    press(page, ".ledger__title a")
    pick(page, "[name=upheld][value=yes]")
    page.fill("[name=reason]", "Адрес матери подтверждён документом.")
    press(page, "form[action$='/decide/'] button[type=submit]")


def test_a_decision_needs_no_javascript(case: Case, desk: Callable[..., Page]) -> None:
    page = desk(as_=steps.moderator(), javascript=False)
    go(page, f"/desk/cases/{case.pk}/")
    page.locator("summary[data-key='2']").click()
    form = "form:has([value=innocent])"
    page.locator(f"{form} [name=reason_code]").first.check()
    press(page, f"{form} button[type=submit]")
    case.refresh_from_db()
    assert case.outcome == Case.Outcome.INNOCENT
    assert wallet_balance(case.executor_id) == Money(100_000)
