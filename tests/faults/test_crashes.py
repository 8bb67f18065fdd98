"""The short form of `make soak`: real processes are killed with -9 while people pay, and every kopeck is looked for."""

from pathlib import Path

import pytest

from tests.soak.crashes import KINDS
from tests.soak.run import SHORT, ZERO, soak
from tests.soak.schema import schema_of_tests

pytestmark = pytest.mark.django_db


@pytest.fixture
def schema(db: None, tmp_path: Path) -> Path:
    """The tables of this process's test database, for a server of its own."""
    return schema_of_tests(tmp_path / "schema.sql")


def test_nothing_is_lost_and_nothing_doubled_when_every_process_is_killed(schema: Path) -> None:
    told = soak(SHORT, seed=20_261_121, schema=schema)
    assert {name: told[name] for name in ZERO} == dict.fromkeys(ZERO, 0), told["findings"]
    assert told["operations"] >= SHORT.operations
    assert all(told["kills_by_process"].get(kind, 0) >= 1 for kind in KINDS)
