"""Debian's packages: what is missing is named, and installed without starting any service of the system's."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ops import places, shell
from ops.say import Stop, Watch, good, note, step

# package → what it is for, as the person reads it
SERVE = {
    "postgresql-15": "the database",
    "postgresql-15-postgis-3": "maps in the database",
    "redis-server": "queues and live pages",
    "nginx": "one address for pages and sockets",
    "libgdal32": "geometry",
    "libgeos-c1v5": "geometry",
    "python3-venv": "a Python environment of its own",
    "ca-certificates": "safe downloads",
}
TEST = {"chromium": "tests in a real browser", "make": "short commands"}
# Quicker, and not needed: the same browser without the windows that nobody sees.
TEST_QUICKER = {"chromium-headless-shell": "the same browser without windows"}
_SERVICES = {"postgresql-15": "postgresql", "redis-server": "redis-server", "nginx": "nginx"}
_POLICY = Path("/usr/sbin/policy-rc.d")


def missing(packages: dict[str, str]) -> list[str]:
    """Those that dpkg does not report as installed. A machine without dpkg is not one we know."""
    if shutil.which("dpkg-query") is None:
        raise Stop(
            "This is not Debian. Poruchi's one-machine set-up is made for Debian 12; on another system install PostgreSQL 15 with "
            "PostGIS 3, Redis, nginx, GDAL and GEOS yourself and follow docs/operator.md."
        )
    done = subprocess.run(
        ["dpkg-query", "-W", "-f=${Package} ${db:Status-Status}\\n", *packages],
        capture_output=True,
        text=True,
        check=False,
    )
    installed = {line.split()[0] for line in done.stdout.splitlines() if line.endswith(" installed")}
    return [name for name in packages if name not in installed]


def ensure_if_possible(packages: dict[str, str]) -> None:
    """Without it everything works too, only slower."""
    try:
        ensure(packages)
    except Stop as stop:
        note(f"Going on without {', '.join(packages)}: {stop}")


def ensure(packages: dict[str, str]) -> None:
    names = missing(packages)
    if not names:
        return
    watch = Watch()
    purposes = ", ".join(f"{name} ({packages[name]})" for name in names)
    step(f"Installing from Debian: {purposes}")
    become = _root_prefix(names)
    environment = {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
    apt = [
        *become,
        "env",
        *(f"{k}={v}" for k, v in environment.items()),
        "apt-get",
        "-q",
        "-o",
        "DPkg::Lock::Timeout=300",
    ]
    with _nothing_starts(become):
        update = shell.run([*apt, "update"], what="Reading the list of Debian's packages")
        try:
            shell.run([*apt, "install", "-y", "--no-install-recommends", *names], what="Installing Debian's packages")
        except Stop as stop:
            raise Stop(f"{stop}{_update_trouble(update)}") from None
    _keep_asleep(become, names)
    good(f"Debian's packages are in place ({watch})")


def _update_trouble(output: str) -> str:
    """apt-get update only warns when it reaches nobody; then the install fails for another reason."""
    why = shell.reason(output)
    return f"\n{why}" if why else ""


def _root_prefix(names: list[str]) -> list[str]:
    if places.is_root():
        return []
    command = f"apt-get install --no-install-recommends {' '.join(names)}"
    if shutil.which("sudo") is None:
        raise Stop(f"Some Debian packages are missing, and this user may not install them. As root run:\n    {command}")
    quiet = [] if os.isatty(0) else ["-n"]  # without a terminal nobody can type a password
    if subprocess.run(["sudo", *quiet, "-v"], check=False, stderr=subprocess.DEVNULL).returncode != 0:
        raise Stop(
            f"Some Debian packages are missing, and sudo did not let this user install them. Ask an administrator for:\n    sudo {command}"
        )
    return ["sudo", *quiet]


@contextmanager
def _nothing_starts(become: list[str]) -> Iterator[None]:
    """Debian starts a service as it installs it, unless this file says no. Poruchi runs servers of its own, on its own ports."""
    if _POLICY.exists():
        yield
        return
    script = f"printf '#!/bin/sh\\nexit 101\\n' > {_POLICY} && chmod 755 {_POLICY}"
    shell.run([*become, "sh", "-c", script], what="Preparing the installation")
    try:
        yield
    finally:
        shell.run([*become, "rm", "-f", str(_POLICY)], what="Finishing the installation")


def _keep_asleep(become: list[str], names: list[str]) -> None:
    """What was not on this machine before shall not start with it either."""
    units = [unit for package, unit in _SERVICES.items() if package in names]
    if units and Path("/run/systemd/system").is_dir():
        shell.run([*become, "systemctl", "disable", "--now", *units], what="Leaving the system's services off")
        note(f"The system's own services stay off ({', '.join(units)}): Poruchi runs private ones.")
