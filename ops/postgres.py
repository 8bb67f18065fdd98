"""A private PostgreSQL with PostGIS: its own data folder, its own port on 127.0.0.1, nothing of the system's own."""

import shutil
import signal
import socket
from collections.abc import Mapping
from pathlib import Path

from ops import places, shell
from ops.ports import Settings
from ops.say import Stop, step
from ops.supervisor import Child

SUPERUSER = "postgres"
OWNER = "poruchi_owner"  # owns the schema and migrates it
APP = "poruchi_app"  # what the site runs as: reads and writes rows, but cannot change what the ledger holds
DATABASE = "poruchi"

_COMMON = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "120",
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "warning",
    "log_checkpoints": "off",
}
# Tests throw their database away: durability only costs time there.
HASTY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum_naptime": "10s",
    "max_wal_size": "2GB",
}

_PREPARE = f"""
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{OWNER}') THEN CREATE ROLE {OWNER} LOGIN; END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{APP}') THEN CREATE ROLE {APP} LOGIN; END IF;
END $$;
ALTER ROLE {OWNER} LOGIN CREATEDB PASSWORD '{{owner}}';
ALTER ROLE {APP} LOGIN NOCREATEDB PASSWORD '{{app}}';
GRANT {APP} TO {OWNER};
"""
# Given to template1 too, so that each test database is born with them.
_FURNISH = f"""
CREATE EXTENSION IF NOT EXISTS postgis;
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
GRANT USAGE, CREATE ON SCHEMA public TO {OWNER};
GRANT USAGE ON SCHEMA public TO {APP};
ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {APP};
ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {APP};
"""


class Postgres:
    def __init__(self, stack: str, settings: Settings, options: Mapping[str, str] | None = None) -> None:
        self.folder = places.state(stack) / "postgres"
        self.settings = settings
        self.options = {**_COMMON, **(options or {})}
        self.user = "postgres" if places.is_root() else None

    @property
    def port(self) -> int:
        return self.settings.ports["postgres"]

    def url(self, role: str, database: str = DATABASE) -> str:
        return f"postgis://{role}:{self.settings.secret(role)}@127.0.0.1:{self.port}/{database}"

    def child(self) -> Child:
        options = [part for name, value in self.options.items() for part in ("-c", f"{name}={value}")]
        return Child(
            name="postgres",
            command=[str(_program("postgres")), "-D", str(self.folder), "-p", str(self.port), *options],
            env={"LC_ALL": "C.UTF-8"},
            user=self.user,
            cwd=self.folder,
            stop_signal=signal.SIGINT,  # "fast": open connections are closed, everything committed is kept
            patience=30,
            quiet=True,
            stands_on_others=False,
        )

    def ensure_cluster(self) -> None:
        """Make the data folder once; end a server that a crash left behind in it."""
        if (self.folder / "furnished").exists() or (self.folder / "PG_VERSION").exists():
            self._end_leftover()
            return
        step(f"Making a private database in {self.folder}")
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        self.folder.chmod(0o700)
        word = self.folder.parent / "initdb.secret"
        word.write_text(self.settings.secret(SUPERUSER))
        word.chmod(0o600)
        if self.user:
            shutil.chown(self.folder, self.user, self.user)
            shutil.chown(word, self.user, self.user)
        try:
            shell.run(
                [_program("initdb"), "-D", self.folder, "-U", SUPERUSER, "--auth=scram-sha-256", f"--pwfile={word}",
                 "--encoding=UTF8", "--locale=C.UTF-8", *(["--no-sync"] if self.options.get("fsync") == "off" else [])],
                what="Making the database's folder",
                cwd=self.folder.parent,
                user=self.user,
            )  # fmt: skip
        except Stop:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise
        finally:
            word.unlink()

    def _end_leftover(self) -> None:
        note = self.folder / "postmaster.pid"
        if not note.exists():
            return
        pid = int(note.read_text().split("\n", 1)[0])
        if _is_postgres(pid):
            shell.run(
                [_program("pg_ctl"), "stop", "-D", self.folder, "-m", "fast", "-w"],
                what="Stopping a database server that an earlier run left",
                cwd=self.folder,
                user=self.user,
            )
        else:
            note.unlink()  # that process is gone; its number may belong to somebody else by now

    def answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1):
                pass
        except OSError:
            return False
        return self.sql("SELECT 1", check=False) is not None

    def sql(self, text: str, *, database: str = "postgres", check: bool = True) -> str | None:
        """Run SQL as the superuser through psql; what it printed, or None if it failed and `check` is off."""
        try:
            return shell.run(
                [
                    "psql",
                    "-h",
                    "127.0.0.1",
                    "-p",
                    str(self.port),
                    "-U",
                    SUPERUSER,
                    "-d",
                    database,
                    "-qAtX",
                    "-v",
                    "ON_ERROR_STOP=1",
                ],
                what="Preparing the database",
                env={"PGPASSWORD": self.settings.secret(SUPERUSER)},
                stdin=text,
                log="postgres-setup",
            )
        except Stop:
            if check:
                raise
            return None

    def furnish(self) -> None:
        """Roles, extensions and default rights, once (and again after the passwords were lost)."""
        mark = self.folder / "furnished"
        if mark.exists():
            return
        self.sql(_PREPARE.format(owner=self.settings.secret(OWNER), app=self.settings.secret(APP)))
        self.sql(_FURNISH, database="template1")
        if self.sql(f"SELECT 1 FROM pg_database WHERE datname = '{DATABASE}'") == "":
            self.sql(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")
        mark.touch()


def _program(name: str) -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[4]), reverse=True)
    usable = [
        path
        for path in found
        if int(path.parts[4]) >= 15
        and (Path("/usr/share/postgresql") / path.parts[4] / "extension/postgis.control").exists()
    ]
    if not usable:
        raise Stop(
            "PostgreSQL 15 with PostGIS 3 is not installed. On Debian 12: apt-get install postgresql-15 postgresql-15-postgis-3"
        )
    return usable[0]


def _is_postgres(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0", 1)[0].endswith(b"postgres")
    except OSError:
        return False
