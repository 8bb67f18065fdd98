"""The statement as a table for spreadsheets: UTF-8 with a mark, no cell that a spreadsheet would run."""

import csv
from collections.abc import Iterator
from datetime import datetime, tzinfo

from django.utils import timezone
from django.utils.timezone import localtime
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from marketplace.kit.money import Money
from payments.documents.statements import OWED_WHY, Period, by_card_in, opening_balance, stream_lines
from payments.topups.debts import debt_at

_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
# What a spreadsheet takes for the beginning of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


class _Line:
    """A file for csv.writer that hands each written line back."""

    def write(self, text: str) -> str:
        return text


def statement_table(*, user_id: int, period: Period, currency: str = "RUB") -> Iterator[str]:
    """Lines of a CSV file: a head, the opening balance, every line with the balance after it, the closing balance; then,
    when there is any, what went past the wallet, without a balance (its numbers are the journal's: J12).

    Semicolons and decimal commas in Russian, commas and points in English, as spreadsheets of the language read them. The
    language and the time zone are those of the call, whenever the lines are asked for: a server streams them after the request.
    """
    language, zone = get_language() or "ru", timezone.get_current_timezone()
    return _spoken(_rows(user_id, period, currency), language, zone)


def _spoken(lines: Iterator[str], language: str, zone: tzinfo) -> Iterator[str]:
    while True:
        with override(language), timezone.override(zone):
            line = next(lines, None)
        if line is None:
            return
        yield line


def _rows(user_id: int, period: Period, currency: str) -> Iterator[str]:
    russian = (get_language() or "ru").startswith("ru")
    writer = csv.writer(_Line(), delimiter=";" if russian else ",")
    head = (_("Date"), _("What"), _("Task"), _("Why"), _("Amount"), _("Balance after"), _("Line"))
    yield _MARK + writer.writerow(head)
    balance = opening_balance(user_id=user_id, at=period.since, currency=currency)
    yield writer.writerow((_day(period.since), _("Opening balance"), "", "", "", _sum(balance, russian), ""))
    for line in stream_lines(user_id=user_id, period=period, currency=currency):
        balance += line.amount
        texts = (neutral(text) for text in (line.title, line.task_title, line.why))
        when = localtime(line.at).strftime("%Y-%m-%d %H:%M")
        yield writer.writerow((when, *texts, _sum(line.amount, russian), _sum(balance, russian), line.id))
    yield writer.writerow((period.last.isoformat(), _("Closing balance"), "", "", "", _sum(balance, russian), ""))
    owed = debt_at(user_id, period.until, currency)
    if owed.minor:
        yield writer.writerow(
            (period.last.isoformat(), _("Owed to the service"), "", str(OWED_WHY), _sum(-owed, russian), "", "")
        )
    past = by_card_in(user_id=user_id, period=period, currency=currency)
    if past:
        yield writer.writerow(
            ("", _("Outside the wallet, in no balance: by card and to the account for payouts"), *[""] * 5)
        )
    for moved in past:
        texts = (neutral(text) for text in (moved.title, moved.about, moved.why))
        when = localtime(moved.at).strftime("%Y-%m-%d %H:%M")
        yield writer.writerow((when, *texts, _sum(moved.amount, russian), "", f"J{moved.id}"))


def neutral(text: str) -> str:
    """The text with an apostrophe before it when a spreadsheet would take it for a formula."""
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) or text.startswith(_FORMULA) else text


def _sum(amount: Money, russian: bool) -> str:
    """A plain number: `-120,00`. Ours, so it stays a number."""
    text = f"{amount.amount:.2f}"
    return text.replace(".", ",") if russian else text


def _day(when: datetime) -> str:
    return localtime(when).date().isoformat()
