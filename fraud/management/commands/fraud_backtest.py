"""Scores of cancellations from files of positions, with a report when labels are given. Needs no database."""

from argparse import ArgumentParser
from pathlib import Path
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from fraud.backtest.columns import BadFile
from fraud.backtest.progress import Progress
from fraud.backtest.run import Order, backtest


class Command(BaseCommand):
    help = (
        "Back-test the fraud model on files: pings.parquet and cancellations.parquet in, scores.parquet out; "
        "with --labels also report.json and report.html; with --train it learns from the rows of split “train”."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, default=Path("."), help="where the files lie by default")
        parser.add_argument("--pings", type=Path, help="default: pings.parquet in the folder")
        parser.add_argument("--cancellations", type=Path, help="default: cancellations.parquet in the folder")
        parser.add_argument("--labels", type=Path, help="cancellation_id, label, kind, weight, split")
        parser.add_argument("--train", action="store_true", help="fit on split “train”, judge on the rest")
        parser.add_argument("--model", type=Path, help="a model file; default: the shipped ones")
        parser.add_argument("--out", type=Path, help="default: the folder")
        parser.add_argument("--dask", type=int, default=0, metavar="N", help="measure on a local cluster of N workers")
        parser.add_argument("--no-words", action="store_true", help="leave the evidence column empty")
        parser.add_argument("--language", choices=["ru", "en"], default="ru", help="of the evidence column")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        out: Path = options["out"] or folder
        if options["train"] and not options["labels"]:
            raise CommandError("--train needs --labels")
        order = Order(
            pings=options["pings"] or folder / "pings.parquet",
            cancellations=options["cancellations"] or folder / "cancellations.parquet",
            out=out,
            labels=options["labels"],
            train=options["train"],
            model=options["model"],
            workers=options["dask"],
            words=not options["no_words"],
            language=options["language"],
        )
        begun = monotonic()
        try:
            report = backtest(order, Progress())
        except BadFile as error:
            raise CommandError(str(error)) from error
        self._tell(report, out, monotonic() - begun)

    def _tell(self, report: dict[str, Any], out: Path, seconds: float) -> None:
        for name, value in report["facts"].items():
            self.stdout.write(f"{name:>15}  {value}")
        for name, found in report.get("contestants", {}).items():
            if found["figures"]:
                self.stdout.write(f"{name:>15}  " + "  ".join(f"{k} {v:.4f}" for k, v in found["figures"].items()))
        for row in report.get("targets", []):
            mark = "✓" if row["holds"] else "✗"
            self.stdout.write(f"  {mark} {row['contestant']}: {row['figure']} {row['value']} (bar {row['bar']})")
        self.stdout.write(f"{out / 'scores.parquet'} in {seconds:.1f} s")
