"""What operators read of the platform's money, each row down to its source."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet, Sum

from marketplace.kit.clock import now
from marketplace.kit.errors import NotFound
from marketplace.kit.money import Money
from marketplace.kit.pagination import Page, key_page
from payments.events.cursor import read_at
from payments.intents.states import UNSETTLED
from payments.ledger.reconciliation import Mismatch, mismatches
from payments.models import Account, BalanceLine, Entry, Intent, Posting, ProcessorEvent
from payments.reconciliation.lines import LINES

LATE = timedelta(minutes=10)  # an intent that the processor has not answered for so long deserves a look
STATES = ("all", "flight", "late", "failed")


@dataclass(frozen=True, slots=True)
class Standing:
    """The platform's money now. `held`: customers' money in open secure deals; `owed`: people's wallets; `at_processor`:
    what the journal says lies there; `in_flight`: begun and not settled; `late`: of these, silent for too long; `copied_at`:
    when the last whole copy of the processor's books was begun: what moved later is not compared yet."""

    held: Money
    owed: Money
    at_processor: Money
    receivables: Money
    costs: Money
    revenue: Money
    in_flight: Money
    in_flight_count: int
    late_count: int
    unread_events: int
    last_line_at: datetime | None
    copied_at: datetime | None
    copy_is_old: bool


@dataclass(frozen=True, slots=True)
class EntryView:
    """An entry with its legs: account kind, whose (None: the platform's own), amount."""

    id: int
    kind: str
    operation: str
    at: datetime
    source: str
    legs: list[tuple[str, int | None, Money]]


@dataclass(frozen=True, slots=True)
class MoneyTrail:
    """One intent with everything it left: entries, the processor's movements, the events about its objects."""

    intent: Intent
    entries: list[EntryView]
    lines: list[BalanceLine]
    events: list[ProcessorEvent]


def standing(currency: str = "RUB") -> Standing:
    totals = dict(
        Posting.objects.filter(currency=currency)
        .values_list("account__kind")
        .annotate(total=Sum("amount_minor"))
        .values_list("account__kind", "total")
    )

    def total(kind: str) -> Money:
        return Money(totals.get(kind, 0) or 0, currency)

    flying = _intents("flight").filter(currency=currency)
    copied_at = read_at(LINES)
    return Standing(
        held=total(Account.Kind.HELD_DEALS),
        owed=total(Account.Kind.WALLET),
        at_processor=-total(Account.Kind.CLEARING),
        receivables=-total(Account.Kind.RECEIVABLES),
        costs=-total(Account.Kind.COSTS),
        revenue=total(Account.Kind.REVENUE),
        in_flight=Money(flying.aggregate(total=Sum("amount_minor"))["total"] or 0, currency),
        in_flight_count=flying.count(),
        late_count=_intents("late").count(),
        unread_events=ProcessorEvent.objects.filter(handled_at=None).count(),
        last_line_at=BalanceLine.objects.order_by("-happened_at").values_list("happened_at", flat=True).first(),
        copied_at=copied_at,
        copy_is_old=copied_at is not None and now() - copied_at > LATE,
    )


def found_mismatches(*, limit: int = 50) -> list[Mismatch]:
    """What does not agree, by all checks that need no call; `manage.py reconcile` asks the processor too."""
    return [one for _i, one in zip(range(limit), mismatches(), strict=False)]


def intents_page(*, state: str = "all", after: str | None = None, size: int = 30) -> "Page[Intent]":
    """Intents, newest first. `state` is one of STATES; anything else is all."""
    return key_page(_intents(state).select_related("user"), order=["id"], after=after, size=size)


def lines_page(*, after: str | None = None, size: int = 50) -> "Page[dict[str, Any]]":
    """The processor's movements, newest first, each with the intent behind it when there is one."""
    page = key_page(BalanceLine.objects.all(), order=["happened_at", "id"], after=after, size=size)
    behind = _behind([row.source for row in page.rows])
    booked = _booked([row.source for row in page.rows if row.source not in behind])
    rows = [{"line": row, "intent_id": behind.get(row.source), "entry": booked.get(row.source)} for row in page.rows]
    return Page(rows, page.next_key)


def money_trail(intent_id: int) -> MoneyTrail:
    """Raises NotFound."""
    intent = Intent.objects.select_related("user", "entry").filter(pk=intent_id).first()
    if intent is None:
        raise NotFound
    about = Q(operation=f"intent:{intent.pk}") | Q(memo__intent_id=intent.pk) | Q(pk=intent.entry_id)
    entries = list(Entry.objects.filter(about).prefetch_related("postings__account").order_by("pk"))
    objects = {intent.processor_id, intent.payment_id, *(str(row.memo.get("source", "")) for row in entries)} - {""}
    lines = BalanceLine.objects.filter(source__in=objects).order_by("happened_at", "pk")
    events = ProcessorEvent.objects.filter(object_id__in=objects).order_by("happened_at", "pk")
    return MoneyTrail(intent, [_entry(row) for row in entries], list(lines), list(events[:100]))


def find_trail(text: str) -> int | None:
    """The intent that an operator means: its number, its operation, or an object of the processor."""
    text = text.strip()
    if text.isascii() and text.isdigit() and len(text) < 18:
        return Intent.objects.filter(pk=int(text)).values_list("pk", flat=True).first()
    if not text:
        return None
    named = Intent.objects.filter(Q(operation=text) | Q(processor_id=text) | Q(payment_id=text))
    return named.values_list("pk", flat=True).first() or _behind([text]).get(text)


def _intents(state: str) -> "QuerySet[Intent]":
    rows = Intent.objects.all()
    if state == "flight":
        return rows.filter(status__in=UNSETTLED)
    if state == "late":
        return rows.filter(status=Intent.Status.CREATED, created_at__lt=now() - LATE)
    return rows.filter(status=Intent.Status.FAILED) if state == "failed" else rows


def _behind(sources: list[str]) -> dict[str, int]:
    """Which intent an object of the processor belongs to: by the intent's own word, or by its entry's."""
    found = dict(Intent.objects.filter(processor_id__in=sources).values_list("processor_id", "pk"))
    named = Entry.objects.filter(memo__source__in=sources, intent__isnull=False)
    return {**dict(named.values_list("memo__source", "intent__pk")), **found}


def _booked(sources: list[str]) -> dict[str, Entry]:
    """The entry of what no intent of ours began: a subscription's bill, a dispute."""
    return {str(row.memo["source"]): row for row in Entry.objects.filter(memo__source__in=[s for s in sources if s])}


def _entry(row: Entry) -> EntryView:
    legs = [
        (leg.account.kind, leg.account.owner_id, Money(leg.amount_minor, leg.currency)) for leg in row.postings.all()
    ]
    return EntryView(row.pk, row.kind, row.operation, row.at, str(row.memo.get("source", "")), legs)
