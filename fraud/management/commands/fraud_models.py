"""The models at work: list them, let one into the shadow, promote one by its figures, go one step back."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from fraud.learning import models_at_work
from fraud.learning.models import ModelVersion
from fraud.learning.training import retrain
from marketplace.kit.errors import DomainError


class Command(BaseCommand):
    help = "list | adopt (the shipped model) | retrain | shadow VERSION | promote VERSION [--force] | rollback"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=["list", "adopt", "retrain", "shadow", "promote", "rollback"])
        parser.add_argument("version", nargs="?", default="")
        parser.add_argument("--feature-set", choices=["geography", "context"], help="default: what serves")
        parser.add_argument("--force", action="store_true", help="promote without figures of one's own")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self._act(options)
        except DomainError as error:
            raise CommandError(str(error.sentence)) from error
        for row in ModelVersion.objects.order_by("role", "-role_since"):
            self.stdout.write(f"{row.role:<10} {row.version:<40} {row.metrics}")

    def _act(self, options: dict[str, Any]) -> None:
        action, version = options["action"], options["version"]
        if action == "adopt":
            models_at_work.adopt_shipped(feature_set=options["feature_set"] or "geography")
        elif action == "retrain":
            retrain(feature_set=options["feature_set"])
        elif action == "shadow":
            models_at_work.to_shadow(version=version)
        elif action == "promote":
            models_at_work.promote(version=version, force=options["force"])
        elif action == "rollback":
            models_at_work.roll_back()
