"""Merge locale/parts/*.po into Django's catalogues and compile them."""

from collections import defaultdict
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Merge locale/parts/<area>.<language>.po into locale/<language>/LC_MESSAGES/django.{po,mo}."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        root = Path(settings.LOCALE_PATHS[0])
        parts: dict[str, list[Path]] = defaultdict(list)
        for path in sorted(root.glob("parts/*.po")):
            parts[path.name.split(".")[-2]].append(path)
        for language, paths in parts.items():
            catalog = merge(language, paths)
            target = root / language / "LC_MESSAGES"
            target.mkdir(parents=True, exist_ok=True)
            with (target / "django.po").open("wb") as po:
                write_po(po, catalog, width=120)
            with (target / "django.mo").open("wb") as mo:
                write_mo(mo, catalog)
            self.stdout.write(f"{language}: {len(catalog)} texts from {len(paths)} parts")


def merge(language: str, paths: list[Path]) -> Catalog:
    """One catalogue of all parts; the same text translated two ways is an error."""
    whole = Catalog(locale=language)
    homes: dict[object, Path] = {}
    for path in paths:
        with path.open("rb") as file:
            part = read_po(file, locale=language, abort_invalid=True)
        for message in part:
            if not message.id or not message.string:
                continue
            key = (message.context, message.id)
            known = whole.get(message.id, context=message.context)
            if known and known.string and known.string != message.string:
                raise CommandError(f"{path.name} and {homes[key].name} translate {message.id!r} differently.")
            homes[key] = path
            whole.add(message.id, message.string, context=message.context, flags=message.flags)
    return whole
