"""Names of figures."""

from django.utils.translation import gettext as _


def figure_name(name: str) -> str:
    kind, _colon, measure = name.partition(":")
    if kind == "drift":
        return _("Drift of %(measure)s") % {"measure": measure}
    names = {
        "flag_rate": _("Flagged, of cancellations"),
        "confirm_rate": _("Confirmed, of decided flags"),
        "audit_share": _("Drawn for a blind look, of unflagged"),
        "delay_p95": _("From the moment to the flag, 95 of 100 within"),
        "cadence": _("Minutes between positions"),
        "accuracy": _("Accuracy of stays"),
    }
    return names.get(name, name)
