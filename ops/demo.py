"""`make demo`: the whole site with its demo world on this machine."""

import fcntl
import os
import time
from typing import IO

from ops import assets, debian, places, ports, python_env, stamps
from ops.say import Stop, Watch, good, note, plain, step
from ops.stack import Stack

_FIRST_TIME_MEGABYTES = 2500
_LATER_MEGABYTES = 200


def demo() -> None:
    watch = Watch()
    places.require_writable()
    first = not (places.LOCAL / "demo").exists()
    places.require_free_space(_FIRST_TIME_MEGABYTES if first else _LATER_MEGABYTES)
    port, host = ports.public_port(), os.environ.get("HOST", "127.0.0.1")
    lock = only_one("demo", port)
    ports.require_free(port, host)
    debian.ensure(debian.SERVE)
    python_env.ensure(dev=False)
    assets.ensure_node()
    assets.ensure_built()
    assets.ensure_translations()
    stack = Stack("demo", host=host, port=port)
    stack.supervisor.on_signals()
    stack.supervisor.show = False  # until the address is there to be read: steps only
    try:
        stack.start_servers()
        _write_env(stack)
        assets.collect_static("demo", stack.environment())
        _prepare_data(stack)
        stack.start_processes()
        stack.supervisor.wait_until(stack.serves, what="Poruchi", seconds=90)
        _welcome(stack, watch)
        stack.start_later_ones()
        stack.supervisor.show = True
        stack.supervisor.run()
    except KeyboardInterrupt:
        pass
    finally:
        plain()
        note("Stopping. The data is kept: `make demo` goes on with it, `make reset` starts over.")
        stack.supervisor.stop()
        lock.close()


def only_one(stack: str, port: int | None = None) -> IO[str]:
    """A lock that the kernel gives back when this process ends, however it ends."""
    file = (places.LOCAL / f"{stack}.lock").open("a+", encoding="utf-8")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.seek(0)
        raise Stop(
            f"It already runs here: {file.read().strip() or 'in another terminal'}. Stop that one first (Ctrl-C there)."
        ) from None
    file.truncate(0)
    where = f" at http://127.0.0.1:{port}" if port else ""
    file.write(f"process {os.getpid()}{where}")
    file.flush()
    return file


def _write_env(stack: Stack) -> None:
    """So that `.local/venv/bin/python manage.py …` works in this folder while the demo runs."""
    file = places.LOCAL / "env"
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as lines:
        lines.writelines(f"{name}={value}\n" for name, value in stack.environment().items())


def _prepare_data(stack: Stack) -> None:
    migrations = stamps.fingerprint(
        [*sorted(p for app in ("marketplace", "tasks_app", "payments", "fraud") for p in (places.ROOT / app).rglob("migrations/*.py")),
         places.ROOT / "requirements" / "app.lock"]
    )  # fmt: skip
    done = stack.state / "migrated"
    if not (done.exists() and done.read_text() == migrations):
        step("Bringing the database up to date")
        stack.manage("migrate", "-v", "1", what="Bringing the database up to date", owner=True)
        done.write_text(migrations)
    loaded = stack.state / "loaded"
    if loaded.exists():
        return
    watch = Watch()
    step("Loading the demo world: cities, categories, people, tasks, deals")
    stack.manage("load_demo", what="Loading the demo world")
    loaded.write_text(time.strftime("%Y-%m-%d %H:%M:%S"))
    good(f"The demo world is loaded ({watch})")


def _welcome(stack: Stack, watch: Watch) -> None:
    plain()
    good(f"Poruchi is up at {stack.address}  ({watch})")
    plain(f"  Log in as anybody of the demo world with one click: {stack.address}/demo/")
    for line in _people(stack).strip().splitlines():
        plain(f"    {line}")
    plain(f"  API: {stack.address}/api/v1/openapi.json   Health: {stack.address}/healthz   Logs: {places.LOGS}")
    plain("  Ctrl-C stops everything and keeps the data.")
    plain()


def _people(stack: Stack) -> str:
    """Who one can log in as: asked once, and again when the list in the code has changed."""
    print_ = stamps.fingerprint([places.ROOT / "frontend" / "demo" / "cast.py"])
    kept = stack.state / "people"
    if kept.exists() and kept.read_text(encoding="utf-8").startswith(print_):
        return kept.read_text(encoding="utf-8").removeprefix(print_)
    listed = stack.manage("demo_people", what="Listing the demo people")
    kept.write_text(print_ + "\n" + listed, encoding="utf-8")
    return listed


def reset() -> None:
    """Throw the demo's data away; what was installed and built stays."""
    places.require_writable()
    lock = only_one("demo")
    lock.close()
    places.remove_state("demo")
    for step_name in ("static-demo",):
        stamps.forget(step_name)
    (places.LOCAL / "env").unlink(missing_ok=True)
    (places.LOCAL / "demo.lock").unlink(missing_ok=True)
    good("The demo's data is gone. `make demo` makes it anew.")
