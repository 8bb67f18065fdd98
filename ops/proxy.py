"""nginx in front: one origin for pages, API, sockets and files."""

import shutil
import signal
from pathlib import Path

from ops import places
from ops.ports import Settings
from ops.say import Stop
from ops.supervisor import Child


def child(stack: str, settings: Settings, *, host: str, port: int) -> Child:
    nginx = program()
    state = places.state(stack)
    folder = state / "nginx"
    folder.mkdir(exist_ok=True)
    for name in ("media", "static"):
        (state / name).mkdir(exist_ok=True)
    config = folder / "nginx.conf"
    config.write_text(
        config_text(
            folder, static=state / "static", media=state / "media", host=host, port=port,
            web=settings.ports["web"], live=settings.ports["live"], stripe=settings.ports["stripe"],
        )
    )  # fmt: skip
    return Child(
        name="nginx",
        command=[nginx, "-p", str(folder), "-e", "stderr", "-c", str(config)],
        env={},
        stop_signal=signal.SIGQUIT,
        patience=3,
        quiet=True,
    )


def program() -> str:
    found = shutil.which("nginx", path="/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/sbin:/usr/local/bin")
    if found is None:
        raise Stop("nginx is not installed. On Debian 12: apt-get install nginx")
    return found


def config_text(
    folder: Path, *, static: Path, media: Path, host: str, port: int, web: int, live: int, stripe: int = 0
) -> str:
    """`stripe`: the port of the local Stripe simulator, whose pages are shown under /stripe/; 0 where there is none."""
    words = {
        "USER_LINE": "user www-data;" if places.is_root() else "",
        "FOLDER": str(folder),
        "HOST": host,
        "PORT": str(port),
        "WEB": str(web),
        "LIVE": str(live),
        "STRIPE": str(stripe or 9),
        "STATIC": str(static),
        "MEDIA": str(media),
    }
    text = (Path(__file__).parent / "nginx.conf").read_text(encoding="utf-8")
    for word, value in words.items():
        text = text.replace(f"@{word}@", value)
    return text
