"""Templates can be read: markup is broken into lines; only a text may be long, since translators see it whole."""

import re
from pathlib import Path

TEMPLATES = Path(__file__).resolve().parents[2] / "frontend" / "templates"
LONGEST = 250
_TEXT = re.compile(r"""\{% blocktrans.*?endblocktrans %\}|\{% trans ("[^"]*"|'[^']*')[^%]*%\}|content='\{.*?\}'""")


def too_long(line: str) -> bool:
    return len(_TEXT.sub("", line).strip()) > LONGEST


def test_no_line_of_markup_is_too_long_to_read() -> None:
    files = sorted(TEMPLATES.rglob("*.html"))
    assert len(files) > 200
    long = [
        f"{file.relative_to(TEMPLATES)}:{number}"
        for file in files
        for number, line in enumerate(file.read_text().splitlines(), 1)
        if too_long(line)
    ]
    assert not long, "Break these lines where white space says nothing: " + ", ".join(long)


def test_the_measure_sees_markup_and_spares_texts() -> None:
    assert too_long("<p>" + "<b>word</b>" * 40)
    assert not too_long('<p>{% trans "' + "word " * 100 + '" %}</p>')
