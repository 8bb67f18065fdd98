"""Facts of the rule and of models as sentences, in the reader's language. The same sentences are read by the moderator and
by the executor."""

from collections.abc import Callable, Collection
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, npgettext

from fraud.model import fact_words
from fraud.model.fact_words import span

Params = dict[str, Any]


def sentence(kind: str, params: Params, zone: ZoneInfo) -> str:
    """KeyError for a kind that neither the rule nor a model makes."""
    if kind in _SENTENCES:
        return _SENTENCES[kind](params, zone)
    said = fact_words.sentence(kind, params, zone)
    return said[:1].upper() + said[1:]


def opening(kinds: Collection[str]) -> list[str]:
    """What led to the check in a few words, for the person themselves; never more than the facts of those kinds say."""
    told = []
    if {"stay", "stayed"} & set(kinds):
        told.append(_("Your phone was near the address although the deal was cancelled."))
    elif "beside" in kinds:
        told.append(_("Your phone was some way from the address for a while although the deal was cancelled."))
    if {"dark_after", "dark_near"} & set(kinds):
        told.append(_("Your phone sent no positions for a while, and was near the address before or after that."))
    if "replayed" in kinds:
        told.append(_("Part of the positions that your phone sent repeats those of an earlier day."))
    return told or [_("Several small signs came together: they are listed below.")]


def clock(iso: str, zone: ZoneInfo) -> str:
    return datetime.fromisoformat(iso).astimezone(zone).strftime("%H:%M")


def _days(count: int) -> str:
    """«60 days», as a span of time."""
    return ngettext("%(count)s day", "%(count)s days", count) % {"count": count}


def factor_name(name: str) -> str:
    """A factor of the score in words; the name itself for one that is not known any more."""
    names = {
        "presence": _("near the place, compared with the usual work"),
        "closeness": _("how close it was"),
        "accuracy": _("how exact the positions are"),
        "sent_away": _("was there at the cancellation and left soon"),
        "other_days": _("how usual this place is on other days"),
        "home": _("rests near by at night"),
        "other_job": _("another deal near by at this time"),
    }
    return names.get(name, name)


def _stay(params: Params, zone: ZoneInfo) -> str:
    text = ngettext(
        "Stayed %(span)s, %(metres)s m from the address, %(start)s–%(end)s, %(fixes)s point, accuracy %(accuracy)s m",
        "Stayed %(span)s, %(metres)s m from the address, %(start)s–%(end)s, %(fixes)s points, accuracy %(accuracy)s m",
        params["fixes"],
    )
    return text % {
        **params,
        "span": span(params["low"], params["high"]),
        "start": clock(params["start"], zone),
        "end": clock(params["end"], zone),
    }


def _more_stays(params: Params, zone: ZoneInfo) -> str:
    return ngettext(
        "Was here %(count)s more time that day", "Was here %(count)s more times that day", params["count"]
    ) % {"count": params["count"]}


def _came_after(params: Params, zone: ZoneInfo) -> str:
    return _("Came %(minutes)s min after the cancellation") % params


def _sent_away(params: Params, zone: ZoneInfo) -> str:
    return _("Was there when it was cancelled, left within %(minutes)s min: may have been sent away") % params


def _short(params: Params, zone: ZoneInfo) -> str:
    return _("Was here only shortly: such work usually takes about %(expected)s min") % params


def _usual_duration(params: Params, zone: ZoneInfo) -> str:
    return _("As long as such work usually takes, about %(expected)s min") % params


def _poor_accuracy(params: Params, zone: ZoneInfo) -> str:
    return _("The positions are inexact: within %(accuracy)s m") % params


def _never_here(params: Params, zone: ZoneInfo) -> str:
    text = ngettext(
        "Not seen here in the %(span)s before (positions of %(seen)s day)",
        "Not seen here in the %(span)s before (positions of %(seen)s days)",
        params["seen"],
    )
    return text % {**params, "span": _days(params["days"])}


def _regular_here(params: Params, zone: ZoneInfo) -> str:
    text = ngettext(
        "Is here on other days too: on %(here)s of %(seen)s day with positions",
        "Is here on other days too: on %(here)s of %(seen)s days with positions",
        params["seen"],
    )
    return text % params


def _little_history(params: Params, zone: ZoneInfo) -> str:
    span = npgettext("out of", "the last %(count)s day", "the last %(count)s days", params["days"])
    text = _("Too little is known of other days: positions of %(seen)s of %(span)s")
    return text % {**params, "span": span % {"count": params["days"]}}


def _home_near(params: Params, zone: ZoneInfo) -> str:
    return _("Usually starts the day or spends the night %(metres)s m from here") % params


def _other_job(params: Params, zone: ZoneInfo) -> str:
    times = {"start": clock(params["start"], zone), "end": clock(params["end"], zone)}
    return _("Has another deal %(metres)s m away, %(start)s–%(end)s") % {**params, **times}


def _pair_cancelled(params: Params, zone: ZoneInfo) -> str:
    text = _("Cancellation number %(nth)s between these two in %(span)s")
    return text % {**params, "span": _days(params["days"])}


def _no_positions(params: Params, zone: ZoneInfo) -> str:
    return _("No positions in this time: nothing can be checked")


def _not_near(params: Params, zone: ZoneInfo) -> str:
    return ngettext(
        "Was not near the address: %(fixes)s point elsewhere",
        "Was not near the address: %(fixes)s points elsewhere",
        params["fixes"],
    ) % {"fixes": params["fixes"]}


def _deleted(params: Params, zone: ZoneInfo) -> str:
    days = ", ".join(date.fromisoformat(day).strftime("%d.%m.%Y") for day in params["days"])
    return _("A gap deleted by the person: positions of %(days)s. It proves nothing") % {"days": days}


def _gap(params: Params, zone: ZoneInfo) -> str:
    times = {"start": clock(params["start"], zone), "end": clock(params["end"], zone)}
    if params["count"] == 1:
        return _("%(minutes)s min without positions, %(start)s–%(end)s") % {**params, **times}
    text = _("%(minutes)s min without positions in all, the longest %(start)s–%(end)s")
    return text % {**params, **times}


_SENTENCES: dict[str, Callable[[Params, ZoneInfo], str]] = {
    "stay": _stay,
    "more_stays": _more_stays,
    "came_after": _came_after,
    "sent_away": _sent_away,
    "short": _short,
    "usual_duration": _usual_duration,
    "poor_accuracy": _poor_accuracy,
    "never_here": _never_here,
    "regular_here": _regular_here,
    "little_history": _little_history,
    "home_near": _home_near,
    "other_job": _other_job,
    "pair_cancelled": _pair_cancelled,
    "no_positions": _no_positions,
    "not_near": _not_near,
    "gap": _gap,
    "deleted": _deleted,
}
