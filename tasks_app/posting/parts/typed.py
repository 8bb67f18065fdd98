"""Reading what people type: text without invisible characters, whole numbers with spaces."""

import re
import unicodedata
from typing import Any

_NUMBER = re.compile(r"[+-]?\d{1,40}")
_GROUPS = re.compile(r"(?<=\d),(?=\d{3}(\D|$))")
_GAPS = str.maketrans("", "", " \u00a0\u2009\u202f'")


def text_of(value: Any, *, lines: bool = False) -> str:
    """Text without control and direction-changing characters; one line unless `lines`."""
    if not isinstance(value, str):
        return ""
    unified = value.replace("\r\n", "\n").replace("\r", "\n")
    kept = (
        c for c in unified if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co") or c == "\u200d"
    )
    clean = "".join(kept)
    if lines:
        return re.sub(r"\n{3,}", "\n\n", clean).strip()
    return " ".join(clean.split())


def whole_number(value: Any) -> int | None:
    """A whole number from "2 500", "2,500" or 2500, however large: what is too much the caller says; None for anything else."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and _NUMBER.fullmatch(plain := _GROUPS.sub("", value.strip().translate(_GAPS))):
        return int(plain)
    return None


def truth(value: Any) -> bool:
    """What a checkbox or JSON says."""
    return value is True or value in ("on", "yes", "true", "1", 1)
