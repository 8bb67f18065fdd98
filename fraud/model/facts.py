"""Facts in words, first the measured ones that speak for it, then those against, from one row of measures."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from math import isfinite
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

OFF_MIN, TURNED_MIN = 2.0, 3.0  # minutes; less is what networks and cheap clocks do
FOR, AGAINST, NOTE = "for", "against", "note"


@dataclass(frozen=True, slots=True)
class Told:
    """`side`: "for" (the job was done all the same), "against" or "note"; `params` are JSON values."""

    kind: str
    side: str
    params: dict[str, Any]

    def text(self, zone: tzinfo = UTC) -> str:
        """In the reader's language, times in the place's zone."""
        return sentence(self.kind, self.params, zone)


def facts_of(row: Mapping[str, float]) -> list[Told]:
    """Minutes and metres are whole. The order is the order of reading."""
    facts = [*_stay(row), *_usual(row), *_track(row)]
    return sorted(facts, key=lambda fact: (FOR, AGAINST, NOTE).index(fact.side))


def evidence_line(row: Mapping[str, float]) -> str:
    return "; ".join(fact.text() for fact in facts_of(row))


def _stay(row: Mapping[str, float]) -> list[Told]:
    if row["fixes"] < 1:
        return [Told("unseen", AGAINST, {})]
    if row["stay_min"] < 1:
        return _passing(row)
    low = round(row["stay_min"])
    high = round(row["stay_min"] + row["stay_silence_min"])
    facts = [
        Told("stayed", FOR, {"low": low, "high": max(low, high), "metres": _whole(row["stay_m"]),
                             "fixes": _whole(row["stay_fixes"]), "accuracy": _whole(row["stay_accuracy_m"]),
                             "start": row["stay_begin"], "end": row["stay_finish"]})
    ]  # fmt: skip
    if row["stay_after_min"] >= 1:
        facts.append(Told("after", FOR, {"minutes": _whole(row["stay_after_min"])}))
    if row["stay_ratio"] >= 0.6 and row["stay_min"] <= 2 * row["expected_min"]:
        facts.append(Told("usual_length", FOR, {"minutes": _whole(row["expected_min"])}))
    elif high < 0.4 * row["expected_min"]:
        facts.append(Told("short", AGAINST, {"minutes": _whole(row["expected_min"])}))
    if -20 <= row["stay_end_min"] <= 20 and row["stay_ratio"] < 0.6:
        facts.append(Told("left_soon", AGAINST, {"minutes": max(0, _whole(row["stay_end_min"]))}))
    if row["came_from_m"] >= 500 and row["left_to_m"] >= 500:
        facts.append(Told("came_and_left", FOR, {"metres": _whole(min(row["came_from_m"], row["left_to_m"]))}))
    return facts


def _passing(row: Mapping[str, float]) -> list[Told]:
    if row["wide_min"] >= 10:
        return [Told("beside", NOTE, {"minutes": _whole(row["wide_min"]), "metres": _whole(row["wide_m"])})]
    if row["closest_m"] <= 250:
        return [Told("passed", AGAINST, {"metres": _whole(row["closest_m"])})]
    return [Told("elsewhere", AGAINST, {"metres": _whole(row["closest_m"])})]


def _usual(row: Mapping[str, float]) -> list[Told]:
    days, here = _whole(row["past_days"]), _whole(row["past_here_days"])
    if row["stay_min"] < 1 and row["wide_min"] < 10:
        return []
    facts = []
    if here:
        facts.append(Told("here_before", AGAINST, {"here": here, "days": days}))
    elif days >= 3:
        facts.append(Told("never_before", FOR, {"days": days}))
    else:
        facts.append(Told("little_past", AGAINST, {"days": days}))
    if row["past_edge_share"] >= 0.2:
        facts.append(Told("rests_here", AGAINST, {}))
    elif row["regular_m"] <= 200:
        facts.append(Told("regular_near", AGAINST, {"metres": _whole(row["regular_m"])}))
    if row["other_job_near"] > 0:
        facts.append(Told("other_job", AGAINST, {}))
    return facts


def _track(row: Mapping[str, float]) -> list[Told]:
    facts = []
    if row["replay_share"] >= 0.3:
        facts.append(Told("replayed", FOR, {"share": _whole(100 * min(row["replay_share"], 1))}))
    if row["leaps"] >= 1:
        facts.append(Told("leaps", NOTE, {"count": _whole(row["leaps"])}))
    if row["frozen_share"] >= 0.5:
        facts.append(Told("frozen", NOTE, {}))
    if row["silent_after_min"] >= 20:
        facts.append(Told("dark_after", NOTE, {"minutes": _whole(row["silent_after_min"])}))
    facts += clock_facts(row["clock_off_min"], row["clock_turned_min"])
    usual = 2 * row["cadence_min"]  # who reports every twenty minutes is not silent in between
    if row["gap_possible_min"] >= 10 and row["gap_from_m"] <= 1500 and not row["gap_possible_min"] < usual:
        facts.append(
            Told("dark_near", NOTE, {"minutes": _whole(row["gap_possible_min"]), "metres": _whole(row["gap_from_m"])})
        )
    elif row["gap_min"] >= 20 and not row["gap_min"] < usual:
        facts.append(Told("gap", AGAINST, {"minutes": _whole(row["gap_min"])}))
    return facts


def clock_facts(clock_off_min: float, clock_turned_min: float) -> list[Told]:
    """A clock that was turned during the time looked at says that times may have been made; one that is evenly off is
    innocent: the times were put right."""
    if clock_turned_min >= TURNED_MIN:
        return [Told("clock_turned", FOR, {"minutes": _whole(clock_turned_min)})]
    return [Told("clock_off", AGAINST, {"minutes": _whole(clock_off_min)})] if clock_off_min >= OFF_MIN else []


def _whole(value: float) -> int:
    return round(value) if isfinite(value) else 0


_TEXTS = {
    "unseen": gettext_noop("No positions in this time: nothing can be checked"),
    "after": gettext_noop("%(minutes)s min of it after the cancellation"),
    "usual_length": gettext_noop("as long as such work usually takes, about %(minutes)s min"),
    "short": gettext_noop("shorter than such work usually takes, about %(minutes)s min"),
    "left_soon": gettext_noop("left within %(minutes)s min of the cancellation: may have been sent away"),
    "came_and_left": gettext_noop("came from at least %(metres)s m away and left as far again"),
    "beside": gettext_noop("%(minutes)s min about %(metres)s m from the address"),
    "passed": gettext_noop("passed the address, %(metres)s m at the nearest"),
    "elsewhere": gettext_noop("was elsewhere, %(metres)s m away at the nearest"),
    "little_past": gettext_noop("too little is known of other days (%(days)s)"),
    "rests_here": gettext_noop("begins or ends the day here on other days"),
    "regular_near": gettext_noop("has a usual place %(metres)s m away"),
    "other_job": gettext_noop("has another deal near by at this time"),
    "replayed": gettext_noop("%(share)s %% of the way repeats positions of an earlier day exactly"),
    "leaps": gettext_noop("the positions leap faster than anybody can travel (%(count)s)"),
    "frozen": gettext_noop("the same coordinates again and again"),
    "dark_near": gettext_noop(
        "silence that left %(minutes)s min for the address, begun and ended within %(metres)s m of it"
    ),
    "clock_turned": gettext_noop("the phone's clock was turned by %(minutes)s min between its reports"),
    "clock_off": gettext_noop(
        "the phone's clock is evenly %(minutes)s min off, which is nobody's fault: the times were put right"
    ),
    "gap": gettext_noop("%(minutes)s min without positions"),
    "dark_after": gettext_noop("last seen at the address, then %(minutes)s min without positions"),
}


def sentence(kind: str, params: Mapping[str, Any], zone: tzinfo = UTC) -> str:
    """KeyError for a kind that is not made here."""
    if kind in ("stayed", "never_before", "here_before"):
        return _counted(kind, params, zone)
    return _(_TEXTS[kind]) % params


def _counted(kind: str, params: Mapping[str, Any], zone: tzinfo) -> str:
    if kind == "stayed":
        text = ngettext(
            "stayed %(low)s–%(high)s min, %(metres)s m from the address, %(from)s–%(to)s, %(fixes)s position, accuracy %(accuracy)s m",
            "stayed %(low)s–%(high)s min, %(metres)s m from the address, %(from)s–%(to)s, %(fixes)s positions, accuracy %(accuracy)s m",
            params["fixes"],
        )
        params = {**params, "from": _clock(params["start"], zone), "to": _clock(params["end"], zone)}
    elif kind == "never_before":
        text = ngettext(
            "not seen here on %(days)s other day with positions",
            "not seen here on %(days)s other days with positions",
            params["days"],
        )
    else:
        text = ngettext(
            "was here on %(here)s of %(days)s other day with positions",
            "was here on %(here)s of %(days)s other days with positions",
            params["days"],
        )
    return text % params


def _clock(moment: float, zone: tzinfo) -> str:
    return datetime.fromtimestamp(moment, zone).strftime("%H:%M")
