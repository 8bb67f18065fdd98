"""One running Poruchi: its servers, its settings, its processes."""

import json
import os
import socket
import urllib.error
import urllib.request
from collections.abc import Mapping

from ops import places, proxy, shell
from ops.ports import Settings
from ops.postgres import APP, OWNER, Postgres
from ops.redis import Redis
from ops.supervisor import Child, Supervisor, python


class Stack:
    """`name` is "demo" or "test": each has a database, a Redis and files of its own."""

    def __init__(
        self, name: str, *, host: str = "127.0.0.1", port: int = 8000, database_options: Mapping[str, str] | None = None
    ) -> None:
        self.name = name
        self.host = host
        self.port = port
        self.state = places.state(name)
        self.settings = Settings.of(name)
        self.postgres = Postgres(name, self.settings, database_options)
        self.redis = Redis(name, self.settings)
        self.supervisor = Supervisor()

    @property
    def address(self) -> str:
        return f"http://{'127.0.0.1' if self.host in ('127.0.0.1', '0.0.0.0') else self.host}:{self.port}"

    def environment(self, *, owner: bool = False) -> dict[str, str]:
        """The settings of marketplace/settings.py for this stack; `owner` connects as the one who may migrate."""
        open_to_all = self.host == "0.0.0.0"
        return {
            "DEBUG": "0",
            "DEMO": "1" if self.name == "demo" else "0",
            "DEMO_CLOCK_FILE": str(self.state / "clock"),
            "SECRET_KEY": self.settings.secret("secret_key"),
            "DATABASE_URL": self.postgres.url(OWNER if owner else APP),
            "REDIS_URL": self.redis.url(),
            "SITE_URL": self.address,
            "ALLOWED_HOSTS": "*" if open_to_all else f"127.0.0.1,localhost,testserver,{socket.gethostname()}",
            "STATIC_ROOT": str(self.state / "static"),
            "MEDIA_ROOT": str(self.state / "media"),
            "PRIVATE_ROOT": str(self.state / "private"),
            "EMAIL_FILE_PATH": str(self.state / "outbox"),
            "BEHIND_PROXY": "0",
            "LIVE_HEALTH_URL": f"http://127.0.0.1:{self.settings.ports['live']}/healthz",
            **self._card_payments(),
        }

    @property
    def simulates_stripe(self) -> bool:
        """The demo pays into the local simulator, unless somebody's own Stripe keys are in the environment."""
        return self.name == "demo" and not os.environ.get("STRIPE_SECRET_KEY")

    def _card_payments(self) -> dict[str, str]:
        if self.name != "demo":  # nor those that the demo has left in .local/env
            return dict.fromkeys(("STRIPE_SECRET_KEY", "STRIPE_API_BASE", "STRIPE_WEBHOOK_SECRET"), "")
        if not self.simulates_stripe:
            return {}
        return {
            "STRIPE_SECRET_KEY": f"sk_test_{self.settings.secret('stripe_key')}",
            "STRIPE_API_BASE": f"http://127.0.0.1:{self.settings.ports['stripe']}",
            "STRIPE_WEBHOOK_SECRET": f"whsec_{self.settings.secret('stripe_webhook')}",
        }

    def _stripe(self, environment: Mapping[str, str]) -> Child:
        """The simulator: money is available and payouts arrive soon, so that one sees it happen."""
        command = python(
            "manage.py", "stripe_simulator", "--port", str(self.settings.ports["stripe"]), "--store", str(self.state / "stripe.sqlite3"),
            "--secret-key", environment["STRIPE_SECRET_KEY"], "--base", f"{self.address}/stripe",
            "--webhook", f"http://127.0.0.1:{self.port}/webhooks/stripe/", "--webhook-secret", environment["STRIPE_WEBHOOK_SECRET"],
            "--set", "settle_after=0", "--set", "arrives_after=60", "--set", f"site={self.address}/wallet/subscriptions/?from=bill",
        )  # fmt: skip
        return Child("stripe", command, dict(environment), quiet=True)

    def start_servers(self) -> None:
        self.settings.choose_ports()
        self.postgres.ensure_cluster()
        database = self.supervisor.start(self.postgres.child())
        cache = self.supervisor.start(self.redis.child())
        self.supervisor.wait_until(self.postgres.answers, what="The private PostgreSQL", child=database)
        self.supervisor.wait_until(self.redis.answers, what="The private Redis", child=cache, seconds=20)
        self.postgres.furnish()

    def manage(self, *arguments: str, what: str, owner: bool = False) -> str:
        return shell.run(
            [places.PYTHON, "manage.py", *arguments], what=what, env=self.environment(owner=owner), log="manage"
        )

    def start_processes(self) -> None:
        """What a person meets: pages, sockets, jobs, payments, one address for all."""
        environment = self._environment_of_processes()
        web, live = self.settings.ports["web"], self.settings.ports["live"]
        for child in (
            Child("web", python("-m", "gunicorn", "marketplace.wsgi:application", "--bind", f"127.0.0.1:{web}", "--worker-class", "gthread",
                                "--workers", "2", "--threads", "4", "--keep-alive", "30", "--graceful-timeout", "5", "--max-requests", "20000",
                                "--max-requests-jitter", "2000", "--log-level", "warning", "--worker-tmp-dir", "/dev/shm"), environment),
            Child("live", python("-m", "uvicorn", "marketplace.asgi:application", "--host", "127.0.0.1", "--port", str(live),
                                 "--log-level", "warning", "--lifespan", "off"), environment),
            Child("worker", python("-m", "celery", "-q", "-A", "marketplace.celery", "worker", "-Q", "celery", "--concurrency", "2",
                                   "--loglevel", "WARNING", "--without-gossip", "--without-mingle"), environment, patience=20),
        ):  # fmt: skip
            self.supervisor.start(child)
        if self.simulates_stripe:
            self.supervisor.start(self._stripe(environment))
        self.supervisor.start(proxy.child(self.name, self.settings, host=self.host, port=self.port))

    def start_later_ones(self) -> None:
        """What nobody waits for: it would only take the processor from the pages while they start."""
        environment = self._environment_of_processes()
        for child in (
            Child("beat", python("-m", "celery", "-q", "-A", "marketplace.celery", "beat", "--loglevel", "WARNING",
                                 "--schedule", str(self.state / "beat")), environment),
            # Two threads of one process: it waits for the processor more than it works.
            Child("money", python("-m", "celery", "-q", "-A", "marketplace.celery", "worker", "-Q", "money", "--pool", "threads",
                                  "--concurrency", "2", "--hostname", "money@%h", "--loglevel", "WARNING",
                                  "--without-gossip", "--without-mingle"), environment, patience=20),
            Child("trainer", ["nice", "-n", "10", *python("-m", "celery", "-q", "-A", "marketplace.celery", "worker", "-Q", "training",
                                                          "--concurrency", "1", "--max-tasks-per-child", "1", "--hostname", "trainer@%h",
                                                          "--loglevel", "WARNING", "--without-gossip", "--without-mingle")], environment, patience=20),
        ):  # fmt: skip
            self.supervisor.start(child)

    def _environment_of_processes(self) -> dict[str, str]:
        """Celery warns of running as root; on a machine of one's own that is what root asked for."""
        return {"PYTHONWARNINGS": "ignore:You're running the worker", **self.environment()}

    def serves(self) -> bool:
        """Whether everything that a person meets is up."""
        return all(up for part, up in self.health()[1].items() if part not in ("money", "trainer"))

    def health(self) -> tuple[bool, dict[str, object]]:
        """All up? And what each part answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5) as answer:
                return answer.status == 200, json.load(answer)
        except urllib.error.HTTPError as error:
            try:
                return False, json.loads(error.read())
            except ValueError:
                return False, {"web": False}
        except (OSError, ValueError):
            return False, {"web": False}
