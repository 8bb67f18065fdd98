"""How long the way to a task may take, said with the way of moving. Derived from the straight distance alone: streets and
traffic of the hour are not known here, so it is a hint and is written with «~»."""

from django.utils.translation import gettext as _

DETOUR = 1.3  # streets are about this much longer than the straight line in a city's grid
WALKED_UP_TO_M = 1_500
WALK_M_PER_MIN = 80  # 4.8 km/h
DRIVE_M_PER_MIN = 400  # 24 km/h: a large city by day, with its lights
TO_THE_CAR_MIN = 5  # to the car, and from where it is left
ROUGH_FROM_MIN = 20  # beyond this only fives are said


def travel_words(metres: float) -> str:
    """«~9 min on foot», «~25 min by car» for a straight distance in metres."""
    way = metres * DETOUR
    if metres <= WALKED_UP_TO_M:
        return _("~%(count)d min on foot") % {"count": _rounded(way / WALK_M_PER_MIN)}
    return _("~%(count)d min by car") % {"count": _rounded(TO_THE_CAR_MIN + way / DRIVE_M_PER_MIN)}


def _rounded(minutes: float) -> int:
    return 5 * round(minutes / 5) if minutes >= ROUGH_FROM_MIN else max(1, round(minutes))
