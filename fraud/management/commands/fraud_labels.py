"""Writes the training table: one line a decided cancellation, with its label, the chance it had, and its measures."""

import csv
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from fraud.learning.labels import labels, measures_of

FIRST = ["cancellation_id", "executor_id", "at", "label", "propensity", "weight", "source"]


class Command(BaseCommand):
    help = "Export labels with their propensities and measures as CSV."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--out", type=Path, required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        rows = [(label, measures_of(label.cancellation_id) or {}) for label in labels()]
        names = sorted({name for _label, measures in rows for name in measures})
        with options["out"].open("w", newline="", encoding="utf-8") as file:
            table = csv.writer(file)
            table.writerow([*FIRST, *names])
            for label, measures in rows:
                head = [label.cancellation_id, label.executor_id, label.at.isoformat(), label.label]
                table.writerow([
                    *head, label.propensity, round(label.weight, 6), label.source,
                    *(measures.get(name, "") for name in names),
                ])  # fmt: skip
        self.stdout.write(f"{len(rows)} labels: {options['out']}")
