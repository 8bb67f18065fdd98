"""Cuts the letters that nearly every page shows out of the whole Onest, in the weights that the styles use.

    python frontend/assets/fonts/make.py      after `@fontsource-variable/onest` was renewed; the results are committed

A phone on a slow line then waits for 24 kB of letters instead of 50. A rarer letter (é, ї, an arrow) still comes from the whole files,
which are loaded only where one is shown. Onest is under the SIL Open Font License 1.1; it has no reserved name.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

HERE = Path(__file__).parent
WHOLE = HERE.parents[2] / "node_modules/@fontsource-variable/onest/files"
WEIGHTS = (400, 800)
# The same ranges stand beside the files in styles/foundation/tokens.css.
LETTERS = {
    "latin": "U+0020-007E, U+00A0, U+00A9, U+00AB, U+00B0, U+00B1, U+00B7, U+00BB, U+00D7, U+2009, U+2013, U+2014, U+2018-201A, U+201C-201E, "
    "U+2022, U+2026, U+2191, U+2193, U+2212",
    "cyrillic": "U+0301, U+0401, U+0410-044F, U+0451, U+2116",
}


def cut(script: str) -> Path:
    """Writes `onest-SCRIPT.woff2` here."""
    font = instancer.instantiateVariableFont(TTFont(WHOLE / f"onest-{script}-wght-normal.woff2"), {"wght": WEIGHTS})
    made = HERE / f"onest-{script}.woff2"
    with TemporaryDirectory() as folder:
        narrowed = Path(folder) / "narrowed.ttf"
        font.save(narrowed)
        subset.main([str(narrowed), f"--unicodes={LETTERS[script]}", "--flavor=woff2", f"--output-file={made}"])
    return made


if __name__ == "__main__":
    for one in LETTERS:
        cut(one)
