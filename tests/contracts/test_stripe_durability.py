"""Killed with SIGKILL at any write, over and over: nothing that was answered is lost, nothing is half done, nothing is done twice."""

import json
import random
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
import stripe

from tests.simulator import Simulator

ROOT = Path(__file__).resolve().parents[2]
PAY: Any = {
    "amount": 150000,
    "currency": "rub",
    "confirm": True,
    "payment_method": "pm_card_visa",
    "return_url": "https://site.test/",
}
RUNS = 10


class Storm:
    """Payments and partial refunds from several threads, each under its own key, repeated until the server has answered."""

    def __init__(self, room: Path, guard: str) -> None:
        self.file, self.guard = room / "store.sqlite3", guard
        self.port = free_port()
        self.simulator = Simulator(f"http://127.0.0.1:{self.port}")
        self.answered: dict[str, str] = {}
        self.owed: list[str] = []
        self.next = 0
        self.lock = threading.Lock()
        self.kills = 0

    def run(self, writes: int, seconds: float) -> None:
        """One life of the server: until it kills itself at that write (0: it lives, and all that is owed gets done)."""
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "tests.contracts.stripe_process",
                str(self.file),
                str(self.port),
                str(writes),
                self.guard,
            ],
            cwd=ROOT,
        )
        stop = threading.Event()
        threads = [threading.Thread(target=self.work, args=(number, stop)) for number in range(3)]
        try:
            self.wait_for_port(process)
            for thread in threads:
                thread.start()
            process.wait(timeout=seconds) if writes else time.sleep(seconds)
            self.kills += process.poll() is not None
        finally:
            stop.set()
            for thread in threads:
                if thread.ident:
                    thread.join()
            process.kill()
            process.wait()

    def wait_for_port(self, process: "subprocess.Popen[bytes]") -> None:
        while process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.02)

    def work(self, number: int, stop: threading.Event) -> None:
        client = self.simulator.client()
        while not stop.is_set():
            name = self.take()
            while not self.operate(client, name):
                if stop.is_set():
                    self.owed.append(name)
                    break
                time.sleep(0.02)

    def take(self) -> str:
        """What an earlier life of the server left unanswered comes first, under its old key."""
        with self.lock:
            if self.owed:
                return self.owed.pop()
            self.next += 1
            return str(self.next)

    def operate(self, client: stripe.StripeClient, name: str) -> bool:
        try:
            if f"pay-{name}" not in self.answered:
                self.answered[f"pay-{name}"] = client.v1.payment_intents.create(
                    PAY, {"idempotency_key": f"pay-{name}"}
                ).id
            params: Any = {"payment_intent": self.answered[f"pay-{name}"], "amount": 1000}
            self.answered[f"refund-{name}"] = client.v1.refunds.create(params, {"idempotency_key": f"refund-{name}"}).id
        except stripe.StripeError:
            return False
        return True

    def documents(self) -> dict[str, list[dict[str, Any]]]:
        with sqlite3.connect(self.file) as sql:
            found: dict[str, list[dict[str, Any]]] = {}
            for kind, doc in sql.execute("SELECT kind, doc FROM objects"):
                found.setdefault(kind, []).append(json.loads(doc))
            found["funds"] = [{"id": row[0], "net": row[1]} for row in sql.execute("SELECT id, net FROM funds")]
            found["answers"] = [
                {"key": row[0], "body": json.loads(row[1])} for row in sql.execute("SELECT key, body FROM answers")
            ]
        return found

    def damage(self) -> list[str]:
        """Everything that is wrong with the store, in words."""
        found = self.documents()
        ids = {doc["id"] for docs in found.values() for doc in docs if "id" in doc}
        wrong = [f"lost: {key}" for key, id in self.answered.items() if id not in ids]
        kept = {row["body"].get("id") for row in found["answers"]}
        made = {doc["id"] for kind in ("payment_intent", "refund") for doc in found.get(kind, [])}
        wrong += [f"done, but no answer kept: {id}" for id in made - kept]
        told = {(event["type"], event["data"]["object"]["id"]) for event in found.get("event", [])}
        keys = [
            event["request"]["idempotency_key"]
            for event in found.get("event", [])
            if event["type"] in ("payment_intent.created", "refund.created")
        ]
        wrong += [f"done twice: {key}" for key in set(keys) if keys.count(key) > 1]
        booked = {doc["source"]: doc for doc in found.get("balance_transaction", [])}
        wrong += [
            f"booked without funds: {doc['id']}"
            for doc in booked.values()
            if doc["id"] not in {row["id"] for row in found["funds"]}
        ]
        refunded: dict[str, int] = {}
        for refund in found.get("refund", []):
            refunded[refund["charge"]] = refunded.get(refund["charge"], 0) + refund["amount"]
            wrong += [] if ("refund.created", refund["id"]) in told else [f"untold: {refund['id']}"]
        for charge in found.get("charge", []):
            wrong += [] if charge["id"] in booked else [f"not booked: {charge['id']}"]
            wrong += [] if ("charge.succeeded", charge["id"]) in told else [f"untold: {charge['id']}"]
            wrong += (
                []
                if charge["amount_refunded"] == refunded.get(charge["id"], 0)
                else [f"refunds do not add up: {charge['id']}"]
            )
        for intent in found.get("payment_intent", []):
            wrong += [] if intent["status"] == "succeeded" else [f"half done: {intent['id']}"]
            wrong += [] if ("payment_intent.succeeded", intent["id"]) in told else [f"untold: {intent['id']}"]
        return wrong


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def storm(room: Path, guard: str, runs: int) -> Storm:
    dice = random.Random(guard)
    made = Storm(room, guard)
    for _ in range(runs):
        made.run(dice.randint(5, 400), seconds=20)
    return made


@pytest.mark.slow
def test_a_kill_at_any_write_loses_nothing_and_leaves_nothing_half_done(tmp_path: Path) -> None:
    killed = storm(tmp_path, "on", RUNS)
    assert killed.kills == RUNS
    killed.run(0, seconds=2)
    assert killed.owed == [], "everything that was asked for is answered in the end"
    assert killed.damage() == []
    assert len(killed.answered) > RUNS


@pytest.mark.slow
def test_without_transactions_the_same_kills_do_damage(tmp_path: Path) -> None:
    """The control: the check is able to see what the transactions prevent."""
    killed = storm(tmp_path, "off", 4)
    assert killed.kills == 4
    assert killed.damage() != []
