"""The tables of a database that is migrated already, as SQL: migrating once more takes most of a minute."""

import hashlib
import importlib
import os
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

from ops import places
from ops.postgres import _program

_FILLED_BY_DJANGO = ("django_migrations", "django_content_type", "auth_permission")
# The schema is there, and our functions name each other without it.
_NOT_AGAIN = ("CREATE SCHEMA", "COMMENT ON SCHEMA", "SELECT pg_catalog.set_config('search_path'")


def kept_schema() -> Path:
    """Where the tables made by these very migrations are kept from one soak to the next."""
    told = hashlib.sha256()
    for file in sorted(places.ROOT.glob("[a-z]*/**/migrations/*.py")):
        told.update(file.read_bytes())
    return places.LOCAL / f"soak-schema-{told.hexdigest()[:12]}.sql"


def schema_of_tests(file: Path) -> Path:
    """The tables of the present test database, written to `file`."""
    from django.db import connection

    at = connection.settings_dict
    return write_schema(
        file, f"//{at['USER']}:{at['PASSWORD'] or ''}@{at['HOST'] or '127.0.0.1'}:{at['PORT'] or 5432}/{at['NAME']}"
    )


def write_schema(file: Path, url: str) -> Path:
    """Dump tables, functions and what Django itself put in, without owners; rights are given by the new place."""
    made = _dump(url, "--schema-only", "-n", "public") + _dump(url, "--data-only", *_tables(_FILLED_BY_DJANGO))
    kept = [line for line in made.splitlines() if not line.startswith(_NOT_AGAIN)]
    rights = importlib.import_module("payments.migrations.0003_take_rights_away").FORWARD
    fresh = file.with_suffix(".new")
    fresh.write_text("\n".join([*kept, rights, ";"]))
    return fresh.replace(file)


def _tables(names: tuple[str, ...]) -> list[str]:
    return [part for name in names for part in ("-t", f"public.{name}")]


def _dump(url: str, *arguments: str) -> str:
    at = urlsplit(url)
    address = ["-h", str(at.hostname), "-p", str(at.port), "-U", str(at.username), "-d", at.path.strip("/")]
    command = [str(_program("pg_dump")), "--no-owner", "--no-privileges", *address, *arguments]
    environment = {**os.environ, "PGPASSWORD": at.password or ""}
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout
