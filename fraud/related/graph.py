"""A ring: the people around a case, joined by cancelled deals, devices, browsers, cards and addresses."""

from dataclasses import dataclass, replace
from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fraud.models import Case, Signal
from marketplace.accounts import selectors as people
from marketplace.kit.clock import now
from payments import selectors as payments
from tasks_app import selectors as tasks

STEPS = 2  # from the case's two sides outwards
LARGEST = 30
LOOKED_BACK = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Bond:
    """What joins two people; `kind`: deals, device, card or address."""

    one: int
    other: int
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Member:
    """`steps`: bonds away from the case's own two sides (0 for them)."""

    user_id: int
    name: str
    steps: int
    cases: int
    confirmed: int


@dataclass(frozen=True, slots=True)
class NamedBond:
    """`ids`: of the two, in the order of their names."""

    one: str
    other: str
    kind: str
    text: str
    ids: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Ring:
    """`cases`: other cases of its members, the newest first. `cut`: there are more people than LARGEST."""

    members: list[Member]
    bonds: list[NamedBond]
    cases: list[Case]
    cut: bool = False

    @property
    def more_than_a_pair(self) -> bool:
        return len(self.members) > 2


def ring_of(case: Case) -> Ring:
    """Grown step by step from the executor and the customer; never more than LARGEST people."""
    reached = {case.executor_id: 0, case.customer_id: 0}
    bonds: dict[tuple[int, int, str], Bond] = {}
    cut = False
    for step in range(1, STEPS + 1):
        edge = {pk for pk, steps in reached.items() if steps == step - 1}
        for bond in _bonds(edge) if edge else ():
            fresh = {bond.one, bond.other} - reached.keys()
            if len(reached) + len(fresh) > LARGEST:
                cut = True
                continue
            reached |= dict.fromkeys(fresh, step)
            bonds[bond.one, bond.other, bond.kind] = bond
    return replace(_ring(case, reached, list(bonds.values())), cut=cut)


def _bonds(edge: set[int]) -> list[Bond]:
    found = [_deals(*row) for row in tasks.partners_of(edge)]
    strangers = Signal.objects.filter(kind=Signal.Kind.SHARED_DEVICE, person_id__in=edge).exclude(other=None)
    for row in strangers.filter(at__gte=now() - LOOKED_BACK).select_related("other"):
        one, other = sorted((row.person_id, row.other_id or 0))
        browser = row.params.get("what") == "browser"
        found.append(Bond(one, other, "device", _("one browser and address") if browser else _("one device")))
    for one, other, card in payments.people_with_the_same_card(edge):
        found.append(Bond(one, other, "card", _("cards that look the same: %(card)s") % {"card": card}))
    for one, other, address in tasks.people_at_the_same_address(edge):
        found.append(Bond(one, other, "address", _("tasks at one flat: %(address)s") % {"address": address}))
    return found


def _deals(executor_id: int, customer_id: int, count: int) -> Bond:
    text = ngettext("%(count)s cancelled deal", "%(count)s cancelled deals", count) % {"count": count}
    return Bond(executor_id, customer_id, "deals", text)


def _ring(case: Case, reached: dict[int, int], bonds: list[Bond]) -> Ring:
    names = people.public_names(reached)
    around = (Case.objects.filter(executor_id__in=reached) | Case.objects.filter(customer_id__in=reached)).distinct()
    cases = list(around.exclude(pk=case.pk).select_related("executor", "customer").order_by("-opened_at")[:40])
    members = [
        Member(
            user_id=pk,
            name=names.get(pk, ""),
            steps=steps,
            cases=sum(pk in (row.executor_id, row.customer_id) for row in cases),
            confirmed=sum(
                pk in (row.executor_id, row.customer_id) and row.outcome == Case.Outcome.CONFIRMED for row in cases
            ),
        )
        for pk, steps in sorted(reached.items(), key=lambda item: (item[1], item[0]))
    ]
    named = [NamedBond(names.get(b.one, ""), names.get(b.other, ""), b.kind, b.text, (b.one, b.other)) for b in bonds]
    return Ring(members, named, cases)
