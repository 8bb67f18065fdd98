"""The letters that are cut out of the whole font for a first visit on a slow line."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from fontTools.ttLib import TTFont

from frontend.assets.fonts.make import LETTERS, WEIGHTS

ROOT = Path(__file__).resolve().parents[2]
TOKENS = (ROOT / "frontend/assets/styles/foundation/tokens.css").read_text()


def letters(ranges: str) -> set[int]:
    ends = [part.strip().removeprefix("U+").split("-") for part in ranges.split(",")]
    return {letter for end in ends for letter in range(int(end[0], 16), int(end[-1], 16) + 1)}


@pytest.mark.parametrize("script", sorted(LETTERS))
def test_the_styles_promise_what_the_file_holds(script: str) -> None:
    said = re.search(rf"onest-{script}\.woff2.*?unicode-range:([^;]+);", TOKENS, re.DOTALL)
    assert said is not None
    assert letters(said[1]) == letters(LETTERS[script])
    font = TTFont(ROOT / f"frontend/assets/fonts/onest-{script}.woff2")
    assert letters(LETTERS[script]) <= set(font.getBestCmap())
    assert [(axis.axisTag, axis.minValue, axis.maxValue) for axis in font["fvar"].axes] == [("wght", *WEIGHTS)]


def texts(part: Path) -> str:
    with part.open("rb") as file:
        texts = [text for message in read_po(file) for text in (message.id, message.string or "")]
    return "".join(text if isinstance(text, str) else "".join(text) for text in texts)


def test_every_letter_of_the_pages_own_words_is_there() -> None:
    """Only such as the whole font has: what it lacks too is drawn by the device."""
    files = ROOT / "node_modules/@fontsource-variable/onest/files"
    whole = {
        letter for script in LETTERS for letter in TTFont(files / f"onest-{script}-wght-normal.woff2").getBestCmap()
    }
    cut = {letter for ranges in LETTERS.values() for letter in letters(ranges)}
    words = {ord(letter) for part in (ROOT / "locale/parts").glob("*.po") for letter in texts(part)}
    assert len(words) > 100
    assert [chr(letter) for letter in sorted(words & whole - cut)] == []
