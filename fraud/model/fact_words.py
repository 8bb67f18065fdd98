"""A fact's kind and numbers as a sentence, in the reader's language: the moderator, the executor and the back-test's report
read the same ones."""

from collections.abc import Callable, Collection, Mapping
from datetime import UTC, date, datetime, tzinfo
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

Params = Mapping[str, Any]
_LENGTHS = {"away": "metres", "nearer": "near"}
MOST_DAYS = 60  # no more days are counted than these

_TEXTS = {
    "unseen": gettext_noop("No positions in this time: nothing can be checked"),
    "inexact": gettext_noop("the positions are inexact: within %(metres)s m"),
    "after": gettext_noop("%(minutes)s min of it after the cancellation"),
    "usual_length": gettext_noop("comparable with how long such work usually takes, about %(minutes)s min"),
    "shorter": gettext_noop("shorter than such work usually takes, about %(minutes)s min"),
    "seen_until": gettext_noop("last seen here %(minutes)s min after the cancellation: may have been sent away"),
    "seen_before": gettext_noop("last seen here %(minutes)s min before the cancellation: may have been sent away"),
    "came_and_left": gettext_noop("came from at least %(away)s away and left as far again"),
    "beside": gettext_noop("%(minutes)s min close by, about %(metres)s m from the address"),
    "passed": gettext_noop("passed the address, %(metres)s m at the nearest"),
    "no_nearer": gettext_noop("was not nearer to the address than about %(metres)s m"),
    "elsewhere": gettext_noop("was elsewhere, %(away)s away at the nearest"),
    "little_past": gettext_noop("too little is known of other days (%(days)s)"),
    "rests_here": gettext_noop("begins or ends the day here on other days"),
    "regular_near": gettext_noop("has a usual place %(metres)s m away"),
    "pair_again": gettext_noop("cancellation number %(nth)s of these two in %(days)s days"),
    "replayed": gettext_noop("%(share)s %% of the way repeats positions of an earlier day exactly"),
    "leaps": gettext_noop("the positions leap faster than anybody can travel (%(count)s)"),
    "frozen": gettext_noop("the same coordinates again and again"),
    "seen_once": gettext_noop(
        "seen once at the address, %(metres)s m from it; may have been there up to %(minutes)s min"
    ),
    "cancelled_late": gettext_noop("cancelled %(minutes)s min after the end of the agreed time"),
    "cancelled_later": gettext_noop("cancelled long after the beginning of the agreed time"),
    "dark_near": gettext_noop(
        "silence that left %(minutes)s min for the address, its ends %(nearer)s and %(away)s from it"
    ),
    "clock_turned": gettext_noop("the phone's clock was turned by %(minutes)s min between its reports"),
    "clock_off": gettext_noop(
        "the phone's clock is evenly %(minutes)s min off, which is nobody's fault: the times were put right"
    ),
    "longest_gap": gettext_noop("%(minutes)s min at the longest between two positions"),
    "dark_after": gettext_noop("last seen at the address, then %(minutes)s min without positions"),
}


def sentence(kind: str, params: Params, zone: tzinfo = UTC) -> str:
    """Without a capital; times, where they are known, in `zone`. KeyError for a kind that is not made here."""
    if kind in _OWN:
        return _OWN[kind](params, zone)
    lengths = {word: away(params[name]) for word, name in _LENGTHS.items() if name in params}
    text = _(_TEXTS[kind]) % {**params, **lengths}
    return f"{text}, {_between(params, zone)}" if "start" in params else text


def opening(kinds: Collection[str]) -> list[str]:
    """What led to the check in a few words, for the person themselves; never more than the facts of those kinds say."""
    told = []
    if {"stayed", "seen_once"} & set(kinds):
        told.append(_("Your phone was near the address although the deal was cancelled."))
    elif "beside" in kinds:
        told.append(_("Your phone was some way from the address for a while although the deal was cancelled."))
    if {"dark_after", "dark_near"} & set(kinds):
        told.append(_("Your phone sent no positions for a while, and was near the address before or after that."))
    if "replayed" in kinds:
        told.append(_("Part of the positions that your phone sent repeats those of an earlier day."))
    return told or [_("Several small signs came together: they are listed below.")]


def _between(params: Params, zone: tzinfo) -> str:
    begin, finish = _clock(params["start"], zone), _clock(params["end"], zone)
    return begin if begin == finish else f"{begin}–{finish}"


def reason_name(code: str) -> str:
    """A model's group of reasons; the code itself for one that is not known any more."""
    names = {
        "presence": _("how long near the address"),
        "closeness": _("how close to it"),
        "timing": _("coming and leaving, against the agreed time"),
        "usual_place": _("how usual this place is on other days"),
        "silence": _("silences and what was seen"),
        "integrity": _("whether the positions can be true"),
        "context": _("what is known besides positions"),
    }
    return names.get(code, code)


def factor_name(name: str) -> str:
    """A factor of the readable rule's score; the name itself for one that is not known any more."""
    names = {
        "presence": _("near the place, compared with the usual work"),
        "closeness": _("how close it was"),
        "accuracy": _("how exact the positions are"),
        "sent_away": _("was there at the cancellation and left soon"),
        "other_days": _("how usual this place is on other days"),
        "home": _("begins or ends the day here on other days"),
        "other_job": _("another deal near by at this time"),
        "pair": _("earlier cancellations of these two"),
    }
    return names.get(name, name)


def span(low: int, high: int) -> str:
    """«47–58 min»."""
    return _("%(low)s–%(high)s min") % {"low": low, "high": high} if high > low else _("%(low)s min") % {"low": low}


def away(metres: int) -> str:
    """«350 m», «1.2 km»."""
    if metres < 1000:
        return _("%(metres)s m") % {"metres": metres}
    return _("%(km)s km") % {"km": number_format(metres / 1000, 1)}


def _stayed(params: Params, zone: tzinfo) -> str:
    text = ngettext(
        "stayed %(span)s, %(metres)s m from the address, %(from)s–%(to)s, %(fixes)s position, accuracy %(accuracy)s m",
        "stayed %(span)s, %(metres)s m from the address, %(from)s–%(to)s, %(fixes)s positions, accuracy %(accuracy)s m",
        params["fixes"],
    )
    times = {"from": _clock(params["start"], zone), "to": _clock(params["end"], zone)}
    return text % {**params, **times, "span": span(params["low"], params["high"])}


def _never_before(params: Params, zone: tzinfo) -> str:
    text = ngettext(
        "no stay here on %(days)s other day with positions",
        "no stay here on %(days)s other days with positions",
        params["days"],
    )
    return text % {"days": _days(params["days"])}


def _here_before(params: Params, zone: tzinfo) -> str:
    text = ngettext(
        "stayed here on %(here)s of %(days)s other day with positions",
        "stayed here on %(here)s of %(days)s other days with positions",
        params["days"],
    )
    return text % {**params, "days": _days(params["days"])}


def _other_deal(params: Params, zone: tzinfo) -> str:
    if "start" not in params:
        return _("has another deal near by at this time")
    times = {"from": _clock(params["start"], zone), "to": _clock(params["end"], zone)}
    return _("has another deal %(metres)s m away, %(from)s–%(to)s") % {**params, **times}


def _deleted(params: Params, zone: tzinfo) -> str:
    days = ", ".join(date.fromisoformat(day).strftime("%d.%m.%Y") for day in params["days"])
    return _("A gap deleted by the person: positions of %(days)s. It proves nothing") % {"days": days}


def _days(count: int) -> str:
    return f"{count}+" if count >= MOST_DAYS else str(count)


def _clock(moment: float, zone: tzinfo) -> str:
    return datetime.fromtimestamp(moment, zone).strftime("%H:%M")


_OWN: dict[str, Callable[[Params, tzinfo], str]] = {
    "stayed": _stayed,
    "never_before": _never_before,
    "here_before": _here_before,
    "other_deal": _other_deal,
    "deleted": _deleted,
}
