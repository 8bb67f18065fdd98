from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from payments.ledger.reconciliation import mismatches, rebuild_balances


class Command(BaseCommand):
    help = "Compare the journal with itself and with what people were charged and given back."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--rebuild-balances", action="store_true", help="first recompute the cached balances")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["rebuild_balances"]:
            self.stdout.write(f"balances rebuilt: {rebuild_balances()}")
        found = list(mismatches(lambda name, count: self.stdout.write(f"{count:6d}  {name}")))
        for mismatch in found:
            self.stderr.write(f"{mismatch.check}: {mismatch.subject}: {mismatch.detail}")
        if found:
            raise CommandError(f"{len(found)} mismatches")
        self.stdout.write("The books agree.")
