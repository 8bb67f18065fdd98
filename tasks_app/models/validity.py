"""What reference data has to be, whoever writes it: an operator in the admin or the loader of the files."""

import json
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from django.conf import settings
from django.contrib.gis.geos import GEOSGeometry
from django.core.exceptions import ValidationError
from django.core.validators import slug_re
from django.utils.translation import gettext_lazy as _

from marketplace.kit.money import is_currency

OPTION_PARTS = frozenset({"key", "ru", "en"})


@cache
def icon_names() -> frozenset[str]:
    """Names of the icons that the pages' sprite is made of."""
    return frozenset(json.loads(settings.ICON_NAMES.read_text(encoding="utf-8")))


@cache
def _time_zones() -> frozenset[str]:
    return frozenset(available_timezones())


def known_icon(name: str) -> None:
    if name not in icon_names():
        raise ValidationError(
            _("There is no icon called “%(name)s”. The page /components/ shows them all."), params={"name": name}
        )


def known_time_zone(name: str) -> None:
    if name not in _time_zones():
        raise ValidationError(
            _("There is no time zone called “%(name)s”. Write it like Europe/Moscow."), params={"name": name}
        )


def known_currency(code: str) -> None:
    if not is_currency(code):
        raise ValidationError(
            _("There is no currency “%(code)s”. Write its three capital letters, like RUB."), params={"code": code}
        )


def on_the_map(shape: GEOSGeometry) -> None:
    """A shape in degrees that does not cross itself and stays on the Earth."""
    west, south, east, north = (0, 0, 0, 0) if shape.empty else shape.extent
    if shape.empty or not shape.valid or west < -180 or east > 180 or south < -90 or north > 90:
        raise ValidationError(
            _("This shape is empty, crosses itself or lies outside the map. Longitude comes first, then latitude.")
        )


def fitting_options(options: Any, *, choice: bool) -> None:
    """A choice has two options or more, each a key and its words in both languages; other questions have none."""
    if not isinstance(options, list) or not all(_is_option(option) for option in options):
        raise ValidationError(
            _("Write each option like this, with nothing left out: %(example)s."),
            params={"example": '[{"key": "new", "ru": "новая", "en": "new"}]'},
        )
    if not choice and options:
        raise ValidationError(_("Only a question “one of several” has options. Leave [] here."))
    if choice and len(options) < 2:
        raise ValidationError(_("A question “one of several” needs at least two options."))
    keys = [option["key"] for option in options]
    if len(set(keys)) < len(keys):
        raise ValidationError(_("Two options have the same key."))


def _is_option(option: Any) -> bool:
    return (
        isinstance(option, dict)
        and set(option) == OPTION_PARTS
        and all(isinstance(text, str) and text.strip() for text in option.values())
        and bool(slug_re.match(option["key"]))
    )
