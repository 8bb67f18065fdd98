"""Stripe's form encoding: `items[0][price]=…`, `expand[]=…`, `metadata[k]=v`."""

import re
from typing import Any
from urllib.parse import parse_qsl

from payments.simulator.errors import Invalid

PARTS = re.compile(r"\[([^\]]*)\]")


def decode(body: str) -> dict[str, Any]:
    """Nested dicts and lists of strings; a list may be written with `[]` or with running numbers."""
    tree: dict[str, Any] = {}
    for name, value in parse_qsl(body, keep_blank_values=True):
        head, _, rest = name.partition("[")
        path = [head, *PARTS.findall("[" + rest)] if rest else [head]
        _put(tree, path, value, name)
    return {name: _lists(value) for name, value in tree.items()}


def _put(tree: dict[str, Any], path: list[str], value: str, name: str) -> None:
    for part in path[:-1]:
        part = _key(tree, part)
        tree = tree.setdefault(part, {})
        if not isinstance(tree, dict):
            raise Invalid(f"Invalid parameters: {name}", code="parameter_invalid", param=name)
    tree[_key(tree, path[-1])] = value


def _key(tree: dict[str, Any], part: str) -> str:
    return part or f"#{len(tree)}"


def _lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    plain = {name: _lists(child) for name, child in value.items()}
    if plain and all(name.lstrip("#").isdigit() for name in plain):
        return [plain[name] for name in sorted(plain, key=lambda name: int(name.lstrip("#")))]
    return plain
