"""A tenth of decisions is made once more, by somebody who sees neither the first one nor the score: it shows how far
decisions can be relied on. Where the two contradict each other, a third person settles it (fraud.services.second)."""

from collections import Counter
from dataclasses import dataclass
from secrets import SystemRandom
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from fraud.learning.models import SecondReview
from fraud.models import Case, Decision
from fraud.rules import rule
from marketplace.accounts import policies as people
from marketplace.kit.clock import now
from marketplace.kit.errors import NotFound

if TYPE_CHECKING:
    from marketplace.accounts.models import User

_dice = SystemRandom()


@dataclass(frozen=True, slots=True)
class Agreement:
    """`same`: share of pairs with the same outcome; `kappa`: the same, less what chance alone would give (Cohen 1960);
    None while nothing was decided twice. `contradicted`: only one of the two called it proved; of these `settled` by a third
    word, `overturned` for the executor."""

    count: int
    same: float | None
    kappa: float | None
    contradicted: int = 0
    settled: int = 0
    overturned: int = 0


def draw_second(case: Case, decision: Decision) -> None:
    """In the transaction of a first decision."""
    if _dice.random() < rule("second_share"):
        SecondReview.objects.get_or_create(case=case, defaults={"first": decision, "drawn_at": now()})


def second_queue(by: "User") -> "QuerySet[SecondReview]":
    """Waiting second looks that this moderator may take, the oldest first."""
    rows = SecondReview.objects.filter(decided_at=None).exclude(_own(by))
    return rows.select_related("case__cancellation__assignment__task__city").order_by("drawn_at", "id")


def third_queue(by: "User") -> "QuerySet[SecondReview]":
    """Contradictions that this moderator may settle: not one of the two who looked, no side. The soonest due first."""
    rows = SecondReview.objects.filter(third_due_at__isnull=False, settled_at=None).exclude(_own(by) | Q(by=by))
    return rows.select_related("case__cancellation__assignment__task__city", "first").order_by("third_due_at", "id")


def looks_waiting(by: "User") -> int:
    return second_queue(by).count() + third_queue(by).count()


def second_review(review_id: int, by: "User") -> SecondReview:
    """Raises NotFound for who decided first, for a side and for who is no moderator."""
    return _found(second_queue(by), review_id, by)


def third_review(review_id: int, by: "User") -> SecondReview:
    """Raises NotFound for the two who looked, for a side and for who is no moderator."""
    return _found(third_queue(by), review_id, by)


def _found(rows: "QuerySet[SecondReview]", review_id: int, by: "User") -> SecondReview:
    row = rows.filter(pk=review_id).first() if people.is_moderator(by) else None
    if row is None:
        raise NotFound
    return row


def _own(by: "User") -> Q:
    return Q(first__by=by) | Q(case__executor=by) | Q(case__customer=by)


def agreement() -> Agreement:
    pairs = list(SecondReview.objects.exclude(decided_at=None).values_list("first__outcome", "outcome"))
    if not pairs:
        return Agreement(0, None, None)
    count = len(pairs)
    same = sum(one == other for one, other in pairs) / count
    first, second = Counter(one for one, _other in pairs), Counter(other for _one, other in pairs)
    chance = sum(first[outcome] * second[outcome] for outcome in first) / count**2
    kappa = (same - chance) / (1 - chance) if chance < 1 else None
    return Agreement(count, same, kappa, **_contradictions())


def _contradictions() -> dict[str, int]:
    rows = SecondReview.objects.filter(third_due_at__isnull=False)
    settled = rows.exclude(settled_at=None)
    overturned = settled.filter(first__outcome=Case.Outcome.CONFIRMED).exclude(third_outcome=Case.Outcome.CONFIRMED)
    return {"contradicted": rows.count(), "settled": settled.count(), "overturned": overturned.count()}
