"""The chance that a case which was opened was reached and decided by a person: the second half of what its label weighs."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Exists, OuterRef

from fraud.models import Case, Decision
from marketplace.kit.clock import now

RECENT = timedelta(days=90)
LEAST = 0.05  # so no decided flag weighs more than twenty
ALIKE = 20  # cases of the common share that are added to each stratum's own


@dataclass(frozen=True, slots=True)
class Chances:
    """`cuts`: ranks up to which the lower and the middle third reach; `flags`: the chance in each third, the lowest first;
    `audits`: the chance of a random check, whose place in the queue is random, so that all have the same."""

    cuts: Sequence[float]
    flags: Sequence[float]
    audits: float

    def of(self, case: Case) -> float:
        return self.audits if case.kind == Case.Kind.AUDIT else self.flags[bisect_left(self.cuts, case.rank)]


def chances() -> Chances:
    """From the cases opened in 90 days whose time to be decided is over: those still open would count as missed, and of the young
    ones only the quick would count at all.

    Moderators go by the queue, dear and sure flags first (`Case.rank`), so a flag's chance hangs on its rank. It is the share
    decided among flags of the same third of ranks: propensities by strata (Rosenbaum and Rubin, JASA 79, 1984), by whose
    inverse a decision is weighted (Horvitz and Thompson, JASA 47, 1952). A third of few flags leans on the share of all, as
    if it held `ALIKE` more of that kind, and none is below `LEAST`: a rare decision far down must not outweigh the rest."""
    by_person = Exists(Decision.objects.filter(case=OuterRef("pk"), by__isnull=False))
    rows = Case.objects.filter(opened_at__gte=now() - RECENT, due_at__lte=now()).annotate(decided=by_person)
    flags = list(rows.filter(kind=Case.Kind.FLAG).order_by("rank").values_list("rank", "decided"))
    audits = list(rows.filter(kind=Case.Kind.AUDIT).values_list("decided", flat=True))
    common = _share([decided for _rank, decided in flags])
    cuts = [flags[len(flags) * third // 3 - 1][0] for third in (1, 2)] if len(flags) >= 3 else []
    thirds: list[list[bool]] = [[] for _cut in [*cuts, None]]
    for rank, decided in flags:
        thirds[bisect_left(cuts, rank)].append(decided)
    return Chances(cuts, [_leaning(third, common) for third in thirds], max(LEAST, _share(audits)))


def _leaning(decided: Sequence[bool], common: float) -> float:
    return max(LEAST, (sum(decided) + ALIKE * common) / (len(decided) + ALIKE))


def _share(decided: Sequence[bool]) -> float:
    """1 while no person has decided any: then every case counts alike."""
    return sum(decided) / len(decided) if any(decided) else 1.0
