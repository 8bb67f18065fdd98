"""Where every figure goes: a table for people, and .local/results/<suite>.json for programs.

figures = Figures("feed")
figures.add("feed-near-1M-cpu-over-sql", value=3.1, yardstick=1.0, unit="ratio", bar="<= 4")
figures.skip("feed-near-10M-sql", unit="ratio", bar="<= 5", why="10 million tasks do not fit this run's time")
figures.write()
"""

import json
import operator
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

FOLDER = Path(os.environ.get("RESULTS_DIR") or Path(__file__).resolve().parents[2] / ".local" / "results")
_COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "<=": operator.le, ">=": operator.ge, "<": operator.lt, ">": operator.gt, "==": operator.eq,
}  # fmt: skip


@dataclass(frozen=True)
class Figure:
    """One measured number, beside what it is measured against; `holds` is None when it was not taken (`note` says why)."""

    name: str
    value: float | None
    yardstick: float | None
    unit: str
    bar: str
    holds: bool | None
    note: str = ""


class Figures:
    def __init__(self, suite: str) -> None:
        self.suite = suite
        self.all: list[Figure] = []

    def add(
        self, name: str, *, value: float, unit: str, bar: str = "", yardstick: float | None = None, note: str = ""
    ) -> Figure:
        """`bar` is a comparison such as "<= 4"; without one the figure is only reported."""
        figure = Figure(name, round(value, 4), yardstick, unit, bar, holds(value, bar) if bar else None, note)
        self.all.append(figure)
        return figure

    def skip(self, name: str, *, unit: str, bar: str, why: str) -> Figure:
        figure = Figure(name, None, None, unit, bar, None, f"not run: {why}")
        self.all.append(figure)
        return figure

    def write(self) -> Path:
        """Print the table and replace the suite's file."""
        print("\n" + self.table())
        FOLDER.mkdir(parents=True, exist_ok=True)
        path = FOLDER / f"{self.suite}.json"
        path.write_text(json.dumps([asdict(figure) for figure in self.all], ensure_ascii=False, indent=1) + "\n")
        return path

    def table(self) -> str:
        rows = [("", "what", "value", "yardstick", "unit", "bar", "note")]
        rows += [
            (_MARKS[figure.holds], figure.name, _shown(figure.value), _shown(figure.yardstick), figure.unit, figure.bar, figure.note)
            for figure in self.all
        ]  # fmt: skip
        widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
        return "\n".join(
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
        )

    @property
    def missed(self) -> list[str]:
        return [figure.name for figure in self.all if figure.holds is False]


_MARKS = {True: "✓", False: "✗", None: "·"}


def holds(value: float, bar: str) -> bool:
    sign, _, limit = bar.partition(" ")
    return _COMPARISONS[sign](value, float(limit.replace(",", "")))


def _shown(number: float | None) -> str:
    if number is None:
        return "–"
    return f"{number:,.0f}" if abs(number) >= 1000 else f"{number:.3g}"
