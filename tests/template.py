"""The database that each test process copies: migrated once and kept until a migration changes.

`python -m tests.template` makes it where it is not there yet, and prints its name (ops/testing.py hands it on as TEST_TEMPLATE).
Django migrates the copies all the same and finds nothing to do.
"""

import hashlib
import os
from pathlib import Path

_PREFIX = "template_of_tests_"


def ensure() -> str:
    """Its name. Asks for a role that may make databases."""
    from django.core.management import call_command
    from django.db import connection

    wanted, usual = _name(), connection.settings_dict["NAME"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [_PREFIX])
        known = [name for (name,) in cursor.fetchall()]
        if wanted in known:
            return wanted
        for name in known:
            cursor.execute(f'DROP DATABASE "{name}"')
        cursor.execute(f'CREATE DATABASE "{wanted}_unfinished"')
    _use(f"{wanted}_unfinished")
    call_command("migrate", run_syncdb=True, verbosity=0)
    _use(usual)
    with connection.cursor() as cursor:
        cursor.execute(f'ALTER DATABASE "{wanted}_unfinished" RENAME TO "{wanted}"')
    return wanted


def _name() -> str:
    from django.apps import apps

    digest = hashlib.sha256()
    folders = sorted({Path(app.path) / "migrations" for app in apps.get_app_configs()})
    for file in (file for folder in folders for file in sorted(folder.glob("*.py"))):
        digest.update(str(file).encode() + file.read_bytes())
    return _PREFIX + digest.hexdigest()[:16]


def _use(database: str) -> None:
    from django.db import connection

    connection.close()
    connection.settings_dict["NAME"] = database


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")
    django.setup()
    print(ensure())
