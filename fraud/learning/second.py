"""A tenth of decisions is made once more, by somebody who sees neither the first one nor the score. It changes nothing for
the two sides; it shows how far decisions can be relied on."""

from collections import Counter
from dataclasses import dataclass
from secrets import SystemRandom
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q, QuerySet

from fraud.errors import ReasonMissing
from fraud.learning.models import SecondReview
from fraud.models import Case, Decision
from fraud.rules import rule
from marketplace.accounts import policies as people
from marketplace.kit import audit
from marketplace.kit.clock import now
from marketplace.kit.errors import NotFound

if TYPE_CHECKING:
    from marketplace.accounts.models import User

_dice = SystemRandom()


@dataclass(frozen=True, slots=True)
class Agreement:
    """`same`: share of pairs with the same outcome; `kappa`: the same, less what chance alone would give (Cohen 1960);
    None while nothing was decided twice."""

    count: int
    same: float | None
    kappa: float | None


def draw_second(case: Case, decision: Decision) -> None:
    """In the transaction of a first decision."""
    if _dice.random() < rule("second_share"):
        SecondReview.objects.get_or_create(case=case, defaults={"first": decision, "drawn_at": now()})


def second_queue(by: "User") -> "QuerySet[SecondReview]":
    """Waiting second looks that this moderator may take, the oldest first."""
    own = Q(first__by=by) | Q(case__executor=by) | Q(case__customer=by)
    rows = SecondReview.objects.filter(decided_at=None).exclude(own)
    return rows.select_related("case__cancellation__assignment__task").order_by("drawn_at", "id")


def second_review(review_id: int, by: "User") -> SecondReview:
    """Raises NotFound for who decided first, for a side and for who is no moderator."""
    found = second_queue(by).filter(pk=review_id).first() if people.is_moderator(by) else None
    if found is None:
        raise NotFound
    return found


@transaction.atomic
def decide_second(*, review_id: int, by: "User", outcome: str, reason: str = "") -> SecondReview:
    """Raises NotFound, ReasonMissing."""
    second_review(review_id, by)
    row = SecondReview.objects.select_for_update(of=("self",)).get(pk=review_id)
    if row.decided_at is not None:
        raise NotFound
    if outcome not in Case.Outcome.values:
        raise ReasonMissing
    row.by, row.outcome, row.reason, row.decided_at = by, outcome, reason.strip()[:2000], now()
    row.save(update_fields=["by", "outcome", "reason", "decided_at"])
    audit.record(actor=by, action="case.reviewed_again", subject=row.case.reference, details={"outcome": outcome})
    return row


def agreement() -> Agreement:
    pairs = list(SecondReview.objects.exclude(decided_at=None).values_list("first__outcome", "outcome"))
    if not pairs:
        return Agreement(0, None, None)
    count = len(pairs)
    same = sum(one == other for one, other in pairs) / count
    first, second = Counter(one for one, _other in pairs), Counter(other for _one, other in pairs)
    chance = sum(first[outcome] * second[outcome] for outcome in first) / count**2
    return Agreement(count, same, (same - chance) / (1 - chance) if chance < 1 else None)
