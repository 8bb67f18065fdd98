"""Where things are kept. Everything that the commands make is under .local/ (or, see `state`, where the database's user can enter)."""

import hashlib
import os
import shutil
import stat
from pathlib import Path

from ops.say import Stop, note

ROOT = Path(__file__).resolve().parent.parent
LOCAL = ROOT / ".local"
VENV = LOCAL / "venv"
STAMPS = LOCAL / "stamps"
LOGS = LOCAL / "logs"
RESULTS = LOCAL / "results"
PYTHON = VENV / "bin" / "python"
FAR_STATE = Path("/var/lib/poruchi")


def is_root() -> bool:
    return os.geteuid() == 0


def others_can_enter(folder: Path) -> bool:
    """May a user other than the owner walk down to this folder?"""
    return all(parent.stat().st_mode & stat.S_IXOTH for parent in (folder, *folder.parents))


def state(stack: str) -> Path:
    """The folder of one stack's data ("demo", "test"): .local/<stack>.

    PostgreSQL refuses to run as root, so root runs it as the user `postgres`, who has to be able to enter its folder. In a
    checkout that is closed to others (below /root, say) .local/<stack> is therefore a link to a folder below /var/lib/poruchi.
    """
    LOCAL.mkdir(exist_ok=True)
    place = LOCAL / stack
    if place.is_dir():
        return place.resolve()
    place.unlink(missing_ok=True)
    if is_root() and not others_can_enter(LOCAL):
        far = FAR_STATE / f"{stack}-{hashlib.sha256(str(ROOT).encode()).hexdigest()[:10]}"
        far.mkdir(parents=True, exist_ok=True)
        FAR_STATE.chmod(0o755)
        place.symlink_to(far)
        note(f"Other users cannot enter {ROOT}, and PostgreSQL does not run as root: the data is kept in {far}.")
    else:
        place.mkdir()
    place.chmod(0o755)
    return place.resolve()  # not by way of the link, which the database's user cannot follow


def remove_state(stack: str) -> None:
    place = LOCAL / stack
    if place.is_symlink():
        shutil.rmtree(place.resolve(), ignore_errors=True)
        place.unlink()
    elif place.exists():
        shutil.rmtree(place)


def require_free_space(megabytes: int) -> None:
    """A sentence now is better than half an installation later."""
    free = shutil.disk_usage(ROOT).free // 2**20
    if free < megabytes:
        raise Stop(
            f"The disk is nearly full: {free} MB are free where {ROOT} is, and this needs about {megabytes} MB. "
            "Free some space and run the command again."
        )


def require_writable() -> None:
    try:
        LOCAL.mkdir(exist_ok=True)
        probe = LOCAL / ".writable"
        probe.write_text("")
        probe.unlink()
    except OSError as error:
        raise Stop(
            f"Nothing can be written to {LOCAL} ({error.strerror}). Run the command as the user who owns {ROOT}, "
            "or take a copy of the project into a folder of your own."
        ) from None
