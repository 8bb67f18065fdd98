"""The money of the demo world: credit, fees and refunds, booked in the order in which they happened."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from django.utils.translation import gettext_noop

from demo.copying import copy_rows, take_ids
from demo.dice import Dice
from demo.people import Executor
from demo.tasks import Plan
from payments.ledger.services import platform_account
from payments.models import Account, Charge, Entry, Posting, Refund, Tariff, Trial
from payments.selectors import tariffs_in_force
from tasks_app.models import Response

_ENDED_RULE = {"expired": "task_expired", "cancelled": "cancelled_before_choice", "removed": "task_removed"}
WELCOME = timedelta(hours=5)  # after the registration
_CREDITS = [
    gettext_noop("For a colleague you brought"), gettext_noop("Credit of the month"),
    gettext_noop("Credit for a review of the service"), gettext_noop("A present for the holiday"),
]  # fmt: skip


@dataclass(slots=True)
class Line:
    """An entry with its two legs; `minor` is what the wallet gets."""

    operation: str
    kind: str
    at: datetime
    memo: dict[str, object]
    wallet: Account
    other: Account
    minor: int
    pk: int | None = None


@dataclass(slots=True)
class ChargeRow:
    at: datetime
    fee: "Fee"
    line: Line | None
    pk: int | None = None


@dataclass(slots=True)
class RefundRow:
    at: datetime
    charge: ChargeRow
    line: Line


Dated = TypeVar("Dated", Line, ChargeRow, RefundRow)
_ENTRY = ("id", "operation", "kind", "at", "memo")
_POSTING = ("entry_id", "account_id", "amount_minor", "currency")
_CHARGE = ("id", "response_id", "user_id", "tariff_id", "covered_by", "amount_minor", "currency", "entry_id", "status",
           "charged_at", "unopened_until", "opened_at")  # fmt: skip
_REFUND = ("charge_id", "rule", "created_at", "not_before", "paid_at", "entry_id")


@dataclass
class Fee:
    response: Response
    plan: Plan
    tariff: Tariff
    covered_by: str
    rule: str | None
    returned_at: datetime | None

    @property
    def minor(self) -> int:
        return self.tariff.response_fee_minor if self.covered_by == "wallet" else 0


def keep_books(dice: Dice, plans: list[Plan], executors: list[Executor], now: datetime) -> "Ledger":
    """Charges for every saved response, and wallets that never go below zero; to be written with `flush`."""
    fees = _fees(plans, executors, now)
    wallets = [Account(kind=Account.Kind.WALLET, owner=executor.user, currency="RUB") for executor in executors]
    Account.objects.bulk_create(wallets)
    Trial.objects.bulk_create(
        Trial(user=e.user, started_at=_trial_start(e), ends_at=_trial_start(e) + timedelta(hours=24))
        for e in executors
        if e.trial
    )
    ledger = Ledger()
    for executor, wallet in zip(executors, wallets, strict=True):
        _Wallet(dice, ledger, executor, wallet).live(fees[executor.user.pk])
    ledger.put_in_order()
    return ledger


def _trial_start(executor: Executor) -> datetime:
    return executor.user.date_joined + timedelta(hours=6)


def _fees(plans: list[Plan], executors: list[Executor], now: datetime) -> dict[int, list[Fee]]:
    tariffs = tariffs_in_force({(plan.task.category_id, plan.task.city_id) for plan in plans}, now)
    trials = {e.user.pk: _trial_start(e) for e in executors if e.trial}
    fees: dict[int, list[Fee]] = defaultdict(list)
    for plan in plans:
        tariff = tariffs[plan.task.category_id, plan.task.city_id]
        for response in plan.responses:
            trial = trials.get(response.executor_id)
            on_trial = trial is not None and trial <= response.created_at < trial + timedelta(hours=24)
            rule, moment = (None, None) if on_trial else _refund_of(plan, response, now)
            fees[response.executor_id].append(
                Fee(response, plan, tariff, "trial" if on_trial else "wallet", rule, moment)
            )
    return fees


def _refund_of(plan: Plan, response: Response, now: datetime) -> tuple[str | None, datetime | None]:
    """The first rule that gives this fee back, and when: what the refund engine would have done."""
    due: list[tuple[datetime, str]] = []
    if plan.fate in _ENDED_RULE and plan.times.ended:
        due.append((plan.times.ended, _ENDED_RULE[plan.fate]))
    if plan.times.chosen and response.status == Response.Status.NOT_CHOSEN and response.seen_at is None:
        due.append((plan.times.chosen, "other_chosen_unopened"))
    if response.seen_at is None or response.seen_at >= response.unopened_due_at:
        due.append((response.unopened_due_at + timedelta(seconds=40), "unopened_48h"))
    past = [(moment, rule) for moment, rule in due if moment <= now]
    return (min(past)[1], min(past)[0]) if past else (None, None)


class _Wallet:
    """One executor's fees and refunds by time; credit is given before the wallet would run dry."""

    def __init__(self, dice: Dice, ledger: "Ledger", executor: Executor, account: Account) -> None:
        self.dice, self.ledger, self.executor, self.account = dice, ledger, executor, account
        self.balance = self.gifts = 0

    def live(self, fees: list[Fee]) -> None:
        welcome = self.executor.user.date_joined + WELCOME
        if any(fee.response.created_at <= welcome for fee in fees):
            raise ValueError(f"{self.executor.user} answered before the first credit of {welcome}")
        self._give(welcome, self.dice.pick([50_000, 100_000, 150_000]), gettext_noop("Welcome credit"))
        steps = [(fee.response.created_at, 1, fee) for fee in fees]
        steps += [(fee.returned_at, 0, fee) for fee in fees if fee.returned_at and fee.minor]
        charges: dict[int, ChargeRow] = {}
        for at, sending, fee in sorted(steps, key=lambda step: step[:2]):
            if sending:
                charges[fee.response.pk] = self._pay(at, fee)
            else:
                self.ledger.refund(charges[fee.response.pk], at, self.account)
                self.balance += fee.minor

    def _pay(self, at: datetime, fee: Fee) -> ChargeRow:
        while self.balance < fee.minor:
            minor = self.dice.pick([50_000, 100_000, 200_000, 300_000])
            self._give(at - self.dice.minutes(3, 200), minor, self.dice.pick(_CREDITS))
        self.balance -= fee.minor
        return self.ledger.charge(fee, self.account)

    def _give(self, at: datetime, minor: int, why: str) -> None:
        operation = f"demo-credit:{self.executor.user.pk}:{self.gifts}"
        self.ledger.credit(operation, at, why, self.account, minor)
        self.balance, self.gifts = self.balance + minor, self.gifts + 1


class Ledger:
    """Collects the rows of money and writes them in the order of time."""

    def __init__(self) -> None:
        self.revenue, self.promotions = platform_account("revenue"), platform_account("promotions")
        self.lines: list[Line] = []
        self.charges: list[ChargeRow] = []
        self.refunds: list[RefundRow] = []

    def credit(self, operation: str, at: datetime, why: str, wallet: Account, minor: int) -> None:
        self.lines.append(Line(operation, "promotion", at, {"why": why}, wallet, self.promotions, minor))

    def charge(self, fee: Fee, wallet: Account) -> ChargeRow:
        response, line = fee.response, None
        if fee.minor:
            operation = f"response:{response.pk}"
            line = Line(operation, "response_fee", response.created_at, _memo(fee), wallet, self.revenue, -fee.minor)
            self.lines.append(line)
        self.charges.append(ChargeRow(response.created_at, fee, line))
        return self.charges[-1]

    def refund(self, charge: ChargeRow, at: datetime, wallet: Account) -> None:
        fee = charge.fee
        memo = {**_memo(fee), "rule": fee.rule}
        line = Line(f"refund:{fee.response.pk}", "fee_refund", at, memo, wallet, self.revenue, fee.minor)
        self.lines.append(line)
        self.refunds.append(RefundRow(at, charge, line))

    def put_in_order(self) -> None:
        """Latest first, so that `flush` takes the earliest from the end."""
        self.lines.sort(key=lambda row: row.at, reverse=True)
        self.charges.sort(key=lambda row: row.at, reverse=True)
        self.refunds.sort(key=lambda row: row.at, reverse=True)

    def flush(self, until: datetime) -> None:
        """Write everything that happened up to a moment."""
        lines, charges, refunds = (_taken(rows, until) for rows in (self.lines, self.charges, self.refunds))
        for model, rows in ((Entry, lines), (Charge, charges)):
            for row, pk in zip(rows, take_ids(model, len(rows)), strict=True):
                row.pk = pk
        copy_rows(Entry, _ENTRY, ((row.pk, row.operation, row.kind, row.at, row.memo) for row in lines))
        legs = (
            (row, account, minor)
            for row in lines
            for account, minor in ((row.wallet, row.minor), (row.other, -row.minor))
        )
        copy_rows(Posting, _POSTING, ((row.pk, account.pk, minor, account.currency) for row, account, minor in legs))
        copy_rows(Charge, _CHARGE, map(_charge_values, charges))
        copy_rows(Refund, _REFUND, map(_refund_values, refunds))


def _taken(rows: list[Dated], until: datetime) -> list[Dated]:
    taken = []
    while rows and rows[-1].at <= until:
        taken.append(rows.pop())
    return taken


def _charge_values(row: ChargeRow) -> tuple[object, ...]:
    fee, response = row.fee, row.fee.response
    status = Charge.Status.REFUNDED if fee.returned_at and fee.minor else Charge.Status.CHARGED
    return (
        row.pk, response.pk, response.executor_id, fee.tariff.pk, fee.covered_by, fee.minor, fee.tariff.currency,
        row.line.pk if row.line else None, status.value, row.at, response.unopened_due_at, response.seen_at,
    )  # fmt: skip


def _refund_values(row: RefundRow) -> tuple[object, ...]:
    return (row.charge.pk, row.charge.fee.rule, row.at, row.at, row.at, row.line.pk)


def _memo(fee: Fee) -> dict[str, object]:
    return {"response_id": fee.response.pk, "task_id": fee.plan.task.pk, "title": fee.plan.task.title}
