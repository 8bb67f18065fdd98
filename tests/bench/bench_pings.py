"""Pings end to end (HTTP batches of ten, durable) beside COPY into the same partitioned table.

The server is gunicorn as in production, on a socket of its own; the client keeps a few connections busy with requests that
were written beforehand. BENCH_PINGS_BATCHES=10000 sends more.
"""

import io
import json
import os
import selectors
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from marketplace.accounts.models import User
from tasks_app.tracking import consent
from tasks_app.tracking.keys import make_key
from tasks_app.tracking.models import Ping, Shift
from tasks_app.tracking.partitions import make_partitions_ahead
from tests.bench.results import Figures

ROOT = Path(__file__).resolve().parents[2]
BATCHES = int(os.environ.get("BENCH_PINGS_BATCHES", "6000"))
POINTS = 10
DEVICES = 300
CONNECTIONS = 8
DEVICE = "bench-device"


@pytest.mark.django_db(transaction=True)
def test_pings_beside_copy() -> None:
    figures = Figures("pings")
    make_partitions_ahead()
    Ping.objects.all().delete()
    requests = _requests(_shifts())
    with _server() as port:
        _send(port, requests[:200])  # connections and caches are warm
        Ping.objects.all().delete()
        copied = _copy(BATCHES * POINTS)
        before = _server_cpu(port)
        seconds = _send(port, requests[200:])
        cpu = _server_cpu(port) - before
        stored = Ping.objects.filter(executor_id__gt=0).count() - BATCHES * POINTS
        copied = max(copied, _copy(BATCHES * POINTS))
        Ping.objects.all().delete()
    rows = len(requests[200:]) * POINTS
    assert stored == rows, "every row that was answered is in the table"
    figures.add("pings-http-rows-per-second", value=rows / seconds, unit="rows/s", bar=">= 15000", note=_durability())
    figures.add(
        "pings-copy-rows-per-second", value=copied, unit="rows/s", note="COPY by 5,000, the same table and indexes"
    )
    figures.add("pings-http-over-copy", value=rows / seconds / copied, yardstick=1, unit="ratio", bar=">= 0.15")
    figures.add("pings-web-cpu-per-batch", value=cpu / len(requests[200:]) * 1000, unit="ms", note="of the web workers")
    figures.write()
    assert not figures.missed, figures.missed


def _shifts() -> list[str]:
    """Keys of open shifts, one a person."""
    now = datetime.now(UTC)
    people = User.objects.bulk_create(User(name="bench", phone=f"+7995{n:07d}") for n in range(DEVICES))
    Shift.objects.bulk_create(
        Shift(
            executor=person, device_id=DEVICE, consent_version=consent.VERSION,
            started_at=now - timedelta(hours=6), ends_by=now + timedelta(hours=6),
        )
        for person in people
    )  # fmt: skip
    return [make_key(executor_id=person.pk, device_id=DEVICE) for person in people]


def _requests(keys: list[str]) -> list[bytes]:
    now = datetime.now(UTC) - timedelta(minutes=1)
    made = []
    for number in range(BATCHES + 200):
        points = [
            {
                "id": str(uuid4()), "at": (now - timedelta(seconds=number * 2 + n)).isoformat(), "lon": 37.6 + n / 1e4,
                "lat": 55.75, "accuracy": 15.5, "source": "gps",
            }
            for n in range(POINTS)
        ]  # fmt: skip
        body = json.dumps({"sent_at": datetime.now(UTC).isoformat(), "points": points}).encode()
        head = (
            f"POST /api/v1/pings HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Ping {keys[number % DEVICES]}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        made.append(head.encode() + body)
    return made


@contextmanager
def _server() -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    database = connection.settings_dict
    address = (
        f"postgis://{database['USER']}:{database['PASSWORD']}@{database['HOST']}:{database['PORT']}/{database['NAME']}"
    )
    environment = {
        **os.environ,
        "DATABASE_URL": address,
        "DEBUG": "0",
        "SECRET_KEY": _secret(),
        "STATIC_ROOT": "/nowhere",
    }
    arguments = [
        sys.executable, "-m", "gunicorn", "marketplace.wsgi:application", "--bind", f"127.0.0.1:{port}", "--workers", "2",
        "--worker-class", "gthread", "--threads", "4", "--keep-alive", "30", "--log-level", "error",
    ]  # fmt: skip
    server = subprocess.Popen(arguments, cwd=ROOT, env=environment)
    try:
        _wait(port)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=20)


def _secret() -> str:
    from django.conf import settings

    return str(settings.SECRET_KEY)


def _wait(port: int) -> None:
    for _try in range(600):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("gunicorn did not start")


def _send(port: int, requests: list[bytes]) -> float:
    """Seconds until every request is answered with 200."""
    waiting = iter(requests)
    poll = selectors.DefaultSelector()
    started = time.perf_counter()
    for _number in range(CONNECTIONS):
        line = socket.create_connection(("127.0.0.1", port))
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        line.sendall(next(waiting))
        poll.register(line, selectors.EVENT_READ)
    answered, parts = 0, dict[Any, bytes]()
    while answered < len(requests):
        for key, _events in poll.select(timeout=30):
            line: Any = key.fileobj
            parts[line] = answer = parts.get(line, b"") + line.recv(4096)
            if not answer.endswith(b"}"):  # the head comes before the body
                continue
            assert answer.startswith(b"HTTP/1.1 200"), answer[:300]
            answered, parts[line] = answered + 1, b""
            following = next(waiting, None)
            if following is not None:
                line.sendall(following)
            else:
                poll.unregister(line)
                line.close()
    return time.perf_counter() - started


def _copy(rows: int) -> float:
    """Rows a second of COPY by 5,000 into the same table; the rows stay."""
    now = datetime.now(UTC)
    executor = User.objects.values_list("pk", flat=True)[0]
    parts = []
    for start in range(0, rows, 5000):
        lines = (
            f"{executor}\t{uuid4()}\t{now:%Y-%m-%d}\t{now - timedelta(seconds=start + n)}\t{now}\t37.6\t55.75\t15.5\t0\t1\n"
            for n in range(min(5000, rows - start))
        )
        parts.append("".join(lines))
    started = time.perf_counter()
    for part in parts:
        with connection.cursor() as cursor:
            cursor.copy_expert("COPY tasks_app_ping FROM STDIN", io.StringIO(part))
    seconds = time.perf_counter() - started
    Ping.objects.filter(executor_id=executor, received_at=now).update(executor_id=-uuid4().int % 1_000_000_000)
    return rows / seconds


def _server_cpu(port: int) -> float:
    """CPU seconds that the workers of the server on the port have used."""
    ticks = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes()
            if b"gunicorn" in command and f"127.0.0.1:{port}".encode() in command:
                values = (folder / "stat").read_text().rsplit(")", 1)[1].split()
                ticks += int(values[11]) + int(values[12])
        except OSError:  # ended meanwhile
            continue
    return ticks / os.sysconf("SC_CLK_TCK")


def _durability() -> str:
    values = []
    with connection.cursor() as cursor:
        for name in ("fsync", "synchronous_commit"):
            cursor.execute(f"SHOW {name}")
            values.append(f"{name} {cursor.fetchone()[0]}")
    return ", ".join(values)
