"""The tables of a database that is migrated already, as SQL: a second migration of the same takes most of a minute."""

import importlib
import os
import subprocess
from pathlib import Path

from django.db import connection

from ops.postgres import _program

_FILLED_BY_DJANGO = ("django_migrations", "django_content_type", "auth_permission", "django_site")
# The schema is there, and our functions name each other without it.
_NOT_AGAIN = ("CREATE SCHEMA", "COMMENT ON SCHEMA", "SELECT pg_catalog.set_config('search_path'")


def write_schema(file: Path) -> Path:
    """Dump the tables of the present connection's database into `file`, without owners; rights are given by the new place."""
    at = connection.settings_dict
    address = ["-h", at["HOST"], "-p", str(at["PORT"]), "-U", at["USER"], "-d", at["NAME"]]
    known = set(connection.introspection.table_names())
    rows = [part for table in _FILLED_BY_DJANGO if table in known for part in ("-t", f"public.{table}")]
    made = _dump(*address, "--schema-only", "-n", "public") + _dump(*address, "--data-only", *rows)
    kept = [line for line in made.splitlines() if not line.startswith(_NOT_AGAIN)]
    rights = importlib.import_module("payments.migrations.0003_take_rights_away").FORWARD
    file.write_text("\n".join([*kept, rights, ";"]))
    return file


def _dump(*arguments: str) -> str:
    command = [str(_program("pg_dump")), "--no-owner", "--no-privileges", *arguments]
    environment = {**os.environ, "PGPASSWORD": str(connection.settings_dict["PASSWORD"] or "")}
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout
