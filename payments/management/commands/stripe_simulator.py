"""Run the local Stripe: `manage.py stripe_simulator`. Loopback only; see docs/stripe-simulator.md."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from payments.simulator.control import SETTINGS, hear_everything
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
        parser.add_argument(
            "--set", action="append", default=[], metavar="NAME=VALUE", help=f"one of {', '.join(SETTINGS)}"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            listener = listen(options["host"], options["port"])
        except ValueError as problem:
            raise CommandError(str(problem)) from None
        store = Store(options["store"])
        _keep_settings(store, options["set"])
        server = build(store, listener, secret_key=options["secret_key"], base=options["base"])
        if options["webhook"]:
            hear_everything(store, options["webhook"], options["webhook_secret"])
        self.stdout.write(
            f"Stripe simulator on http://{options['host']}:{listener.getsockname()[1]}, key {options['secret_key']}"
        )
        server.run(sockets=[listener])
        store.close()


def _keep_settings(store: Store, pairs: list[str]) -> None:
    with store.transaction():
        for pair in pairs:
            name, _, value = pair.partition("=")
            if name not in SETTINGS or not value:
                raise CommandError(f"{pair}: say NAME=VALUE, with one of {', '.join(SETTINGS)}")
            store.set(name, value)
