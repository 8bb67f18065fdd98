"""The statement of a wallet for a period: what there was, each line, what there is. Read from the journal, never kept."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import accumulate

from django.db.models import Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.kit.clock import now
from marketplace.kit.errors import InvalidInput
from marketplace.kit.money import Money
from payments.documents.by_card import CardLine, lines_by_card
from payments.ledger.selectors import StatementLine, lines_of
from payments.models import Account, Posting
from payments.topups.debts import debt_at

CHUNK = 500
OWED_WHY = _("A bank took an earlier payment back when the wallet had less. The next top-up settles it first.")
LONGEST_PDF = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days in the reader's time zone, both included."""

    first: date
    last: date

    @property
    def since(self) -> datetime:
        return timezone.make_aware(datetime.combine(self.first, time.min))

    @property
    def until(self) -> datetime:
        """The first moment that no longer belongs to it."""
        return timezone.make_aware(datetime.combine(self.last + timedelta(days=1), time.min))


@dataclass(frozen=True, slots=True)
class Statement:
    """A period that fits into memory. `closing` is `opening` and all `lines`; `by_card` went past the wallet and is in no
    balance; `owed`: what was owed to the service at the end of it, after a bank took a payment back."""

    period: Period
    opening: Money
    lines: list[StatementLine]
    by_card: list[CardLine] = field(default_factory=list)
    owed: Money = field(default_factory=Money.zero)

    @property
    def balances(self) -> list[Money]:
        """The balance after each line."""
        return list(accumulate((line.amount for line in self.lines), initial=self.opening))[1:]

    @property
    def closing(self) -> Money:
        return self.balances[-1] if self.lines else self.opening

    @property
    def came(self) -> Money:
        return sum((line.amount for line in self.lines if line.amount.minor > 0), Money.zero(self.opening.currency))

    @property
    def went(self) -> Money:
        return sum((-line.amount for line in self.lines if line.amount.minor < 0), Money.zero(self.opening.currency))

    @property
    def card_paid(self) -> Money:
        """What cards paid past the wallet, without its sign; what came back to them is `card_back`."""
        return -self._past(lambda line: not line.to_account and line.amount.minor < 0)

    @property
    def card_back(self) -> Money:
        return self._past(lambda line: not line.to_account and line.amount.minor > 0)

    @property
    def paid_out(self) -> Money:
        """What the account for payouts received, less what was taken from it."""
        return self._past(lambda line: line.to_account)

    def _past(self, counts: Callable[[CardLine], bool]) -> Money:
        total = sum(line.amount.minor for line in self.by_card if counts(line))
        return Money(total, self.opening.currency)


def make_period(first: date | None, last: date | None) -> Period:
    """A period as asked for; the current month when nothing was. Raises InvalidInput when it ends before it begins."""
    today = timezone.localdate(now())
    last = last or today
    first = first or last.replace(day=1)
    if first > last:
        raise InvalidInput(field="first", reason=_("The period begins after its end."))
    if first.year < 2000 or last.year > today.year + 1:
        raise InvalidInput(field="first", reason=_("Choose days between the year 2000 and next year."))
    return Period(first, last)


def opening_balance(*, user_id: int, at: datetime, currency: str = "RUB") -> Money:
    """What was in the wallet just before a moment, summed from the journal."""
    before = _postings(user_id, currency).filter(entry__at__lt=at)
    return Money(before.aggregate(total=Sum("amount_minor"))["total"] or 0, currency)


def stream_lines(*, user_id: int, period: Period, currency: str = "RUB") -> Iterator[StatementLine]:
    """The lines of a period, oldest first, read in chunks by key; any length in constant memory."""
    rows = _postings(user_id, currency).filter(entry__at__gte=period.since, entry__at__lt=period.until)
    rows = rows.select_related("entry").order_by("entry__at", "pk")
    last: Posting | None = None
    while True:
        beyond = Q(entry__at__gt=last.entry.at) | Q(entry__at=last.entry.at, pk__gt=last.pk) if last else Q()
        chunk = list(rows.filter(beyond)[:CHUNK])
        yield from lines_of(chunk)
        if len(chunk) < CHUNK:
            return
        last = chunk[-1]


def make_statement(*, user_id: int, period: Period, currency: str = "RUB") -> Statement:
    """Raises InvalidInput when the period is longer than a year: then the CSV serves."""
    if period.last - period.first > LONGEST_PDF:
        raise InvalidInput(field="first", reason=_("A PDF covers a year at most. Take the table for a longer period."))
    opening = opening_balance(user_id=user_id, at=period.since, currency=currency)
    lines = list(stream_lines(user_id=user_id, period=period, currency=currency))
    past = by_card_in(user_id=user_id, period=period, currency=currency)
    return Statement(period, opening, lines, past, debt_at(user_id, period.until, currency))


def by_card_in(*, user_id: int, period: Period, currency: str = "RUB") -> list[CardLine]:
    """What went past the wallet in a period, oldest first: months of subscriptions and movements of deals, few for anybody."""
    return lines_by_card(user_id=user_id, since=period.since, until=period.until, currency=currency)


def _postings(user_id: int, currency: str) -> "QuerySet[Posting]":
    return Posting.objects.filter(
        account__kind=Account.Kind.WALLET, account__owner_id=user_id, account__currency=currency
    )
