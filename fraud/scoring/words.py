"""A model's groups of reasons in words."""

from django.utils.translation import gettext as _


def reason_name(code: str) -> str:
    """The code itself for a group that is not known any more."""
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
