"""Writes a generated world as files for the back-test."""

from argparse import ArgumentParser
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from fraud.world.export import write
from fraud.world.plan import WORLDS


class Command(BaseCommand):
    help = "Write a generated world (pings, cancellations, labels) for fraud_backtest; the same seed, the same files."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("out", type=Path)
        parser.add_argument("--world", choices=sorted(WORLDS), default="standard")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--shards", type=int, default=1)
        parser.add_argument("--executors", type=int, default=100, help="a shard")
        parser.add_argument("--fraud-share", type=float, default=None)

    def handle(self, *args: Any, **options: Any) -> None:
        plan = replace(WORLDS[options["world"]], executors=options["executors"])
        if options["fraud_share"] is not None:
            plan = replace(plan, fraud_share=options["fraud_share"])
        write(plan, seed=options["seed"], count=options["shards"], out=options["out"])
        self.stdout.write(f"{options['out']}: world “{plan.name}”, seed {options['seed']}")
