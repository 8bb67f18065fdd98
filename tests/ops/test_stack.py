"""What the processes of a stack are told."""

from pathlib import Path

import pytest

from ops import places
from ops.postgres import APP, OWNER
from ops.stack import Stack


@pytest.fixture
def stack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stack:
    monkeypatch.setattr(places, "state", lambda name: tmp_path)
    one = Stack("demo")
    one.settings.choose_ports()
    return one


def test_no_process_of_the_site_holds_the_key_of_the_role_that_may_change_the_ledger(stack: Stack) -> None:
    secret = stack.settings.secret(OWNER)
    told = stack.environment()
    assert not [name for name, value in told.items() if secret in value]
    assert stack.settings.secret(APP) in told["DATABASE_URL"]


def test_the_owner_migrates(stack: Stack) -> None:
    assert stack.settings.secret(OWNER) in stack.environment(owner=True)["DATABASE_URL"]


def test_tests_do_not_pay_into_the_simulator_of_a_demo_in_the_same_folder(stack: Stack) -> None:
    """The site reads what the demo left in .local/env wherever the environment says nothing."""
    names = ("STRIPE_SECRET_KEY", "STRIPE_API_BASE", "STRIPE_WEBHOOK_SECRET")
    assert all(stack.environment()[name] for name in names)
    tests = Stack("test")
    tests.settings.choose_ports()
    assert [tests.environment()[name] for name in names] == ["", "", ""]
