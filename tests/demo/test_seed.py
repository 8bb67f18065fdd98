"""The same seed makes the same world."""

import pytest
from django.core.management import call_command
from django.db import transaction

from tests.conftest import Clock
from tests.demo.conftest import MOMENT
from tests.demo.test_world import digest


class _TakeBack(Exception):
    pass


def world_of(seed: int) -> str:
    told = ""
    try:
        with transaction.atomic():
            call_command("load_demo", scale=0.01, seed=seed, verbosity=0)
            told = digest()
            raise _TakeBack
    except _TakeBack:
        return told


@pytest.mark.django_db
def test_the_same_seed_makes_the_same_world(clock: Clock) -> None:
    clock.freeze(MOMENT)
    call_command("load_reference", verbosity=0)
    first = world_of(7)
    assert first
    assert world_of(7) == first
