"""The site's five kinds of processes, real and private to the soak, and somebody who kills them with -9."""

import os
import random
import signal
import time
import urllib.request
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from ops import places
from ops.ports import any_free
from ops.postgres import OWNER
from ops.stack import Stack
from ops.supervisor import Child, python
from tests.simulator import Simulator
from tests.soak.nursery import Nursery
from tests.soak.schema import kept_schema, write_schema

KEY, SECRET = "sk_test_simulator", "whsec_soak"
KINDS = ("web", "worker", "postgres", "redis", "simulator")


# A killed process leaves what it wrote to the system, so that only a lost machine needs the disk: the short form does without.
WITHOUT_DISK = {"fsync": "off", "full_page_writes": "off"}


class CrashStack(Stack):
    """PostgreSQL, Redis, the simulator, web, worker and beat, each on a port of its own under .local/soak.

    `schema`: a file of SQL that makes the tables, and a server in a hurry; else they are those of the last soak, or the
    migrations run.
    """

    def __init__(self, *, settings_module: str = "tests.soak.settings", schema: Path | None = None) -> None:
        options = {"max_connections": "80", **(WITHOUT_DISK if schema else {})}
        super().__init__("soak", database_options=options)
        self.supervisor = self.nursery = Nursery()
        self._settings_module, self._schema = settings_module, schema
        self.by_kind: dict[str, list[Child]] = {}

    def start(self) -> None:
        places.remove_state("soak")
        self.state = places.state("soak")
        self.settings.file.parent.mkdir(parents=True, exist_ok=True)
        self.settings.choose_ports()
        self.settings.ports["simulator"] = any_free(set(self.settings.ports.values()))
        self.nursery.open(self.environment())
        self.start_servers()
        postgres, redis = self.supervisor.children
        self._make_tables()
        simulator = self._launch("simulator", self._simulator())
        web, worker, beat = (self._launch(name, command) for name, command in self._site().items())
        self.by_kind = {
            "web": [web],
            "worker": [worker, beat],
            "postgres": [postgres],
            "redis": [redis],
            "simulator": [simulator],
        }
        self.wait_for("simulator")
        self.wait_for("web")

    def _make_tables(self) -> None:
        known = self._schema or kept_schema()
        if known.exists():
            self.postgres.sql(f"SET ROLE {OWNER};\n{known.read_text()}", database="poruchi")
            return
        self.manage("migrate", "-v", "0", what="Making the soak's database", owner=True)
        write_schema(known, self.postgres.url(OWNER))

    def stop(self) -> None:
        self.supervisor.stop()

    def environment(self, *, owner: bool = False) -> dict[str, str]:
        ports = self.settings.ports
        return {
            **super().environment(owner=owner),
            "DJANGO_SETTINGS_MODULE": self._settings_module,
            "STRIPE_SECRET_KEY": KEY,
            "STRIPE_API_BASE": self.simulator_address,
            "STRIPE_WEBHOOK_SECRET": SECRET,
            "SITE_URL": f"http://127.0.0.1:{ports.get('web', 0)}",
            "PYTHONWARNINGS": "ignore",
            "LANGUAGE_CODE": "en",
        }

    @property
    def simulator_address(self) -> str:
        return f"http://127.0.0.1:{self.settings.ports.get('simulator', 0)}"

    def run_python(self, *arguments: str, what: str) -> None:
        """A module of the soak: it makes and reads rows, it is not part of the site."""
        if self.nursery.run_module(*arguments, log="soak") != 0:
            raise RuntimeError(f"{what} failed; see {places.LOGS / 'soak.log'}")

    def query(self, text: str) -> str:
        return (self.postgres.sql(text, database="poruchi", check=False) or "").strip()

    def knows_what_happened(self) -> bool:
        """Are the renewals and payouts that the processor made by itself known to the site?"""
        there = Simulator(self.simulator_address).dump()
        bills = {row["id"] for row in there["invoice"] if row["status"] == "paid" and row["amount_paid"]}
        payouts = {f"{row['id']} {row['status']}" for row in there["payout"]}
        shown = self.query("SELECT invoice_id FROM payments_subscriptionpayment")
        shown += "\n" + self.query("SELECT processor_id || ' ' || status FROM payments_payout")
        return (bills | payouts) <= set(shown.splitlines())

    def is_up(self, kind: str) -> bool:
        checks: dict[str, Callable[[], bool]] = {
            "postgres": self.postgres.answers,
            "redis": self.redis.answers,
            "simulator": lambda: _answers(f"{self.simulator_address}/_control/health"),
            "web": lambda: _answers(f"http://127.0.0.1:{self.settings.ports['web']}/api/v1/cities"),
            "worker": lambda: all(child.alive for child in self.by_kind["worker"]),
        }
        return checks[kind]()

    def crash(self, kind: str, *, one_child: bool, outage: float) -> None:
        """Kill -9: everything of this kind, or one child process of a server whose master starts another."""
        if one_child and (victim := _a_child(self.by_kind[kind][0])):
            os.kill(victim, signal.SIGKILL)
            return
        for child in self.by_kind[kind]:
            _kill_whole(child)
        time.sleep(outage)
        for child in self.by_kind[kind]:
            self.supervisor._launch(child)
        self.wait_for(kind)

    def tend(self) -> None:
        """Start again whoever could not start because another was down just then."""
        for children in self.by_kind.values():
            for child in children:
                if not child.alive:
                    self.supervisor._launch(child)

    def wait_for(self, kind: str, *, seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while not self.is_up(kind):
            if time.monotonic() > deadline:
                raise TimeoutError(f"{kind} did not come back; see {places.LOGS}")
            time.sleep(0.2)
            self.tend()

    def _launch(self, name: str, command: list[str]) -> Child:
        return self.supervisor.start(Child(f"soak-{name}", command, self.environment(), patience=5, quiet=True))

    def _simulator(self) -> list[str]:
        hears = f"http://127.0.0.1:{self.settings.ports['web']}/webhooks/stripe/"
        return python(
            "manage.py", "stripe_simulator", "--port", str(self.settings.ports["simulator"]),
            "--store", str(self.state / "simulator.sqlite3"), "--set", "settle_after=0",
            "--set", "checked_after=0", "--set", "arrives_after=5", "--set", "retry_pace=0.3",
            "--webhook", hears, "--webhook-secret", SECRET,
        )  # fmt: skip

    def _site(self) -> dict[str, list[str]]:
        web = f"127.0.0.1:{self.settings.ports['web']}"
        return {
            "web": python("-m", "gunicorn", "marketplace.wsgi:application", "--bind", web, "--worker-class", "gthread", "--workers", "2",
                          "--threads", "4", "--preload", "--log-level", "error", "--worker-tmp-dir", "/dev/shm"),
            "worker": python("-m", "celery", "-q", "-A", "marketplace.celery", "worker", "--concurrency", "2", "--loglevel", "ERROR",
                             "--without-gossip", "--without-mingle"),
            "beat": python("-m", "celery", "-q", "-A", "marketplace.celery", "beat", "--loglevel", "ERROR",
                           "--schedule", str(self.state / "beat")),
        }  # fmt: skip


class Killer:
    """Kills one kind after another, in an order shuffled anew for every round.

    It works in the caller's thread: Linux ends a process whose starter asked for it when the starting *thread* ends.
    """

    def __init__(self, stack: CrashStack, *, seed: int, pause: tuple[float, float] = (0.2, 1.0)) -> None:
        self.kills: Counter[str] = Counter()
        self.whole: Counter[str] = Counter()
        self._stack, self._chance, self._pause = stack, random.Random(seed), pause
        self._round: list[str] = []
        self._last = time.monotonic()

    @property
    def rested(self) -> float:
        """Seconds since the last kill."""
        return time.monotonic() - self._last

    def strike(self) -> None:
        """Wait a little, then kill the next one and start it again."""
        self._round = self._round or self._chance.sample(KINDS, len(KINDS))
        kind = self._round.pop()
        time.sleep(self._chance.uniform(*self._pause))
        one_child = kind in ("web", "worker", "postgres") and self._chance.random() < 0.6
        self._stack.crash(kind, one_child=one_child, outage=self._chance.uniform(0, 0.6))
        self.kills[kind] += 1
        self.whole[kind] += not one_child
        self._last = time.monotonic()


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            return bool(answer.status == 200)
    except (OSError, ValueError):
        return False


def _kill_whole(child: Child) -> None:
    process = child.process
    if process is None or process.poll() is not None:
        return
    for pid in (*_children_of(process.pid), process.pid):
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
    process.wait()


def _a_child(child: Child) -> int | None:
    found = _children_of(child.process.pid) if child.process is not None else []
    return random.choice(found) if found else None


def _children_of(pid: int) -> list[int]:
    """The processes that this one started, by the kernel's word."""
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except OSError:
        return []
    return [int(word) for word in text.split()]
