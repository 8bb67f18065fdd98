"""Run the local Stripe: `manage.py stripe_simulator`. Loopback only; see docs/stripe-simulator.md."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from payments.simulator.control import hear_everything
from payments.simulator.serving import DEFAULT_KEY, DEFAULT_PORT, build, listen
from payments.simulator.store import Store


class Command(BaseCommand):
    help = "Run a local, stateful Stripe for development and tests."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=DEFAULT_PORT, help="0 takes a free port")
        parser.add_argument(
            "--store", type=Path, default=Path(settings.BASE_DIR) / ".local" / "stripe-simulator.sqlite3"
        )
        parser.add_argument("--secret-key", default=DEFAULT_KEY, help="the only key that is accepted")
        parser.add_argument("--base", help="the address at which browsers reach this server, when not its own")
        parser.add_argument("--webhook", help="an address that hears of every event")
        parser.add_argument("--webhook-secret", default="")
        parser.add_argument("--settle-after", type=int, help="seconds until a card payment is available on the balance")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            listener = listen(options["host"], options["port"])
        except ValueError as problem:
            raise CommandError(str(problem)) from None
        store = Store(options["store"])
        if options["settle_after"] is not None:
            with store.transaction():
                store.set("settle_after", str(options["settle_after"]))
        server = build(store, listener, secret_key=options["secret_key"], base=options["base"])
        if options["webhook"]:
            hear_everything(store, options["webhook"], options["webhook_secret"])
        self.stdout.write(
            f"Stripe simulator on http://{options['host']}:{listener.getsockname()[1]}, key {options['secret_key']}"
        )
        server.run(sockets=[listener])
        store.close()
