"""The simulator's memory: one SQLite file, one transaction for each request.

A request's effects, its events, their deliveries and the answer kept under its idempotency key are one commit (WAL,
synchronous=FULL): a kill at any moment loses nothing that was answered and leaves nothing half done.
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from payments.simulator.shapes import Obj

SCHEMA = """
CREATE TABLE IF NOT EXISTS objects (
  seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, account TEXT NOT NULL, created INTEGER NOT NULL,
  doc TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS by_kind ON objects (kind, account, seq);
CREATE INDEX IF NOT EXISTS by_created ON objects (kind, account, created);
CREATE INDEX IF NOT EXISTS by_customer ON objects (kind, doc ->> '$.customer');
CREATE INDEX IF NOT EXISTS by_intent ON objects (kind, doc ->> '$.payment_intent');
CREATE INDEX IF NOT EXISTS by_charge ON objects (kind, doc ->> '$.charge');
CREATE INDEX IF NOT EXISTS by_group ON objects (kind, doc ->> '$.transfer_group');
CREATE INDEX IF NOT EXISTS by_subscription ON objects (kind, doc ->> '$._subscription');
CREATE INDEX IF NOT EXISTS by_source ON objects (kind, doc ->> '$.source');
CREATE TABLE IF NOT EXISTS answers (
  account TEXT NOT NULL, key TEXT NOT NULL, at REAL NOT NULL, path TEXT NOT NULL, params TEXT NOT NULL,
  status INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (account, key)
);
CREATE TABLE IF NOT EXISTS funds (
  id TEXT PRIMARY KEY, account TEXT NOT NULL, currency TEXT NOT NULL, net INTEGER NOT NULL, available_on INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS by_account ON funds (account, currency, available_on);
CREATE TABLE IF NOT EXISTS schedule (
  seq INTEGER PRIMARY KEY, clock TEXT NOT NULL, due INTEGER NOT NULL, kind TEXT NOT NULL, object TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS by_due ON schedule (clock, due);
CREATE TABLE IF NOT EXISTS deliveries (
  seq INTEGER PRIMARY KEY, event TEXT NOT NULL, endpoint TEXT NOT NULL, due REAL NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
  state TEXT NOT NULL DEFAULT 'waiting', note TEXT NOT NULL DEFAULT ''
);
CREATE INDEX IF NOT EXISTS by_waiting ON deliveries (state, due);
CREATE TABLE IF NOT EXISTS faults (seq INTEGER PRIMARY KEY, doc TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""
TABLES = ("objects", "answers", "funds", "schedule", "deliveries", "faults")


class Store:
    """Reads and writes; only `transaction` makes writes last."""

    def __init__(self, file: Path, *, durable: bool = True) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self.sql = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
        self.sql.execute("PRAGMA journal_mode=WAL")
        self.sql.execute(f"PRAGMA synchronous={'FULL' if durable else 'OFF'}")
        self.sql.executescript(SCHEMA)

    def close(self) -> None:
        self.sql.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        self.sql.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.sql.execute("ROLLBACK")
            raise
        self.sql.execute("COMMIT")

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Inside a transaction: what failed leaves no trace, the transaction goes on."""
        self.sql.execute("SAVEPOINT attempt")
        try:
            yield
        except BaseException:
            self.sql.execute("ROLLBACK TO attempt")
            self.sql.execute("RELEASE attempt")
            raise
        self.sql.execute("RELEASE attempt")

    def clear(self) -> None:
        with self.transaction():
            for table in TABLES:
                self.sql.execute(f"DELETE FROM {table}")  # noqa: S608 - names of our own tables

    def add(self, doc: Obj, account: str = "") -> Obj:
        self.sql.execute(
            "INSERT INTO objects (id, kind, account, created, doc) VALUES (?, ?, ?, ?, ?)",
            (doc["id"], doc["object"], account, doc.get("created", 0), json.dumps(doc)),
        )
        return doc

    def save(self, doc: Obj) -> Obj:
        self.sql.execute("UPDATE objects SET doc = ? WHERE id = ?", (json.dumps(doc), doc["id"]))
        return doc

    def remove(self, id: str) -> None:
        self.sql.execute("DELETE FROM objects WHERE id = ?", (id,))

    def find(self, id: str, kind: str | None = None, account: str | None = None) -> Obj | None:
        row = self.sql.execute("SELECT doc, kind, account FROM objects WHERE id = ?", (id,)).fetchone()
        if row is None or (kind and row[1] != kind) or (account is not None and row[2] != account):
            return None
        found: Obj = json.loads(row[0])
        return found

    def account_of(self, id: str) -> str:
        row = self.sql.execute("SELECT account FROM objects WHERE id = ?", (id,)).fetchone()
        return str(row[0]) if row else ""

    def select(
        self, kind: str, where: str = "", values: tuple[Any, ...] = (), *, account: str | None = None
    ) -> list[Obj]:
        """Documents of one kind, oldest first; `where` may use the columns and `doc ->> '$.field'`."""
        clauses, all_values = ["kind = ?"], [kind]
        if account is not None:
            clauses.append("account = ?")
            all_values.append(account)
        if where:
            clauses.append(f"({where})")
        query = f"SELECT doc FROM objects WHERE {' AND '.join(clauses)} ORDER BY seq"  # noqa: S608 - no text of a request in it
        return [json.loads(row[0]) for row in self.sql.execute(query, (*all_values, *values))]

    def rows(self, query: str, values: tuple[Any, ...]) -> list[Obj]:
        return [json.loads(row[0]) for row in self.sql.execute(query, values)]

    def setting(self, name: str, default: str = "") -> str:
        row = self.sql.execute("SELECT value FROM settings WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else default

    def set(self, name: str, value: str) -> None:
        self.sql.execute("INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)", (name, value))
