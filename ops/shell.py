"""Running other programs, and saying plainly why one failed."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from ops import places
from ops.say import Stop

_NO_NETWORK = (
    "Temporary failure resolving",
    "Temporary failure in name resolution",
    "Could not resolve",
    "Name or service not known",
    "Network is unreachable",
    "No route to host",
    "Failed to establish a new connection",
    "NewConnectionError",
    "ProxyError",
    "Could not connect to",
    "Connection timed out",
    "ConnectTimeoutError",
    "ENOTFOUND",
    "EAI_AGAIN",
    "ECONNREFUSED",
    "ECONNRESET",
    "ETIMEDOUT",
    "ENETUNREACH",
)
_DISK_FULL = ("No space left on device", "ENOSPC", "Disk quota exceeded", "You don't have enough free space")
_NO_RIGHTS = ("Permission denied", "EACCES", "Operation not permitted")


def reason(output: str) -> str | None:
    """The sentence for a failure that has nothing to do with Poruchi itself, or None."""
    if any(sign in output for sign in _DISK_FULL):
        return "The disk is full. Free some space and run the command again: it goes on where it stopped."
    if any(sign in output for sign in _NO_NETWORK):
        return "The package servers cannot be reached. Check the network (or the proxy) and run the command again: it goes on where it stopped."
    if any(sign in output for sign in _NO_RIGHTS):
        return f"This user may not do that here. Run the command as root, as a user with sudo, or as the owner of {places.ROOT}."
    return None


def run(
    command: Sequence[str | Path],
    *,
    what: str,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    user: str | None = None,
    stdin: str | None = None,
    log: str = "setup",
) -> str:
    """Run to the end and return what it printed; on failure raise Stop with a sentence and the last lines."""
    options: dict[str, object] = {}
    if user is not None:
        options = {"user": user, "group": user, "extra_groups": []}
    done = subprocess.run(  # type: ignore[call-overload]
        [str(part) for part in command],
        cwd=cwd or places.ROOT,
        env={**os.environ, **(env or {})},
        input=stdin or "",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        **options,
    )
    _keep(log, command, done.stdout)
    if done.returncode != 0:
        tail = "\n".join(f"    {line}" for line in done.stdout.strip().splitlines()[-15:])
        why = reason(done.stdout) or f"The whole output is in {places.LOGS / log}.log."
        raise Stop(f"{what} did not work. {why}\n{tail}")
    return str(done.stdout)


def _keep(log: str, command: Sequence[str | Path], output: str) -> None:
    try:
        places.LOGS.mkdir(parents=True, exist_ok=True)
        with (places.LOGS / f"{log}.log").open("a", encoding="utf-8") as file:
            file.write(f"$ {' '.join(str(part) for part in command)}\n{output}\n")
    except OSError:
        pass  # a full disk must not hide the sentence about the full disk
