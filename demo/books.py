"""The money of the demo world: credit, fees and refunds, booked in the order in which they happened."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from demo.copying import copy_rows
from demo.dice import Dice
from demo.people import Executor
from demo.tasks import Plan
from payments.ledger.services import platform_account
from payments.models import Account, Charge, Entry, Posting, Refund, Tariff, Trial
from payments.selectors import tariffs_in_force
from tasks_app.models import Response

_ENDED_RULE = {"expired": "task_expired", "cancelled": "cancelled_before_choice", "removed": "task_removed"}
Row = TypeVar("Row")

_CREDITS = ["За приглашённого коллегу", "Кредит месяца", "Кредит за отзыв о сервисе", "Подарок к празднику"]


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
        self._give(
            self.executor.user.date_joined + timedelta(hours=5),
            self.dice.pick([50_000, 100_000, 150_000]),
            "Приветственный кредит",
        )
        steps = [(fee.response.created_at, 1, fee) for fee in fees]
        steps += [(fee.returned_at, 0, fee) for fee in fees if fee.returned_at and fee.minor]
        charges: dict[int, Charge] = {}
        for at, sending, fee in sorted(steps, key=lambda step: step[:2]):
            if sending:
                charges[fee.response.pk] = self._pay(at, fee)
            else:
                self.ledger.refund(charges[fee.response.pk], fee, self.account)
                self.balance += fee.minor

    def _pay(self, at: datetime, fee: Fee) -> Charge:
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
        self.entries: list[tuple[Entry, Account, Account, int]] = []  # the last: what the wallet gets
        self.charges: list[Charge] = []
        self.refunds: list[Refund] = []

    def book(self, entry: Entry, wallet: Account, other: Account, minor: int) -> Entry:
        self.entries.append((entry, wallet, other, minor))
        return entry

    def credit(self, operation: str, at: datetime, why: str, wallet: Account, minor: int) -> None:
        entry = Entry(operation=operation, kind="promotion", at=at, memo={"why": why})
        self.book(entry, wallet, self.promotions, minor)

    def charge(self, fee: Fee, wallet: Account) -> Charge:
        response, entry = fee.response, None
        if fee.minor:
            operation = f"response:{response.pk}"
            entry = Entry(operation=operation, kind="response_fee", at=response.created_at, memo=_memo(fee))
            self.book(entry, wallet, self.revenue, -fee.minor)
        charge = Charge(
            response=response,
            user=response.executor,
            tariff=fee.tariff,
            covered_by=fee.covered_by,
            amount_minor=fee.minor,
            currency=wallet.currency,
            entry=entry,
            status=Charge.Status.REFUNDED if fee.returned_at and fee.minor else Charge.Status.CHARGED,
            charged_at=response.created_at,
            unopened_until=response.unopened_due_at,
            opened_at=response.seen_at,
        )
        self.charges.append(charge)
        return charge

    def refund(self, charge: Charge, fee: Fee, wallet: Account) -> None:
        at, memo = fee.returned_at, {**_memo(fee), "rule": fee.rule}
        entry = Entry(operation=f"refund:{fee.response.pk}", kind="fee_refund", at=at, memo=memo)
        self.book(entry, wallet, self.revenue, fee.minor)
        self.refunds.append(Refund(charge=charge, rule=fee.rule, created_at=at, not_before=at, paid_at=at, entry=entry))

    def put_in_order(self) -> None:
        """Latest first, so that `flush` takes the earliest from the end."""
        self.entries.sort(key=lambda row: row[0].at, reverse=True)
        self.charges.sort(key=lambda charge: charge.charged_at, reverse=True)
        self.refunds.sort(key=lambda refund: refund.created_at, reverse=True)

    def flush(self, until: datetime) -> None:
        """Write everything that happened up to a moment."""
        entries = _taken(self.entries, lambda row: row[0].at <= until)
        Entry.objects.bulk_create([row[0] for row in entries], batch_size=2000)
        legs = (
            (entry.pk, account.pk, amount, account.currency)
            for entry, wallet, other, minor in entries
            for account, amount in ((wallet, minor), (other, -minor))
        )
        copy_rows(Posting, ("entry_id", "account_id", "amount_minor", "currency"), legs)
        Charge.objects.bulk_create(_taken(self.charges, lambda row: row.charged_at <= until), batch_size=2000)
        Refund.objects.bulk_create(_taken(self.refunds, lambda row: row.created_at <= until), batch_size=2000)


def _taken(rows: list[Row], due: Callable[[Row], bool]) -> list[Row]:
    taken = []
    while rows and due(rows[-1]):
        taken.append(rows.pop())
    return taken


def _memo(fee: Fee) -> dict[str, object]:
    return {"response_id": fee.response.pk, "task_id": fee.plan.task.pk, "title": fee.plan.task.title}
