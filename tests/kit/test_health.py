"""/healthz names every part of the site that does not answer."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from celery.utils.timer2 import Timer
from celery.worker.heartbeat import Heart
from django.core.cache import cache
from django.test import Client

from marketplace.celery import app
from marketplace.kit import heartbeat
from ops import places
from ops.stack import Stack
from ops.supervisor import Child

pytestmark = pytest.mark.django_db


class Live(BaseHTTPRequestHandler):
    """Stands for the live process, which answers 200."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        return


@pytest.fixture(autouse=True)
def live_process(settings: Any) -> Iterator[None]:
    server = HTTPServer(("127.0.0.1", 0), Live)
    Thread(target=server.serve_forever, daemon=True).start()
    settings.LIVE_HEALTH_URL = f"http://127.0.0.1:{server.server_port}/healthz"
    keys = [heartbeat.KEY, heartbeat.MONEY_KEY, heartbeat.TRAINER_KEY]
    cache.delete_many(keys)
    heartbeat._told.clear()
    yield
    cache.delete_many(keys)
    server.shutdown()
    server.server_close()


def beats(hostname: str) -> None:
    """A process of that name tells Celery that it lives, by Celery's own clockwork."""
    with app.connection_for_write() as connection:
        told = app.events.Dispatcher(connection, hostname=hostname, enabled=False)
        Heart(Timer(), told)._send("worker-heartbeat")


def down(client: Client) -> set[str]:
    answer = client.get("/healthz")
    parts = {name for name, up in answer.json().items() if not up}
    assert answer.status_code == (503 if parts else 200)
    return parts


def test_a_site_with_all_its_processes_is_well(client: Client) -> None:
    heartbeat.heartbeat()
    heartbeat.money_heartbeat()
    beats("trainer@here")
    assert down(client) == set()


def test_a_trainer_that_is_gone_is_named(client: Client) -> None:
    heartbeat.heartbeat()
    heartbeat.money_heartbeat()
    assert down(client) == {"trainer"}


def test_a_worker_that_is_gone_is_named_though_the_trainer_lives(client: Client) -> None:
    beats("trainer@here")
    assert down(client) == {"worker", "money"}


def test_the_worker_speaks_for_itself_alone(client: Client) -> None:
    beats("celery@here")
    assert down(client) == {"worker", "money", "trainer"}


def test_the_worker_of_money_starts_for_itself_alone(client: Client) -> None:
    class Ready:
        hostname = "money@here"

    heartbeat.first_heartbeat(sender=Ready())
    assert down(client) == {"worker", "trainer"}


def test_a_trainer_that_starts_does_not_count_as_a_worker(client: Client) -> None:
    class Ready:
        hostname = "trainer@here"

    heartbeat.first_heartbeat(sender=Ready())
    assert down(client) == {"worker", "money", "trainer"}


def test_the_stack_calls_its_trainer_by_the_name_that_is_watched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "state", lambda name: tmp_path)
    stack, started = Stack("demo"), []
    stack.settings.choose_ports()
    monkeypatch.setattr(stack.supervisor, "start", started.append)
    stack.start_processes()
    assert "trainer" not in {child.name for child in started}  # nobody waits for it
    stack.start_later_ones()
    trainer = next(child for child in started if child.name == "trainer")
    assert any(word.startswith(heartbeat.TRAINER) for word in trainer.command)
    money = next(child for child in started if child.name == "money")
    assert any(word.startswith(heartbeat.MONEY) for word in money.command)
    assert _queue_of(money) == "money"
    assert _queue_of(next(child for child in started if child.name == "worker")) == "celery"


def _queue_of(child: Child) -> str:
    return child.command[child.command.index("-Q") + 1]
