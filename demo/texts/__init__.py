"""The written parts that people of the demo world speak in."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

# The reader written in C where PyYAML has it: the texts are long.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
HERE = Path(__file__).resolve().parent


@cache
def read(name: str) -> Any:
    """A file of this folder by its name without the ending: "names", "tasks/pets"."""
    return yaml.load((HERE / f"{name}.yaml").read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506  safe, either way


def fitting(parts: dict[str, list[str]], *, remote: bool) -> list[str]:
    """What may be said of work at a place, or of work from afar, and what may be said of both."""
    return [*parts.get("remote" if remote else "onsite", []), *parts.get("any", [])]


def of_category(parts: dict[str, list[str]], category: str, group: str) -> list[str]:
    """What is true of the category, and what is true of its whole group."""
    return [*parts.get(category, []), *parts[group]]
