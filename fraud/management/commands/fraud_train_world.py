"""Makes the shipped model files anew from the generated world's seeds."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from fraud.backtest.progress import Progress
from fraud.backtest.study import Shards, rows_of
from fraud.features.look import MOMENTS
from fraud.model.lines import lines
from fraud.model.rule import rule_scores
from fraud.model.trained import GEOGRAPHY_ONLY, LINES, SECOND_LINES, SHIPPED, WITH_CONTEXT, save
from fraud.model.training import Examples, fit
from fraud.world.learning import HONEST_ONLY, LINE_SEED, TRAIN_SEED, TRAINING, Harvest, for_training


class Command(BaseCommand):
    help = "Train the shipped models (geography, context) on generated worlds; the same seeds make the same files."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--shards", type=int, default=12, help="3,000 cancellations each")
        parser.add_argument("--line-shards", type=int, default=12, help="of honest people, to draw the lines by")
        parser.add_argument("--workers", type=int, default=2, help="processes that measure the worlds")
        parser.add_argument("--keep", type=Path, default=Path(settings.BASE_DIR) / ".local" / "fraud-study")
        parser.add_argument("--out", type=Path, default=SHIPPED)

    def handle(self, *args: Any, **options: Any) -> None:
        tell = Progress()

        def measured(wanted: Shards) -> Harvest:
            return rows_of(wanted, options["keep"], workers=options["workers"], tell=tell)

        rows = for_training(measured(Shards(TRAINING, TRAIN_SEED, options["shards"], vary=True)))
        honest = {
            moment: measured(Shards(HONEST_ONLY, LINE_SEED, options["line_shards"], vary=True, moment=moment)).table
            for moment in MOMENTS
        }
        examples = Examples(rows.table, rows.label, rows.weight, rows.person, rows.at)
        prior = None  # positions alone come first: they bound what everything else may say
        for feature_set in (GEOGRAPHY_ONLY, WITH_CONTEXT):
            prior = trained = fit(examples, feature_set=feature_set, prior=prior)
            trained.facts[LINES] = lines(trained, honest)
            trained.facts[SECOND_LINES] = lines(trained, honest, rule_scores)
            path = options["out"] / f"{feature_set}.skops"
            save(trained, path)
            self.stdout.write(f"{trained.version}: {path} ({path.stat().st_size / 1000:.0f} kB)")
