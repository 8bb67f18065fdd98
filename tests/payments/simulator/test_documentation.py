"""docs/stripe-simulator.md tells of every setting, fault, control call and option."""

from pathlib import Path

import pytest
from django.core.management import load_command_class

from payments.simulator import cards, control, faults

TEXT = (Path(__file__).resolve().parents[3] / "docs" / "stripe-simulator.md").read_text(encoding="utf-8")
OPTIONS = {
    option
    for action in load_command_class("payments", "stripe_simulator")
    .create_parser("manage.py", "stripe_simulator")
    ._actions
    for option in action.option_strings
    if option in ("--host", "--port", "--store", "--secret-key", "--base", "--webhook", "--webhook-secret", "--set")
}


@pytest.mark.parametrize(
    "word",
    [*control.SETTINGS, *faults.MODES, *(f"{method} {verb}" for method, verb in control.VERBS), *sorted(OPTIONS)],
)
def test_it_is_in_the_documentation(word: str) -> None:
    assert word in TEXT


@pytest.mark.parametrize(
    "card", [card for card in cards.CARDS if card.decline or card.later or card.dispute or card.secure != "optional"]
)
def test_a_card_that_does_something_is_in_the_documentation(card: cards.Card) -> None:
    spaced = " ".join(card.number[at : at + 4] for at in range(0, len(card.number), 4))
    assert spaced in TEXT or f"…{card.number[-4:]}" in TEXT
