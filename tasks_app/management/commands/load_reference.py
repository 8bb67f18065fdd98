from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from tasks_app.reference.loader import load_all


class Command(BaseCommand):
    help = "Load the catalogue and the cities from tasks_app/reference. Creates what is missing and keeps what operators changed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--overwrite", action="store_true", help="bring existing rows back to the files")

    def handle(self, *args: Any, **options: Any) -> None:
        tally = load_all(overwrite=options["overwrite"])
        if options["verbosity"]:
            self.stdout.write(f"Reference data: {tally.created} created, {tally.updated} updated, {tally.kept} kept.")
