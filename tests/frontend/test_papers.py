"""The pages and the API of statements and papers: what was this charge for, the fee asked back, acts, receipts."""

import pytest
from django.test import Client

from marketplace.accounts.models import User
from marketplace.kit.money import Money
from payments import selectors, services
from payments.models import Document
from tests.conftest import Clock
from tests.journeys import steps
from tests.people import sign_in

pytestmark = pytest.mark.django_db

COMPANY = {
    "kind": "company",
    "name": "ООО «Ромашка»",
    "inn": "7707083893",
    "kpp": "770701001",
    "address": "Москва, Тверская улица, 12",
}


@pytest.fixture
def executor(clock: Clock) -> User:
    return steps.executor(money=Money(500_000))


@pytest.fixture
def browser(client: Client, executor: User) -> Client:
    return sign_in(client, executor)


def newest_line(user: User) -> int:
    return selectors.statement_page(user_id=user.pk).rows[0].id


def test_what_was_this_charge_for_says_all_of_it(clock: Clock, browser: Client, executor: User) -> None:
    response = steps.respond(steps.post_task(), by=executor)
    line = f"/wallet/lines/{newest_line(executor)}/"
    page = browser.get(line).content.decode()
    for said in ("За что списали?", "Электрик, Москва", "120\xa0₽, действует с", "Пока не вернулась", "за 48 часов"):
        assert said in page
    steps.open_response(response)
    page = browser.get(line).content.decode()
    assert "Заказчик открыл отклик" in page
    assert "Пока не вернулась. Заказчик ещё может ответить" in page
    services.refund_response_fee(response_id=response.pk, rule="customer_blocked")
    page = browser.get(line).content.decode()
    assert "Вернулась:" in page
    assert "К возврату этой платы" in page
    refund = browser.get(f"/wallet/lines/{newest_line(executor)}/").content.decode()
    assert "К плате, которая вернулась" in refund


def test_a_fee_that_has_done_its_work_promises_no_return(clock: Clock, browser: Client, executor: User) -> None:
    response = steps.respond(steps.post_task(), by=executor)
    line = f"/wallet/lines/{newest_line(executor)}/"
    deal = steps.choose(response)
    page = browser.get(line).content.decode()
    assert "Сделку отменили не по вашей вине" in page
    assert "Модератор удалил задание" not in page
    steps.accept(steps.finish(deal))
    page = browser.get(line).content.decode()
    assert "Когда вернётся сама" not in page
    assert "Не вернулась: Вас выбрали" in page


def test_a_line_that_is_no_fee_has_its_page_too(browser: Client, executor: User) -> None:
    page = browser.get(f"/wallet/lines/{newest_line(executor)}/")
    assert page.status_code == 200
    assert "Строка журнала" in page.content.decode()


def test_the_fee_of_a_silent_customer_is_asked_back_by_a_button_that_says_the_sum(
    clock: Clock, browser: Client, executor: User
) -> None:
    responses = [steps.respond(steps.post_task(), by=executor) for _ in range(5)]
    mine = responses[0]
    steps.open_response(mine)
    assert "Заказчик ещё может ответить" in browser.get(f"/responses/{mine.pk}/").content.decode()
    clock.advance(days=3, minutes=1)
    assert "Попросить вернуть плату" in browser.get(f"/responses/{mine.pk}/").content.decode()
    page = browser.get(f"/responses/{mine.pk}/fee/").content.decode()
    assert "Вернуть 120\xa0₽" in page
    browser.post(f"/responses/{mine.pk}/fee/")
    browser.post(f"/responses/{mine.pk}/fee/")
    assert selectors.wallet_balance(executor.pk) == Money(500_000 - 4 * 12_000)
    told = browser.get(f"/api/v1/responses/{responses[1].pk}/fee-request").json()
    assert (told["allowed"], told["code"], told["left"]) == (False, "not_opened", 0)


def test_a_statement_on_the_page_as_a_table_and_as_pdf(browser: Client, executor: User) -> None:
    steps.respond(steps.post_task(), by=executor)
    line = newest_line(executor)
    page = browser.get("/wallet/statement/").content.decode()
    assert f"/wallet/lines/{line}/" in page
    assert "4\xa0880\xa0₽" in page
    table = browser.get("/wallet/statement.csv")
    text = b"".join(table.streaming_content).decode()  # type: ignore[attr-defined]
    assert text.startswith("\N{ZERO WIDTH NO-BREAK SPACE}Дата;Что;Задание")
    assert "-120,00;4880,00" in text
    pdf = browser.get("/wallet/statement.pdf")
    assert (pdf["Content-Type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
    assert browser.get("/wallet/statement/?first=2026-11-09&last=2026-11-01").status_code == 422
    assert browser.get("/wallet/statement.csv?first=nonsense").status_code == 422
    balances = browser.get("/api/v1/wallet/balances").json()
    assert (balances["went"]["minor"], balances["closing"]["minor"]) == (12_000, 488_000)
    english = browser.get("/en/wallet/statement.csv")
    assert b"-120.00,4880.00" in b"".join(english.streaming_content)  # type: ignore[attr-defined]


def test_a_business_fills_in_requisites_and_takes_its_act(client: Client) -> None:
    buyer = steps.customer()
    deal = steps.finished(steps.post_task(by=buyer))
    sign_in(client, buyer)
    assert "Сделать акт" not in client.get(f"/deals/{deal.pk}/").content.decode()
    wrong = client.post("/account/requisites/", {**COMPANY, "inn": "7707083894"})
    assert wrong.status_code == 422
    assert "не сходятся" in wrong.content.decode()
    client.post("/account/requisites/", COMPANY)
    assert "Сделать акт" in client.get(f"/deals/{deal.pk}/").content.decode()
    page = client.post(f"/deals/{deal.pk}/papers/", {"series": "act"}, follow=True).content.decode()
    paper = Document.objects.get()
    assert f"Акт № 1/{paper.year}" in page
    assert client.get(f"/documents/{paper.pk}.pdf").content.startswith(b"%PDF-")
    assert client.get(f"/api/v1/documents/{paper.pk}.pdf").content.startswith(b"%PDF-")
    assert client.get("/api/v1/documents").json()["documents"][0]["number"] == f"1/{paper.year}"
    sign_in(client, steps.customer())
    assert client.get(f"/documents/{paper.pk}.pdf").status_code == 404


def test_an_executor_copies_the_data_of_a_receipt(browser: Client, executor: User) -> None:
    deal = steps.finished(by=executor)
    page = browser.get(f"/deals/{deal.pk}/receipt/").content.decode()
    assert "Мы ничего не отправляем в налоговую" in page
    assert "Частное лицо" in page
    assert browser.get(f"/api/v1/deals/{deal.pk}/receipt-data").json()["amount"]["minor"] == 230_000


def test_an_operator_finds_a_line_by_its_number_and_returns_a_fee_charged_in_error(
    client: Client, executor: User
) -> None:
    steps.respond(steps.post_task(), by=executor)
    line = newest_line(executor)
    sign_in(client, steps.moderator())
    assert client.get("/desk/fees/").status_code == 403
    sign_in(client, steps.operator())
    assert client.get("/desk/fees/?line=999999999").status_code == 422
    assert client.get(f"/desk/fees/?line={line}").headers["Location"].endswith(f"/desk/fees/{line}/")
    assert client.post(f"/desk/fees/{line}/", {"why": ""}).status_code == 422
    assert selectors.wallet_balance(executor.pk) == Money(488_000)
    page = client.post(f"/desk/fees/{line}/", {"why": "Списано дважды"}, follow=True).content.decode()
    assert "Плата вернулась в кошелёк человека." in page
    assert selectors.wallet_balance(executor.pk) == Money(500_000)
