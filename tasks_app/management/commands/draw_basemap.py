import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

import tasks_app
from tasks_app.reference import basemap, files

FOLDER = Path(tasks_app.__file__).parent / "static" / "basemap"


class Command(BaseCommand):
    help = "Draw the schematic base maps of the cities into tasks_app/static/basemap."

    def handle(self, *args: Any, **options: Any) -> None:
        FOLDER.mkdir(parents=True, exist_ok=True)
        for city in files.cities():
            drawn = json.dumps(basemap.draw(city), ensure_ascii=False, separators=(",", ":"))
            (FOLDER / f"{city.slug}.json").write_text(drawn + "\n", encoding="utf-8")
            self.stdout.write(f"{city.slug}: {len(drawn)} bytes")
