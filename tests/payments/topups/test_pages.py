"""The pages of money by card, as a person walks them; and the operators' page, row by row."""

import re

import pytest
from django.test import Client
from django.utils.html import escape

from marketplace.accounts.models import ExecutorProfile, User
from marketplace.kit.errors import PolicyDenied
from marketplace.kit.money import Money
from payments import selectors, services
from payments.approvals.services import decide
from payments.models import Intent, StaffApproval
from payments.reconciliation.lines import copy_lines
from tasks_app.models import Response
from tests.payments.factories import person, response, tariff
from tests.payments.topups.steps import by_page, keep_card
from tests.people import sign_in
from tests.simulator import Simulator

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(andrey: User) -> Client:
    return sign_in(Client(), andrey)


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    assert found, name
    return found[1]


def test_a_response_short_of_money_is_kept_through_the_top_up(
    simulator: Simulator, andrey: User, browser: Client
) -> None:
    tariff(12_000)
    ExecutorProfile.objects.create(user=andrey, verification=ExecutorProfile.Verification.VERIFIED)
    task = response(person("Сергей Другой")).task
    task.status = "open"
    task.save()
    address = f"/tasks/{task.pk}/respond/"
    page = browser.get(address).content.decode()
    assert 'value="top_up"' in page
    written = {"operation": hidden(page, "operation"), "price": "2300", "message": "Приеду сегодня", "available_at": ""}

    leads = browser.post(address, {**written, "then": "top_up"})
    assert leads.headers["Location"] == f"/wallet/top-up/?back=%2Ftasks%2F{task.pk}%2Frespond%2F&need=12000"
    form = browser.get(leads.headers["Location"]).content.decode()
    paying = browser.post(
        "/wallet/top-up/",
        {"operation": hidden(form, "operation"), "back": hidden(form, "back"), "preset": "other", "other": "200", "card": "new"},
    )  # fmt: skip
    back = simulator.pay(paying.headers["Location"])
    came = browser.get(back[back.index("/wallet/") :]).content.decode()
    assert f'href="{address}"' in came
    again = browser.get(address).content.decode()
    assert "Приеду сегодня" in again
    assert 'value="2300"' in again
    browser.post(address, written)
    assert Response.objects.filter(executor=andrey, task=task).count() == 1
    assert selectors.wallet_balance(andrey.pk) == Money(8_000)


def test_nobody_is_led_away_after_paying(simulator: Simulator, andrey: User, browser: Client) -> None:
    for trap in ("https://evil.example/", "//evil.example/", "javascript:alert(1)", "\\\\evil.example"):
        page = browser.get("/wallet/top-up/", {"back": trap}).content.decode()
        assert escape(trap) not in page
        browser.post(
            "/wallet/top-up/", {"operation": f"trap-{len(trap)}-xx", "back": trap, "other": "200", "card": "new"}
        )
    assert {row.details["back"] for row in Intent.objects.all()} == {""}


def test_while_cards_are_off_the_wallet_offers_none(andrey: User, browser: Client) -> None:
    assert "/wallet/top-up/" not in browser.get("/wallet/").content.decode()
    assert "<form" not in browser.get("/wallet/top-up/").content.decode().partition("<main")[2].partition("</main>")[0]


def test_two_members_of_staff_return_a_large_sum(simulator: Simulator, andrey: User) -> None:
    anna, olga = (
        User.objects.create_user(name=n, phone=f"+7999000000{i}", staff_role="operator") for i, n in enumerate("AB")
    )
    view = by_page(simulator, andrey, Money(1_000_000))
    desk = sign_in(Client(), anna)
    form = hidden(desk.get(f"/desk/money/intents/{view.id}/").content.decode(), "operation")
    asked = {"operation": form, "amount": "9000", "reason": "Просит вернуть"}
    desk.post(f"/desk/money/intents/{view.id}/return/", asked)
    approval = StaffApproval.objects.get()
    assert selectors.wallet_balance(andrey.pk) == Money(1_000_000)
    with pytest.raises(PolicyDenied):
        decide(approval_id=approval.pk, by=anna, approve=True)
    assert not Intent.objects.filter(kind="top_up_refund").exists()
    decide(approval_id=approval.pk, by=olga, approve=True)
    services.carry_out(intent_id=Intent.objects.get(kind="top_up_refund").pk)
    assert selectors.wallet_balance(andrey.pk) == Money(100_000)


def test_the_operators_page_leads_from_every_row_to_its_source(simulator: Simulator, andrey: User) -> None:
    view = by_page(simulator, andrey, Money(100_000))
    copy_lines()
    intent = Intent.objects.get(pk=view.id)
    desk = sign_in(Client(), User.objects.create_user(name="Анна", phone="+79990000009", staff_role="operator"))
    assert f"/desk/money/intents/{view.id}/" in desk.get("/desk/money/").content.decode()
    trail = desk.get(f"/desk/money/intents/{view.id}/").content.decode()
    charge = simulator.dump()["charge"][0]["id"]
    for part in (intent.operation, intent.processor_id, intent.payment_id, charge, f"intent:{view.id}"):
        assert part in trail
    for asked in (str(view.id), intent.operation, intent.processor_id, intent.payment_id, charge):
        assert desk.get("/desk/money/", {"q": asked}).headers["Location"] == f"/desk/money/intents/{view.id}/"
    assert f"/desk/money/intents/{view.id}/" in desk.get("/desk/money/lines/").content.decode()


@pytest.mark.parametrize("name", ["threshold", "amount", "monthly_cap"])
def test_an_absurd_sum_is_refused_in_words(simulator: Simulator, andrey: User, browser: Client, name: str) -> None:
    keep_card(simulator, andrey)
    sums = {"threshold": "200", "amount": "500", "monthly_cap": "1000", name: "9" * 20}
    assert browser.post("/wallet/automatic/", sums).status_code == 422
    assert selectors.settings_of(andrey.pk) is None
