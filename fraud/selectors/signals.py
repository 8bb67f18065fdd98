"""Signals in words, for the case and for the person's page. The caller has checked that a moderator reads."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils.text import capfirst

from fraud.models import Case, Signal
from fraud.signals.words import sentence, unusual_parts
from marketplace.kit.clock import now

SHOWN = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class SignalView:
    """`who`: the public name of the person it is about."""

    kind: str
    kind_text: str
    side: str
    who: str
    text: str
    score: float
    at: datetime


def signals_of_case(case: Case) -> list[SignalView]:
    """About either side or this cancellation, the weightiest first; presence stands in the evidence and is left out."""
    about = Q(person_id__in=(case.executor_id, case.customer_id), cancellation=None) | Q(
        cancellation=case.cancellation_id
    )
    rows = Signal.objects.filter(about).exclude(kind=Signal.Kind.PRESENCE)
    pair = {case.executor_id, case.customer_id}
    between = ("contacts", "pair")
    about_them = [row for row in _fresh(rows) if row.kind not in between or {row.person_id, row.other_id} == pair]
    return _views(_once(about_them))


def signals_of_person(user_id: int) -> list[SignalView]:
    rows = Signal.objects.filter(Q(person_id=user_id) | Q(other_id=user_id)).exclude(kind=Signal.Kind.PRESENCE)
    return _views(_once(_fresh(rows)))


def unusual_people(limit: int = 30) -> list[tuple[int, SignalView]]:
    """Who differs most from everybody else now: (person, in what)."""
    rows = _fresh(Signal.objects.filter(kind=Signal.Kind.UNUSUAL, at__gte=now() - timedelta(days=3)))[:limit]
    return [(row.person_id, replace(_view(row), text=capfirst(unusual_parts(row.params)))) for row in rows]


def _once(rows: Iterable[Signal]) -> list[Signal]:
    """What two have in common is found of each of them: of such twins the first."""
    kept: dict[Hashable, Signal] = {}
    for row in rows:
        twins = (row.kind, frozenset({row.person_id, row.other_id}), row.params.get("what"))
        kept.setdefault(twins if row.kind == Signal.Kind.SHARED_DEVICE else row.pk, row)
    return list(kept.values())


def _fresh(rows: "QuerySet[Signal]") -> list[Signal]:
    found = rows.filter(at__gte=now() - SHOWN).select_related("person")
    return list(found.order_by("-score", "-at")[:60])


def _views(rows: Iterable[Signal]) -> list[SignalView]:
    return [_view(row) for row in rows]


def _view(row: Signal) -> SignalView:
    return SignalView(
        kind=row.kind,
        kind_text=row.get_kind_display(),
        side=row.side,
        who=row.person.public_name,
        text=sentence(row.kind, row.params),
        score=row.score,
        at=row.at,
    )
