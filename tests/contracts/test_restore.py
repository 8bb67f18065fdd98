"""What pg_dump writes of our database, pg_restore reads: the only copy that helps after a lost disk."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest
from django.db import connection

from ops.postgres import _program


def _run(program: str, database: str, *arguments: str) -> str:
    """A program of PostgreSQL on a database of the tests' server; what it complained of, "" when all went well."""
    at = connection.settings_dict
    address = ["-h", at["HOST"] or "127.0.0.1", "-p", str(at["PORT"] or 5432), "-U", at["USER"], "-d", database]
    environment = {**os.environ, "PGPASSWORD": at["PASSWORD"] or ""}
    done = subprocess.run(
        [str(_program(program)), *address, *arguments], env=environment, capture_output=True, text=True, check=False
    )
    return done.stderr if done.returncode else ""


@pytest.fixture
def empty(db: None) -> Iterator[str]:
    """The name of a new database, thrown away afterwards."""
    name = f"{connection.settings_dict['NAME']}_restored"
    for command in (f'DROP DATABASE IF EXISTS "{name}"', f'CREATE DATABASE "{name}"'):
        assert _run("psql", "postgres", "-c", command) == ""
    yield name
    _run("psql", "postgres", "-c", f'DROP DATABASE "{name}"')


def test_a_dump_is_restored_without_an_error_and_keeps_what_it_computes(empty: str, tmp_path: Path) -> None:
    dump = str(tmp_path / "tables.dump")
    ours = connection.settings_dict["NAME"]
    assert (
        _run("pg_dump", ours, "--schema-only", "--no-owner", "--no-privileges", "--no-comments", "-Fc", "-f", dump)
        == ""
    )
    assert _run("pg_restore", empty, "--exit-on-error", "--no-owner", "--no-privileges", dump) == ""
    at = connection.settings_dict
    restored = psycopg2.connect(
        dbname=empty, host=at["HOST"], port=at["PORT"] or None, user=at["USER"], password=at["PASSWORD"]
    )
    with restored, restored.cursor() as cursor:
        cursor.execute("SELECT pg_catalog.set_config('search_path', '', false)")  # as pg_restore reads the rows in
        cursor.execute("SELECT public.search_words('Электрик, розетки')")
        assert cursor.fetchone() == ("{'розетк':1,'электрик':1}",)
        cursor.execute("SELECT count(*) FROM public.tasks_app_category")
        assert cursor.fetchone() == (0,)
    restored.close()
