"""Names and values of figures."""

from django.utils.formats import number_format
from django.utils.translation import gettext as _


def figure_name(name: str) -> str:
    kind, _colon, measure = name.partition(":")
    if kind == "drift":
        return _("Drift: %(measure)s") % {"measure": _measure_name(measure)}
    names = {
        "flag_rate": _("Flagged, of cancellations"),
        "confirm_rate": _("Confirmed, of decided flags"),
        "audit_share": _("Drawn for a blind look, of unflagged"),
        "delay_p95": _("From the moment to the flag, 95 of 100 within"),
        "fallback_rate": _("Judged by the rule, because the model could not"),
        "cadence": _("Minutes between positions"),
        "accuracy": _("Accuracy of stays"),
    }
    return names.get(name, name)


def figure_value(name: str, value: float) -> str:
    if name.endswith("_rate") or name == "audit_share":
        return _("%(share)s%%") % {"share": number_format(100 * value, 1)}
    if name == "delay_p95":
        return _span(value)
    if name == "cadence":
        return _("%(minutes)s min") % {"minutes": number_format(value, 1)}
    if name == "accuracy":
        return _("%(metres)s m") % {"metres": round(value)}
    return number_format(value, 2)


def _span(seconds: float) -> str:
    """In the unit that keeps it short: «45 s», «12 min», «70 h»."""
    if seconds < 120:
        return _("%(seconds)s s") % {"seconds": round(seconds)}
    if seconds < 2 * 3600:
        return _("%(minutes)s min") % {"minutes": round(seconds / 60)}
    return _("%(hours)s h") % {"hours": round(seconds / 3600)}


def _measure_name(measure: str) -> str:
    """A measure of the model in words; the name itself for one that is not known here."""
    names = {
        "dwell_150": _("minutes near the address"),
        "after_150": _("minutes near after the cancellation"),
        "stay_m": _("metres to the middle of the stay"),
        "stay_accuracy_m": _("accuracy of the stay"),
        "seen_min": _("minutes with positions"),
        "gap_min": _("minutes of silence"),
        "past_here_days": _("other days at this place"),
        "closest_m": _("the closest position"),
    }
    return names.get(measure, measure)
