"""Checks the figures of one cancellation: each as it was told, and as SQL over the raw positions says it."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from fraud import selectors
from fraud.evidence.recompute_all import recomputed
from marketplace.kit import audit
from marketplace.kit.errors import NotFound


class Command(BaseCommand):
    help = "Compute the evidence of a cancellation once more, by SQL alone; says which figures agree. Writes nothing but its trace"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "number", type=int, help="of the cancellation; with --case that of the case, as in its address"
        )
        parser.add_argument("--case", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        number: int = options["number"]
        try:
            if options["case"]:
                number = selectors.cancellation_of_case(number)
            figures = list(recomputed(number))
        except NotFound as error:
            raise CommandError("there is none of this number") from error
        audit.record(actor=None, action="evidence.recomputed", subject=f"cancellation:{number}")
        part = ""
        for figure in figures:
            if part != (part := f"{figure.moment} · {figure.who}"):
                self.stdout.write(part)
            mark = "✓" if figure.agrees else "✗"
            self.stdout.write(f"  {mark} {figure.name:<24} {_said(figure.told):>14} {_said(figure.sql):>14}")
        differ = sum(not figure.agrees for figure in figures)
        self.stdout.write(f"{len(figures)} figures, {differ} differ")


def _said(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
