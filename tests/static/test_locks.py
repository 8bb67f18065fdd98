"""The lock files work on any machine: every file by its hash, no address of a package index, no path of somebody's disk."""

import json
import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.static.test_imports import imports, modules

ROOT = Path(__file__).resolve().parents[2]
LOCKS = sorted((ROOT / "requirements").glob("*.lock"))


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_package_is_pinned_by_hash(lock: Path) -> None:
    entries = re.split(r"\n(?=[A-Za-z0-9])", lock.read_text().split("\n", 2)[2])
    assert len(entries) > 20
    for entry in entries:
        assert re.match(r"[A-Za-z0-9_.\-\[\]]+==\S+", entry), entry.splitlines()[0]
        assert "--hash=sha256:" in entry, entry.splitlines()[0]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_names_no_address_and_no_path(lock: Path) -> None:
    for line in lock.read_text().splitlines():
        assert "://" not in line
        assert not re.match(r"\s*(-i|-f|--index-url|--extra-index-url|--find-links|/|\.\./)", line), line


def test_the_node_lock_names_no_registry_and_checks_every_file() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    for name, package in packages.items():
        assert "resolved" not in package, name
        assert name == "" or package["integrity"].startswith("sha512-"), name


def test_the_two_locks_agree() -> None:
    def versions(lock: Path) -> dict[str, str]:
        return dict(re.findall(r"^([A-Za-z0-9_.\-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", lock.read_text(), flags=re.M))

    app, dev = (versions(ROOT / "requirements" / f"{name}.lock") for name in ("app", "dev"))
    assert {name: version for name, version in dev.items() if name in app and app[name] != version} == {}


def test_what_the_site_imports_is_in_its_own_lock() -> None:
    """The tests' environment holds more than the site's: an import that only works there would break a running site."""
    lock = (ROOT / "requirements" / "app.lock").read_text().lower()
    pinned = {canonical(name) for name in re.findall(r"^([a-z0-9_.\-]+)(?:\[[^\]]*\])?==", lock, flags=re.M)}
    providers = packages_distributions()
    missing = set()
    for name, file in modules():
        for target in imports(file):
            top = target.split(".", 1)[0]
            if top in sys.stdlib_module_names or (ROOT / top).is_dir():
                continue
            if not any(
                canonical(provider) in pinned or canonical(provider) == "psycopg2"
                for provider in providers.get(top, [])
            ):
                missing.add(f"{name} imports {top}")
    assert not missing, "\n".join(sorted(missing))


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
