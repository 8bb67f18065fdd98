"""What machines of Hypothesis stand on that move money at the running simulator. PROPERTY_EXAMPLES makes them look longer."""

import os
from datetime import timedelta

from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from tests.conftest import Clock
from tests.payments.conftest import differences
from tests.simulator import Simulator

EXAMPLES = int(os.environ.get("PROPERTY_EXAMPLES", "4"))


class InARoom(RuleBasedStateMachine):
    """One example: everything is rolled back after it, when the books have been compared."""

    simulator: Simulator
    clock: Clock

    def __init__(self) -> None:
        super().__init__()
        self.clock.frozen_at, self.clock._shift = None, timedelta()
        self.simulator.reset(settle_after=0)
        self._room = transaction.atomic()
        self._room.__enter__()

    def teardown(self) -> None:
        try:
            assert differences() == []
        finally:
            transaction.set_rollback(True)
            self._room.__exit__(None, None, None)


def bound(machine: type[InARoom], simulator: Simulator, clock: Clock) -> type[InARoom]:
    """The machine with the running simulator and the clock."""
    return type(machine.__name__, (machine,), {"simulator": simulator, "clock": clock})


def run(machine: type[RuleBasedStateMachine], *, examples: int = EXAMPLES, steps: int = 10) -> None:
    """The same examples every time."""
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, derandomize=True, database=None,
            suppress_health_check=list(HealthCheck), print_blob=False,
        ),
    )  # fmt: skip
