import time
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from demo.build import build
from marketplace.accounts.models import User
from tasks_app.models import City


class Command(BaseCommand):
    help = "Make the demo world: five cities of people, tasks, deals and their history, from one seed."
    requires_system_checks: list[str] = []  # they read every page's code; `migrate` has made them

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seed", type=int, default=20)
        parser.add_argument("--scale", type=float, default=1.0, help="1.0: 400 executors and 3,000 tasks")

    def handle(self, *args: Any, **options: Any) -> None:
        if User.objects.exists():
            raise CommandError("There are people here already. The demo world is loaded into an empty database.")
        if not City.objects.exists():
            call_command("load_reference", verbosity=0)
        begun = time.monotonic()
        quiet = options["verbosity"] == 0

        def say(line: str) -> None:
            if not quiet:
                self.stdout.write(f"  {time.monotonic() - begun:5.1f} s  {line}")

        build(seed=options["seed"], scale=options["scale"], say=say)
        say("done")
