"""Every text that a person may read exists in Russian too."""

import ast
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("marketplace", "tasks_app", "payments", "fraud", "frontend", "demo")
KEYWORDS = {
    "_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None, "N_": None,
    "ngettext": (1, 2), "ngettext_lazy": (1, 2), "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3), "npgettext_lazy": ((1, "c"), 2, 3),
}  # fmt: skip


def used() -> Iterator[tuple[str, str | None, str]]:
    """(file, context, msgid) of every marked text in code and templates."""
    for package in PACKAGES:
        for file in sorted((ROOT / package).rglob("*")):
            where = str(file.relative_to(ROOT))
            if file.suffix == ".py" and "migrations" not in file.parts:
                yield from ((where, context, text) for context, text in python_texts(file.read_text(encoding="utf-8")))
            elif file.suffix in (".html", ".txt", ".xml") and "templates" in file.parts:
                code = f"({templatize(file.read_text(encoding='utf-8'))})"  # in brackets: indents mean nothing there
                yield from ((where, context, text) for context, text in template_texts(code))


def python_texts(code: str) -> Iterator[tuple[str | None, str]]:
    for node in ast.walk(ast.parse(code)):
        if not isinstance(node, ast.Call):
            continue
        function = ast.unparse(node.func).rpartition(".")[2]
        words = [arg.value if isinstance(arg, ast.Constant) else None for arg in node.args]
        if function in KEYWORDS and words and isinstance(words[0], str):
            with_context = function.startswith(("pgettext", "npgettext"))
            yield (words[0], str(words[1])) if with_context else (None, words[0])


def template_texts(code: str) -> Iterator[tuple[str | None, str]]:
    for _, function, arguments, _ in extract_python(
        io.BytesIO(code.encode()), list(KEYWORDS), [], {"encoding": "utf-8"}
    ):
        parts = [arguments] if isinstance(arguments, str) else list(arguments)
        context = parts.pop(0) if function.startswith(("p", "np")) and parts else None
        if parts and parts[0]:
            yield context, parts[0]


@pytest.fixture(scope="module")
def russian() -> dict[tuple[str | None, str], list[str]]:
    known: dict[tuple[str | None, str], list[str]] = {}
    for part in sorted((ROOT / "locale" / "parts").glob("*.ru.po")):
        with part.open("rb") as file:
            for message in read_po(file, locale="ru", abort_invalid=True):
                if not message.id:
                    continue
                single = message.id if isinstance(message.id, str) else message.id[0]
                strings = [message.string] if isinstance(message.string, str) else list(message.string)
                if message.fuzzy or not all(strings):
                    continue
                known[message.context, single] = strings
    return known


def test_every_text_has_its_russian(russian: dict[tuple[str | None, str], list[str]]) -> None:
    missing = sorted({f"{where}: {text!r}" for where, context, text in used() if (context, text) not in russian})
    assert not missing, f"{len(missing)} texts have no Russian:\n" + "\n".join(missing)


def test_russian_plurals_have_three_forms(russian: dict[tuple[str | None, str], list[str]]) -> None:
    short = [key for key, strings in russian.items() if len(strings) not in (1, 3)]
    assert short == []


def test_placeholders_survive_translation(russian: dict[tuple[str | None, str], list[str]]) -> None:
    holes = re.compile(r"%\(\w+\)[sd]|\{\w*\}|%[sd]")
    wrong = [
        f"{text!r} → {string!r}"
        for (_, text), strings in russian.items()
        if len(strings) == 1
        for string in strings
        if sorted(set(holes.findall(text))) != sorted(set(holes.findall(string)))
    ]
    assert wrong == []


def test_nobody_is_shouted_at(russian: dict[tuple[str | None, str], list[str]]) -> None:
    assert [string for strings in russian.values() for string in strings if "!" in string] == []
