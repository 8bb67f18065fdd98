"""Colours: the two dark blocks are one, and every pair of text and background can be read."""

import re
from pathlib import Path

import pytest

TOKENS = (Path(__file__).resolve().parents[2] / "frontend/assets/styles/foundation/tokens.css").read_text()

PAIRS = [
    ("ink", "paper"), ("ink", "surface"), ("ink", "sunken"), ("ink", "raised"), ("ink", "accent-soft"),
    ("ink", "money-soft"), ("ink", "danger-soft"), ("ink", "info-soft"),
    ("ink-2", "paper"), ("ink-2", "surface"), ("ink-2", "sunken"), ("ink-2", "accent-soft"), ("ink-2", "raised"),
    ("ink-3", "paper"), ("ink-3", "surface"), ("ink-3", "sunken"),
    ("accent", "paper"), ("accent", "surface"), ("accent", "accent-soft"),
    ("accent-ink", "accent"), ("accent-ink", "accent-hover"), ("danger-ink", "danger"), ("danger-ink", "danger-hover"),
    ("money", "money-soft"), ("money", "surface"), ("danger", "danger-soft"), ("danger", "surface"),
    ("danger", "paper"), ("info", "info-soft"), ("info", "surface"), ("star", "surface"), ("star", "paper"),
    ("paper", "ink"), ("map-label", "map-land"),
]  # fmt: skip


def block(start: str) -> dict[str, str]:
    body = TOKENS.split(start, 1)[1].split("}", 1)[0]
    return dict(re.findall(r"--([\w-]+):\s*([^;]+);", body))


LIGHT = block('[data-theme="light"] {')
DARK = block(":root:not([data-theme]) {")


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_the_chosen_dark_theme_is_the_device_s_dark_theme() -> None:
    assert block('[data-theme="dark"] {') == DARK


@pytest.mark.parametrize(("text", "background"), PAIRS)
@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_text_can_be_read(theme: dict[str, str], text: str, background: str) -> None:
    assert contrast(theme[text], theme[background]) >= 4.5


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_edges_of_inputs_and_the_focus_can_be_seen(theme: dict[str, str]) -> None:
    for line in ("line-strong", "focus"):
        assert min(contrast(theme[line], theme[ground]) for ground in ("surface", "paper")) >= 3


def test_initials_can_be_read_on_every_hue() -> None:
    assert min(contrast("#ffffff", LIGHT[f"hue-{number}"]) for number in range(8)) >= 4.5
