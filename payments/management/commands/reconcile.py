from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from payments.ledger.reconciliation import Mismatch, mismatches, rebuild_balances
from payments.reconciliation.checks import compare_with_processor
from payments.reconciliation.lines import copy_lines
from payments.stripe_gateway.errors import Unavailable


class Command(BaseCommand):
    help = (
        "Compare the journal with itself, with the card processor's books, and with what people were charged and given."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--rebuild-balances", action="store_true", help="first recompute the cached balances")
        parser.add_argument("--offline", action="store_true", help="do not ask the card processor")

    def with_processor(self) -> list[Mismatch]:
        """Take in what happened at the processor, then read its books from the first line."""
        if not settings.STRIPE_SECRET_KEY:
            self.stdout.write("card payments are off: the processor is not asked")
            return []
        self.stdout.write(f"{copy_lines(all_of_them=True):6d}  new lines in the processor's books")
        try:
            found = list(compare_with_processor())
        except Unavailable as error:
            raise CommandError(f"The processor does not answer: {error}") from error
        self.stdout.write(f"{len(found):6d}  the copy of the processor's books")
        return found

    def handle(self, *args: Any, **options: Any) -> None:
        if options["rebuild_balances"]:
            self.stdout.write(f"balances rebuilt: {rebuild_balances()}")
        found = [] if options["offline"] else self.with_processor()
        found += mismatches(lambda name, count: self.stdout.write(f"{count:6d}  {name}"))
        for mismatch in found:
            self.stderr.write(f"{mismatch.check}: {mismatch.subject}: {mismatch.detail}")
        if found:
            raise CommandError(f"{len(found)} mismatches")
        self.stdout.write("The books agree.")
