"""The written parts that people of the demo world speak in."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).resolve().parent


@cache
def read(name: str) -> Any:
    """A file of this folder by its name without the ending: "names", "tasks/pets"."""
    return yaml.safe_load((HERE / f"{name}.yaml").read_text(encoding="utf-8"))
