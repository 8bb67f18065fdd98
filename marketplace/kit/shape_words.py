"""Why a value of a request does not have the documented shape, in the reader's language, by the checker's type of error."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_WORDS: dict[str, Promise] = {
    "missing": _("This is needed."),
    "json_invalid": _("The body is not JSON."),
    "string_type": _("A text is expected."),
    "string_too_short": _("At least %(min_length)s characters are expected."),
    "string_too_long": _("At most %(max_length)s characters are expected."),
    "nul_character": _("This text contains a character that cannot be kept."),
    "string_pattern_mismatch": _("This is none of the allowed values."),
    "literal_error": _("This is none of the allowed values."),
    "enum": _("This is none of the allowed values."),
    "int_type": _("A whole number is expected."),
    "int_parsing": _("A whole number is expected."),
    "int_parsing_size": _("This number is too large."),
    "int_from_float": _("A whole number is expected."),
    "float_type": _("A number is expected."),
    "float_parsing": _("A number is expected."),
    "finite_number": _("A number is expected."),
    "bool_type": _("Yes or no is expected."),
    "bool_parsing": _("Yes or no is expected."),
    "greater_than": _("This must be more than %(gt)s."),
    "greater_than_equal": _("This must be at least %(ge)s."),
    "less_than": _("This must be less than %(lt)s."),
    "less_than_equal": _("This must be at most %(le)s."),
    "datetime_type": _("A date and a time are expected, as in 2026-11-25T10:00:00Z."),
    "datetime_parsing": _("A date and a time are expected, as in 2026-11-25T10:00:00Z."),
    "datetime_from_date_parsing": _("A date and a time are expected, as in 2026-11-25T10:00:00Z."),
    "timezone_aware": _("A date and a time are expected, as in 2026-11-25T10:00:00Z."),
    "date_type": _("A date is expected, as in 2026-11-25."),
    "date_parsing": _("A date is expected, as in 2026-11-25."),
    "date_from_datetime_parsing": _("A date is expected, as in 2026-11-25."),
    "uuid_type": _("An id as given by this service is expected."),
    "uuid_parsing": _("An id as given by this service is expected."),
    "list_type": _("A list is expected."),
    "too_short": _("Too few of these."),
    "too_long": _("Too many of these."),
    "dict_type": _("An object with named values is expected."),
    "model_type": _("An object with named values is expected."),
    "model_attributes_type": _("An object with named values is expected."),
    "extra_forbidden": _("This is not known here."),
}
_OTHER = _("This value does not have the documented shape.")


def reason_for(error: Mapping[str, Any]) -> str:
    """`error`: one line of the checker, with `type` and `ctx`."""
    words = str(_WORDS.get(error.get("type", ""), _OTHER))
    try:
        return words % error["ctx"] if "%(" in words else words
    except KeyError:  # the checker named its numbers otherwise
        return str(_OTHER)
