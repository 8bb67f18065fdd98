"""Pieces of a long run, kept on disk by what they were made from: a broken run goes on where it stopped."""

import ast
import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, is_dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from fraud.features.table import COLUMNS, Table
from fraud.world.learning import Harvest

FRAUD = Path(__file__).resolve().parents[1]
MEASURED_BY = ("world", "features", "stays", "geometry")
LEARNED_BY = ("model", "learning/challenge.py", "learning/separation.py", "backtest/loop.py", "backtest/metrics.py")


@cache
def code_of(rooms: tuple[str, ...]) -> str:
    """A hash of the code of these rooms, whatever its layout: what other code made is made anew."""
    digest = sha256(repr(COLUMNS).encode())
    for room in rooms:
        place = FRAUD / room
        for file in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            digest.update(ast.dump(ast.parse(file.read_text())).encode())
    return digest.hexdigest()


def key_of(*settings: Any) -> str:
    told = [asdict(one) if is_dataclass(one) and not isinstance(one, type) else one for one in settings]
    return sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Parts:
    """A folder of finished pieces. A piece is written beside its place and moved there whole."""

    folder: Path

    def rows(self, name: str, key: str, make: Callable[[], Harvest]) -> Harvest:
        file = self.folder / f"{name}-{key}.npz"
        if not file.exists():
            self._put(file, lambda whole: keep(make(), whole))
        return kept(file)

    def figures(self, name: str, key: str, make: Callable[[], Any]) -> Any:
        """What `make` returns, as JSON."""
        file = self.folder / f"{name}-{key}.json"
        if not file.exists():
            text = json.dumps(make())
            self._put(file, lambda whole: whole.write_text(text))
        return json.loads(file.read_text())

    def missing(self, names: Iterable[tuple[str, str]]) -> list[int]:
        """Places of the pieces (name, key) of rows that are still to be made."""
        return [place for place, (name, key) in enumerate(names) if not (self.folder / f"{name}-{key}.npz").exists()]

    def _put(self, file: Path, write: Callable[[Path], Any]) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        whole = file.with_name(f".{file.name}.part{file.suffix}")
        write(whole)
        whole.replace(file)


def keep(rows: Harvest, file: Path) -> None:
    np.savez(
        file, values=rows.table.values, as_of=rows.table.as_of, label=rows.label, kind=rows.kind, person=rows.person,
        at=rows.at, weight=rows.weight, groups=np.array(list(rows.group)), group=np.stack(list(rows.group.values())),
    )  # fmt: skip


def kept(file: Path) -> Harvest:
    with np.load(file) as stored:
        part = {name: stored[name] for name in stored.files}
    return Harvest(
        table=Table(part["values"], part["as_of"]),
        label=part["label"],
        kind=part["kind"],
        person=part["person"],
        at=part["at"],
        group=dict(zip(part["groups"].tolist(), part["group"], strict=True)),
        weight=part["weight"],
    )
