"""Statements equal the ledger; papers are numbered without gaps and never change; requisites have right digits."""

import csv
import io
import itertools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Sum

from marketplace.accounts.models import User
from marketplace.kit.clock import now
from marketplace.kit.errors import DomainError, InvalidInput, NotFound
from marketplace.kit.money import Money
from payments import selectors, services
from payments.documents import issuing
from payments.documents.requisites import is_inn
from payments.documents.statements import Period, stream_lines
from payments.documents.tables import neutral
from payments.models import Document, DocumentSeries, Posting
from tasks_app import selectors as tasks
from tasks_app import services as task_services
from tests.conftest import Clock
from tests.journeys import steps

pytestmark = pytest.mark.django_db

COMPANY = services.RequisitesForm(
    kind="company", name="ООО «Ромашка»", inn="7707083893", kpp="770701001", address="Москва, Тверская улица, 12"
)


@pytest.fixture
def busy(clock: Clock) -> User:
    """Five fees over five days; the second task was cancelled, so its fee came back."""
    clock.freeze(now().replace(year=2026, month=11, day=10, hour=9))
    executor = steps.executor(money=Money(500_000))
    for day in range(5):
        clock.advance(days=1)
        response = steps.respond(steps.post_task(), by=executor)
        if day == 1:
            task_services.cancel_task(task_id=response.task_id, by=response.task.customer, reason="plans_changed")
    return executor


def days(first: int, last: int) -> Period:
    return selectors.make_period(date(2026, 11, first), date(2026, 11, last))


def ledger_sum(user: User, **condition: object) -> Money:
    postings = Posting.objects.filter(account__owner=user, account__kind="wallet", **condition)
    return Money(postings.aggregate(total=Sum("amount_minor"))["total"] or 0)


@pytest.mark.parametrize(("first", "last"), [(10, 15), (11, 11), (12, 13), (14, 30), (16, 20)])
def test_a_statement_equals_the_ledger(busy: User, first: int, last: int) -> None:
    period = days(first, last)
    statement = selectors.make_statement(user_id=busy.pk, period=period)
    assert statement.opening == ledger_sum(busy, entry__at__lt=period.since)
    assert statement.closing == ledger_sum(busy, entry__at__lt=period.until)
    assert statement.closing == statement.opening + statement.came - statement.went
    held = Posting.objects.filter(account__owner=busy, entry__at__gte=period.since, entry__at__lt=period.until)
    assert [line.id for line in statement.lines] == list(held.order_by("entry__at", "pk").values_list("pk", flat=True))


def test_statements_of_neighbouring_days_join_without_a_seam(busy: User) -> None:
    parts = [selectors.make_statement(user_id=busy.pk, period=days(day, day)) for day in range(9, 18)]
    assert all(one.closing == other.opening for one, other in itertools.pairwise(parts))
    assert parts[-1].closing == selectors.wallet_balance(busy.pk)
    whole = selectors.make_statement(user_id=busy.pk, period=days(9, 17))
    assert [line.id for part in parts for line in part.lines] == [line.id for line in whole.lines]


def test_lines_are_read_in_chunks_and_none_is_lost(busy: User, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = [line.id for line in stream_lines(user_id=busy.pk, period=days(9, 17))]
    monkeypatch.setattr("payments.documents.statements.CHUNK", 2)
    assert [line.id for line in stream_lines(user_id=busy.pk, period=days(9, 17))] == whole
    assert len(whole) == 7


def table(user: User, period: Period, delimiter: str = ";") -> list[list[str]]:
    text = "".join(selectors.statement_table(user_id=user.pk, period=period))
    assert text.startswith("\N{ZERO WIDTH NO-BREAK SPACE}")
    return list(csv.reader(io.StringIO(text[1:]), delimiter=delimiter))


def test_the_table_carries_the_balance_from_opening_to_closing(busy: User, in_russian: None) -> None:
    rows = table(busy, days(9, 17))
    amounts = [int(row[4].replace(",", "")) for row in rows[2:-1]]
    assert (rows[1][5], rows[-1][5]) == ("0,00", "4520,00")
    assert sum(amounts) == selectors.wallet_balance(busy.pk).minor == 452_000
    assert {len(row) for row in rows} == {7}


def test_the_table_keeps_the_language_and_the_days_of_the_one_who_asked(busy: User) -> None:
    """A server asks for the lines after the request, when both are back to the site's own."""
    from django.utils import timezone, translation

    with translation.override("ru"), timezone.override("Asia/Vladivostok"):
        lines = selectors.statement_table(user_id=busy.pk, period=days(11, 11))
    with translation.override("en"), timezone.override("UTC"):
        told = list(lines)
    assert told[0].startswith("\N{ZERO WIDTH NO-BREAK SPACE}Дата;")
    assert told[2].startswith("2026-11-11 19:")
    assert ";Отклик;" in told[2]


def test_the_table_in_english_has_commas_between_and_points_within(busy: User, in_english: None) -> None:
    rows = table(busy, days(9, 17), ",")
    assert (rows[0][0], rows[-1][5]) == ("Date", "4520.00")


@pytest.mark.parametrize("title", ["=cmd|' /C calc'!A0", "+79161234567", "-2+3", "@SUM(A1)", "\t=1+1", "  =1+1"])
def test_no_cell_is_taken_for_a_formula(clock: Clock, title: str) -> None:
    executor = steps.executor()
    entry = services.grant_promotion(user_id=executor.pk, amount=Money(100), operation="gift", why=title)
    today = entry.at.date()
    period = selectors.make_period(today - timedelta(days=1), today + timedelta(days=1))
    cells = [cell for row in table(executor, period) for cell in row]
    assert neutral(title) in cells
    assert neutral(title).startswith("'")
    assert neutral("Люстра = 2 шт.") == "Люстра = 2 шт."


def test_a_statement_as_pdf_in_both_languages(busy: User) -> None:
    from django.utils import translation

    for language in ("ru", "en"):
        with translation.override(language):
            statement = selectors.make_statement(user_id=busy.pk, period=days(9, 17))
            file = selectors.statement_file(statement=statement, owner=busy.name)
        assert file.content.startswith(b"%PDF-")
        assert file.name == "statement-2026-11-09-2026-11-17.pdf"


def test_a_period_that_ends_before_it_begins_or_is_too_long_for_a_pdf_is_refused(busy: User) -> None:
    with pytest.raises(InvalidInput):
        days(12, 11)
    with pytest.raises(InvalidInput):
        selectors.make_statement(user_id=busy.pk, period=selectors.make_period(date(2024, 1, 1), date(2026, 1, 1)))


# The published numbers of large companies and the tax service's own example for people.
@pytest.mark.parametrize("inn", ["7707083893", "7736050003", "7728168971", "500100732259"])
def test_right_taxpayer_numbers_pass_and_every_slip_of_one_digit_is_found(inn: str) -> None:
    assert is_inn(inn)
    slips = [
        inn[:place] + digit + inn[place + 1 :]
        for place in range(len(inn))
        for digit in "0123456789"
        if digit != inn[place]
    ]
    # A remainder of ten is written as zero, so a few slips of one digit cannot be told: see the check digits' formula.
    assert sum(is_inn(slip) for slip in slips) <= len(slips) // 10
    assert not any(is_inn(wrong) for wrong in ("", "0" * 10, "0" * 12, inn[:-1], inn + "0", "７７０７０８３８９３"))


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("inn", {"inn": "7707083894"}),
        ("inn", {"inn": "500100732259"}),
        ("kpp", {"kpp": "77070100"}),
        ("address", {"address": ""}),
        ("name", {"name": " "}),
        ("kind", {"kind": "bank"}),
    ],
)
def test_wrong_requisites_are_refused_at_their_field(field: str, change: dict[str, str]) -> None:
    from dataclasses import replace

    buyer = steps.customer()
    with pytest.raises(InvalidInput) as error:
        services.save_requisites(user_id=buyer.pk, typed=replace(COMPANY, **change))
    assert error.value.field == field
    assert selectors.requisites_of(buyer.pk) is None


@pytest.fixture
def business() -> User:
    buyer = steps.customer()
    services.save_requisites(user_id=buyer.pk, typed=COMPANY)
    return buyer


def test_an_act_is_issued_once_frozen_and_drawn_from_its_row(business: User) -> None:
    deal = steps.finished(steps.post_task(by=business))
    act = task_services.issue_deal_paper(assignment_id=deal.pk, series="act", by=business)
    again = task_services.issue_deal_paper(assignment_id=deal.pk, series="act", by=business)
    assert act == again
    assert (act.number, act.total_minor, act.content["in_words"]) == (1, 230_000, "Две тысячи триста рублей 00 копеек")
    services.save_requisites(user_id=business.pk, typed=services.RequisitesForm(
        kind="entrepreneur", name="ИП Другая", inn="500100732259"))  # fmt: skip
    kept = selectors.document_of(user_id=business.pk, document_id=act.pk)
    assert kept.content["buyer"]["name"] == "ООО «Ромашка»"
    assert selectors.document_file(kept).content == selectors.document_file(kept).content
    assert selectors.document_file(kept).name == f"act-{act.year}-1.pdf"


def test_papers_want_requisites_an_accepted_deal_and_its_customer(business: User) -> None:
    deal = steps.assigned(steps.post_task(by=business))
    with pytest.raises(DomainError) as early:
        task_services.issue_deal_paper(assignment_id=deal.pk, series="act", by=business)
    assert early.value.code == "too_early_for_paper"
    for stranger in (deal.executor, steps.customer()):
        with pytest.raises(NotFound):
            task_services.issue_deal_paper(assignment_id=deal.pk, series="invoice", by=stranger)
    private = steps.finished(steps.post_task())
    with pytest.raises(DomainError) as bare:
        task_services.issue_deal_paper(assignment_id=private.pk, series="act", by=private.customer)
    assert bare.value.code == "requisites_missing"
    assert not Document.objects.exists()
    assert task_services.issue_deal_paper(assignment_id=deal.pk, series="invoice", by=business).number == 1


def test_a_month_has_one_paper_without_the_deals_that_have_their_own(clock: Clock, business: User) -> None:
    clock.freeze(now().replace(year=2026, month=9, day=20, hour=9))
    deals = [steps.finished(steps.post_task(by=business)) for _ in range(3)]
    task_services.issue_deal_paper(assignment_id=deals[1].pk, series="act", by=business)
    with pytest.raises(InvalidInput):
        task_services.issue_month_paper(month="2026-09", series="act", by=business)
    clock.advance(days=15)
    assert tasks.months_for_papers(business) == ["2026-09"]
    act = task_services.issue_month_paper(month="2026-09", series="act", by=business)
    assert [line["deal"] for line in act.content["lines"]] == [deals[0].pk, deals[2].pk]
    assert (act.number, act.total_minor) == (2, 460_000)
    assert selectors.document_file(act).content.startswith(b"%PDF-")
    with pytest.raises(DomainError) as twice:
        task_services.issue_deal_paper(assignment_id=deals[0].pk, series="act", by=business)
    assert twice.value.code == "nothing_to_put_down"


def test_a_rolled_back_issue_leaves_no_gap(business: User) -> None:
    deals = [steps.finished(steps.post_task(by=business)) for _ in range(2)]
    with pytest.raises(RuntimeError), transaction.atomic():  # noqa: PT012
        task_services.issue_deal_paper(assignment_id=deals[0].pk, series="act", by=business)
        raise RuntimeError
    assert task_services.issue_deal_paper(assignment_id=deals[1].pk, series="act", by=business).number == 1


def test_the_database_refuses_to_change_a_paper_to_skip_a_number_and_to_go_back(business: User) -> None:
    deal = steps.finished(steps.post_task(by=business))
    act = task_services.issue_deal_paper(assignment_id=deal.pk, series="act", by=business)
    attacks: list[Callable[[], object]] = [
        lambda: Document.objects.filter(pk=act.pk).update(total_minor=1),
        lambda: Document.objects.filter(pk=act.pk).delete(),
        lambda: DocumentSeries.objects.filter(series="act").update(last_number=0),
        lambda: DocumentSeries.objects.filter(series="act").update(last_number=7),
        lambda: DocumentSeries.objects.filter(series="act").delete(),
        lambda: _burn_a_number(),
        lambda: _copy_with_number(act, 9),
    ]
    for attack in attacks:
        with pytest.raises(IntegrityError), transaction.atomic():
            attack()
    assert (Document.objects.get().total_minor, DocumentSeries.objects.get().last_number) == (230_000, 1)


def _burn_a_number() -> None:
    DocumentSeries.objects.filter(series="act").update(last_number=2)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _copy_with_number(act: Document, number: int) -> None:
    act.pk, act.number, act.subject = None, number, "deal:0"
    act.save(force_insert=True)


def test_receipt_data_is_for_the_executor_of_an_accepted_deal(business: User) -> None:
    deal = steps.finished(steps.post_task(by=business))
    data = tasks.receipt_data(assignment_id=deal.pk, user=deal.executor)
    assert (data.amount, data.service, data.customer_kind, data.customer_inn) == (
        Money(230_000), "Повесить люстру и два бра", "company", "7707083893",
    )  # fmt: skip
    with pytest.raises(NotFound):
        tasks.receipt_data(assignment_id=deal.pk, user=business)
    private = steps.finished(steps.post_task())
    assert tasks.receipt_data(assignment_id=private.pk, user=private.executor).customer_kind == "person"


@pytest.mark.django_db(transaction=True)
def test_twelve_papers_at_once_have_twelve_numbers_and_without_the_lock_they_clash(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    buyer = steps.customer()
    services.save_requisites(user_id=buyer.pk, typed=COMPANY)
    line = issuing.PaperLine(deal=0, title="Люстра", date="2026-11-01", seller="Андрей", seller_inn="", minor=100)

    def issue(number: int) -> object:
        try:
            return issuing.issue_document(
                user_id=buyer.pk,
                series="act",
                subject=f"deal:{number}",
                lines=[issuing.PaperLine(**{**line_values(line), "deal": number})],
            )
        except IntegrityError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(issue, range(12)))
    assert sorted(Document.objects.values_list("number", flat=True)) == list(range(1, 13))

    monkeypatch.setattr(
        issuing, "_lock_series", lambda series, year: DocumentSeries.objects.get(series=series, year=year)
    )
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(issue, range(100, 112)))
    assert any(isinstance(answer, IntegrityError) for answer in answers)


def line_values(line: issuing.PaperLine) -> dict[str, object]:
    from dataclasses import asdict

    return asdict(line)
