"""The whole study on the generated worlds, from seeds to figures and pictures."""

import json
import re
from argparse import ArgumentParser
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from fraud.backtest import figures
from fraud.backtest.loop import FEWER_WAYS, OTHER_WAYS
from fraud.backtest.pages import write_pages
from fraud.backtest.parts import Parts
from fraud.backtest.progress import Progress
from fraud.backtest.study import SEEDS, Shards, Tell, rows_of, worlds
from fraud.features.look import MOMENTS
from fraud.model.trained import GEOGRAPHY_ONLY, WITH_CONTEXT, shipped
from fraud.world.learning import Harvest
from fraud.world.plan import WORLDS

ROOT = Path(settings.BASE_DIR)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for; `twin_shards`: None for as many as of the standard world."""

    keep: Path
    shards: int
    twin_shards: int | None
    loop_shards: int
    moment_shards: int
    workers: int
    only: str | None
    ways: list[str]
    twin_ways: list[str]

    def has(self, part: str) -> bool:
        return self.only in (None, part)

    def worlds(self, most: int, tell: Tell) -> dict[str, Harvest]:
        count, twin = min(most, self.shards), min(most, self.twin_shards or self.shards)
        return worlds(self.keep, count=count, twin=twin, workers=self.workers, tell=tell)

    def moments(self, world: str, tell: Tell) -> dict[str, Harvest]:
        """Some shards of a world, judged at each of the three moments."""
        count = min(self.moment_shards, self.shards)
        return {
            moment: rows_of(
                Shards(WORLDS[world], SEEDS[world], count, moment=moment), self.keep, workers=self.workers, tell=tell
            )
            for moment in MOMENTS
        }


class Command(BaseCommand):
    help = (
        "Judge the shipped models on the standard world and its shifted twin; writes docs/fraud-model/. Finished pieces "
        "are kept by seed, settings and code: a broken run goes on where it stopped."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--shards", type=int, default=42, help="a world; 42 give more than 100,000 honest rows")
        parser.add_argument("--twin-shards", type=int, help="of the shifted world; default: as many")
        parser.add_argument("--loop-shards", type=int, default=8, help="of each world for the simulated years")
        parser.add_argument("--moment-shards", type=int, default=12, help="of each world, judged at all three moments")
        parser.add_argument("--workers", type=int, default=2, help="processes that measure the worlds")
        parser.add_argument("--keep", type=Path, default=ROOT / ".local" / "fraud-study", help="where pieces lie")
        parser.add_argument("--out", type=Path, default=ROOT / "docs" / "fraud-model")
        parser.add_argument("--ways", nargs="*", choices=OTHER_WAYS, default=OTHER_WAYS, help="beside the way at work")
        parser.add_argument("--twin-ways", nargs="*", choices=OTHER_WAYS, default=FEWER_WAYS)
        parser.add_argument("--only", choices=["worlds", "loop"], help="renew this part of figures.json alone")
        parser.add_argument("--pages-only", action="store_true", help="only draw the pages from figures.json again")

    def handle(self, *args: Any, **options: Any) -> None:
        out: Path = options["out"]
        out.mkdir(parents=True, exist_ok=True)
        if not options["pages_only"]:
            known = json.loads((out / "figures.json").read_text()) if options["only"] else {}
            found = known | _study(Wanted(**{name: options[name] for name in Wanted.__slots__}), Progress())
            (out / "figures.json").write_text(_readable(found) + "\n")
        found = json.loads((out / "figures.json").read_text())
        write_pages(found, out)
        for world in found["worlds"].values():
            for row in world["targets"]:
                self.stdout.write(
                    f"  {'✓' if row['holds'] else '✗'} {row['contestant']}: {row['figure']} {row['value']} {row['bar']}"
                )


def _readable(found: dict[str, Any]) -> str:
    """Indented, with lists of numbers on one line."""
    text = json.dumps(found, indent=1, ensure_ascii=False)
    return re.sub(r"\[[-+\d\s.,eE]*\]", lambda numbers: re.sub(r"\s+", " ", numbers[0]), text)


def _study(wanted: Wanted, tell: Tell) -> dict[str, Any]:
    """The parts that are wanted, all of them without `only`."""
    models = {name: shipped(name) for name in (GEOGRAPHY_ONLY, WITH_CONTEXT)}
    found: dict[str, Any] = {}
    if wanted.has("worlds"):
        measured = wanted.worlds(wanted.shards, tell)
        found["models"] = {name: {**model.facts, "version": model.version} for name, model in models.items()}
        found["worlds"] = {
            name: figures.of_world(rows, models, wanted.moments(name, tell)) for name, rows in measured.items()
        }
        line = found["worlds"]["standard"]["contestants"][GEOGRAPHY_ONLY]["thresholds"]["0.01"]
        found["strangers"] = figures.of_strangers(models[GEOGRAPHY_ONLY])
        found["evasion"] = figures.of_evasion(models[GEOGRAPHY_ONLY], line, wanted.keep, tell)
    if wanted.has("loop"):
        found["loop"] = {
            name: figures.of_loop(name, rows, ways, Parts(wanted.keep), tell)
            for (name, rows), ways in zip(
                wanted.worlds(wanted.loop_shards, tell).items(), (wanted.ways, wanted.twin_ways), strict=True
            )
        }
    return found
