"""Templates keep to the strict policy, to the icon set and to the frame."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted(
    file
    for file in ROOT.glob("*/**/templates/**/*.html")
    if not {"node_modules", ".local"} & set(file.parts) and "admin" not in file.parts
)
TEXTS = [(str(file.relative_to(ROOT)), file.read_text(encoding="utf-8")) for file in TEMPLATES]
MARKUP = [(name, re.sub(r"{%.*?%}|{{.*?}}", "", text, flags=re.S)) for name, text in TEXTS]


def found(pattern: str) -> list[str]:
    return [name for name, text in MARKUP if re.search(pattern, text, re.I | re.S)]


def test_there_are_templates_to_look_at() -> None:
    assert len(TEMPLATES) > 40


def test_no_template_carries_a_script() -> None:
    data_block = r'<script(?![^>]*\bsrc=)(?![^>]*type="application/(?:ld\+)?json")[^>]*>'
    assert found(data_block) == []


def test_no_template_carries_styles() -> None:
    assert found(r"<style\b") == []
    assert found(r"<[a-z][^<>]*\sstyle\s*=") == []


def test_no_template_carries_handlers() -> None:
    assert found(r"<[a-z][^<>]*\son[a-z]+\s*=") == []
    assert found(r"javascript:") == []
    assert found(r"hx-on\b") == []  # needs eval


def test_every_icon_named_exists() -> None:
    known = set(json.loads((ROOT / "frontend/assets/icons/icons.json").read_text()))
    named = {
        (name, icon) for name, text in TEXTS for icon in re.findall(r'{%\s*icon "([\w-]+)"|\bicon="([\w-]+)"', text)
    }
    assert sorted((name, icon) for name, pair in named for icon in pair if icon and icon not in known) == []


@pytest.mark.parametrize("kind", ["group", "category"])
def test_every_service_has_an_icon_of_the_set(kind: str) -> None:
    from tasks_app.reference import files

    known = set(json.loads((ROOT / "frontend/assets/icons/icons.json").read_text()))
    groups = files.groups()
    rows = groups if kind == "group" else [category for group in groups for category in group.categories]
    assert [(row.slug, row.icon) for row in rows if row.icon not in known] == []


def test_every_component_is_on_the_living_page() -> None:
    shown = "".join(
        text for name, text in TEXTS if "/shell/specimens/" in name or name.endswith("shell/components.html")
    )
    inside_others = {"bar", "moment", "tab", "chip", "chips", "link_line", "term", "photo", "input", "dock"}
    names = {Path(name).stem for name, _ in TEXTS if "/cotton/" in name}
    missing = {name for name in names if f"<c-{name.replace('_', '-')}" not in shown and f"c-{name}" not in shown}
    assert missing - inside_others == set()
