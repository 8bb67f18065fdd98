"""The people around a case as a picture: the case's own two in the middle, who is joined with them around, a step further out
each. The list beside it says the same in words."""

import math
from collections.abc import Sequence
from statistics import fmean

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from fraud.related.graph import LARGEST, Member, NamedBond, Ring

WIDTH, HEIGHT, MIDDLE = 640, 340, (320.0, 165.0)
APART = 62.0  # of the two in the middle, to each side
REACH = ((0.0, 0.0), (190.0, 92.0), (285.0, 142.0))  # half axes by steps away
LONGEST = 14  # letters of a name

Place = tuple[float, float]


def ring_picture(ring: Ring) -> SafeString:
    """Empty for two people who are joined by nothing else."""
    if not ring.more_than_a_pair:
        return SafeString("")
    places = _places(ring)
    drawn = [_line(bond, places) for bond in ring.bonds]
    drawn += [_person(member, places[member.user_id]) for member in ring.members]
    return SafeString(
        f'<svg class="ring-picture" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="{escape(_("Who is joined with whom"))}">{"".join(drawn)}</svg>'
    )


def cut_words(ring: Ring) -> str:
    """That not everybody is shown; empty when everybody is."""
    return _("The picture ends here: there are more than %(count)s people.") % {"count": LARGEST} if ring.cut else ""


def _places(ring: Ring) -> dict[int, Place]:
    """Who is joined with somebody stands on that one's side, so that few lines cross."""
    middle = [member for member in ring.members if member.steps == 0]
    sides = (-APART, APART) if len(middle) == 2 else (0.0,) * len(middle)
    places = {member.user_id: (MIDDLE[0] + side, MIDDLE[1]) for member, side in zip(middle, sides, strict=True)}
    for steps in range(1, len(REACH)):
        around = [member for member in ring.members if member.steps == steps]
        ordered = sorted(around, key=lambda member: _way(member, ring.bonds, places))
        for number, member in enumerate(ordered):
            turn = 2 * math.pi * (number + 0.5) / len(ordered) - math.pi
            wide, high = REACH[steps]
            places[member.user_id] = (MIDDLE[0] + wide * math.cos(turn), MIDDLE[1] + high * math.sin(turn))
    return places


def _way(member: Member, bonds: Sequence[NamedBond], places: dict[int, Place]) -> float:
    """The direction in which those stand whom this one is joined with; from −π to π."""
    others = [one for bond in bonds if member.user_id in bond.ids for one in bond.ids if one in places]
    if not others:
        return 0.0
    east, north = (fmean(places[one][axis] for one in others) - MIDDLE[axis] for axis in (0, 1))
    return math.atan2(north, east)


def _line(bond: NamedBond, places: dict[int, Place]) -> str:
    (x1, y1), (x2, y2) = (places[one] for one in bond.ids)
    return (
        f'<line class="ring-line ring-line--{bond.kind}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}">'
        f"<title>{escape(f'{bond.one} – {bond.text} – {bond.other}')}</title></line>"
    )


def _person(member: Member, place: Place) -> str:
    x, y = place
    kind = "ring-dot--own" if member.steps == 0 else "ring-dot--confirmed" if member.confirmed else ""
    name = member.name if len(member.name) <= LONGEST else member.name[: LONGEST - 1] + "…"
    edge = "start" if x < 60 else "end" if x > WIDTH - 60 else "middle"
    return (
        f'<circle class="ring-dot {kind}" cx="{x:.1f}" cy="{y:.1f}" r="{8 if member.steps == 0 else 6}">'
        f"<title>{escape(member.name)}</title></circle>"
        f'<text class="ring-name" x="{x:.1f}" y="{y + 22:.1f}" text-anchor="{edge}">{escape(name)}</text>'
    )
