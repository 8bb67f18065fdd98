"""Django 5.2 silently prefers psycopg 3 when it finds it; everything here is measured and written for psycopg2."""

import importlib.util
from pathlib import Path

import psycopg2

ROOT = Path(__file__).resolve().parents[2]


def test_psycopg_3_is_not_importable() -> None:
    assert importlib.util.find_spec("psycopg") is None


def test_django_talks_through_psycopg2() -> None:
    from django.db.backends.postgresql.psycopg_any import is_psycopg3

    assert not is_psycopg3
    assert psycopg2.apilevel == "2.0"


def test_no_lock_file_brings_psycopg_3() -> None:
    for lock in (ROOT / "requirements").glob("*.lock"):
        assert not any(line.startswith(("psycopg==", "psycopg[", "psycopg-")) for line in lock.read_text().splitlines())
