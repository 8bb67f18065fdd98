"""Every address and every API operation that the site answers, read from the resolver and from the API itself."""

import re
from collections.abc import Iterable, Iterator

from django.urls import URLPattern, URLResolver, get_resolver

from marketplace.api import api


def pages() -> set[str]:
    """Names of all pages ("deal:task"); those of the admin and of the API are told apart."""
    return {name for name, _ in _walk(get_resolver().url_patterns) if not name.startswith(("admin:", "api:"))}


def admin_pages() -> dict[str, str]:
    """Names and patterns of the admin's pages."""
    return {name: pattern for name, pattern in _walk(get_resolver().url_patterns) if name.startswith("admin:")}


def operations() -> set[str]:
    """ "GET /wallet", "PUT /drafts/{uuid:draft_id}/place", …"""
    return {
        f"{method} {prefix.rstrip('/')}{path}"
        for prefix, router in api._routers
        for path, view in router.path_operations.items()
        for operation in view.operations
        for method in operation.methods
    }


def fill(path: str, values: dict[str, object]) -> str:
    """{uuid:draft_id} and {draft_id} → the value."""
    return re.sub(r"\{(?:\w+:)?(\w+)\}", lambda hole: str(values[hole[1]]), path)


def _walk(patterns: Iterable[URLPattern | URLResolver], prefix: str = "", space: str = "") -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _walk(pattern.url_patterns, prefix + str(pattern.pattern), inner)
        else:
            name = pattern.name or ""
            yield (f"{space}{name}" if name else f"{space}{prefix}{pattern.pattern}"), prefix + str(pattern.pattern)
