"""What an operation accepts: names, kinds, which must be there. Anything else is refused as Stripe refuses it."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from payments.simulator.errors import Invalid


class Kind(ABC):
    """One kind of value; `read` turns the form's text into it or refuses."""

    @abstractmethod
    def read(self, value: Any, name: str) -> Any: ...


@dataclass(frozen=True)
class Str(Kind):
    longest: int = 5000

    def read(self, value: Any, name: str) -> str:
        if not isinstance(value, str):
            raise Invalid(f"Invalid string: {value}", code="parameter_invalid_string", param=name)
        if len(value) > self.longest:
            text = f"Invalid string: {value[:20]}...; must be at most {self.longest} characters"
            raise Invalid(text, code="parameter_invalid_string", param=name)
        return value


@dataclass(frozen=True)
class Int(Kind):
    least: int | None = None

    def read(self, value: Any, name: str) -> int:
        try:
            number = int(str(value))
        except ValueError:
            raise Invalid(f"Invalid integer: {value}", code="parameter_invalid_integer", param=name) from None
        if self.least is not None and number < self.least:
            text = f"This value must be greater than or equal to {self.least}."
            raise Invalid(text, code="parameter_invalid_integer", param=name)
        return number


@dataclass(frozen=True)
class Bool(Kind):
    def read(self, value: Any, name: str) -> bool:
        if value not in ("true", "false"):
            raise Invalid(f"Invalid boolean: {value}", param=name)
        return bool(value == "true")


@dataclass(frozen=True)
class Enum(Kind):
    words: tuple[str, ...]

    def read(self, value: Any, name: str) -> str:
        if value not in self.words:
            known = ", ".join(self.words[:-1]) + f" or {self.words[-1]}" if len(self.words) > 1 else self.words[0]
            raise Invalid(f"Invalid {name}: must be one of {known}", param=name)
        return str(value)


@dataclass(frozen=True)
class Either(Kind):
    """A word of a few, or something else: `trial_end` is "now" or a time."""

    words: tuple[str, ...]
    other: Kind

    def read(self, value: Any, name: str) -> Any:
        return value if value in self.words else self.other.read(value, name)


@dataclass(frozen=True)
class Unset(Kind):
    """A value that an empty text takes away; read as None."""

    inner: Kind

    def read(self, value: Any, name: str) -> Any:
        return None if value == "" else self.inner.read(value, name)


@dataclass(frozen=True)
class List(Kind):
    of: Kind

    def read(self, value: Any, name: str) -> list[Any]:
        if not isinstance(value, list):
            raise Invalid("Invalid array", param=name)
        return [_present(self.of, item, f"{name}[{at}]") for at, item in enumerate(value)]


@dataclass(frozen=True)
class Map(Kind):
    """Free names, text values: metadata."""

    def read(self, value: Any, name: str) -> dict[str, str]:
        if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
            raise Invalid("Invalid object", param=name)
        if len(value) > 50:
            raise Invalid("Metadata can have up to 50 keys.", param=name)
        for key, text in value.items():
            if len(key) > 40 or len(text) > 500:
                raise Invalid("Metadata values can have up to 500 characters, names up to 40.", param=f"{name}[{key}]")
        return dict(value)


@dataclass(frozen=True)
class Hash(Kind):
    fields: Mapping[str, Kind]
    must: tuple[str, ...] = field(default=())

    def read(self, value: Any, name: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise Invalid("Invalid object", param=name)
        for key in value:
            if key not in self.fields:
                raise Invalid(
                    f"Received unknown parameter: {_name(name, key)}", code="parameter_unknown", param=_name(name, key)
                )
        for key in self.must:
            if key not in value:
                raise Invalid(
                    f"Missing required param: {_name(name, key)}.", code="parameter_missing", param=_name(name, key)
                )
        return {key: _present(self.fields[key], item, _name(name, key)) for key, item in value.items()}


def _name(outer: str, inner: str) -> str:
    return f"{outer}[{inner}]" if outer else inner


def _present(kind: Kind, value: Any, name: str) -> Any:
    if value == "" and not isinstance(kind, Unset):
        text = (
            f"You passed an empty string for '{name}'. We assume empty values are an attempt to unset a parameter; "
            f"however '{name}' cannot be unset."
        )
        raise Invalid(text, code="parameter_invalid_empty", param=name)
    return kind.read(value, name)


TEXT, FLAG, COUNT, POSITIVE, TIME = Str(), Bool(), Int(0), Int(1), Int(0)
METADATA = Unset(Map())
EXPAND = {"expand": List(Str())}
RANGE = Either((), Hash({"gt": TIME, "gte": TIME, "lt": TIME, "lte": TIME}))
PAGE: dict[str, Kind] = {"limit": Int(1), "starting_after": TEXT, "ending_before": TEXT, **EXPAND}
ADDRESS = Hash(dict.fromkeys(("city", "country", "line1", "line2", "postal_code", "state"), Unset(TEXT)))


NOTHING = Hash({})
"""An operation without parameters."""


def accepts(must: tuple[str, ...] = (), /, **fields: Kind) -> Hash:
    """The parameters of one operation (`expand` always)."""
    return Hash({**fields, **EXPAND}, must)


def pages(**fields: Kind) -> Hash:
    """The parameters of a list."""
    return Hash({**fields, **PAGE})


@dataclass(frozen=True)
class Span(Kind):
    """`created`: a moment, or a range of moments."""

    def read(self, value: Any, name: str) -> Any:
        return RANGE.read(value, name) if isinstance(value, dict) else {"eq": TIME.read(value, name)}


SPAN = Span()
