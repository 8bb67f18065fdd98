"""A running Stripe simulator for tests: the real server, in a thread of its own, with its own store and port.

    def test_something(stripe_simulator: Simulator) -> None:
        stripe_simulator.fault("drop_after", path="/v1/refunds")
        ...
        stripe_simulator.advance(days=2)
        assert len(stripe_simulator.dump()["refund"]) == 1

The fixture of that name (tests/conftest.py) forgets everything before each test.
"""

import http.client
import json
import threading
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import stripe

from payments.simulator.serving import DEFAULT_KEY, build, listen
from payments.simulator.store import Store

WEBHOOK_SECRET = "whsec_simulator"


class Simulator:
    """The server's address, its control API, and a person's hands for its pages."""

    key = DEFAULT_KEY

    def __init__(self, base: str) -> None:
        self.base = base

    def client(self, **options: Any) -> stripe.StripeClient:
        """The official client, pointed here."""
        addresses: Any = {"api": self.base, "files": self.base, "connect": self.base, "meter_events": self.base}
        return stripe.StripeClient(
            self.key, base_addresses=addresses, max_network_retries=options.pop("max_network_retries", 0), **options
        )

    def control(self, method: str, verb: str, /, **body: Any) -> dict[str, Any]:
        status, _, text = self.request(method, f"/_control/{verb}", json.dumps(body) if method == "POST" else None)
        answer: dict[str, Any] = json.loads(text)
        assert status == 200, answer
        return answer

    def reset(self, **settings: Any) -> None:
        """Forget everything; settings (`settle_after=0`, `fee_share=0`, …) hold until the next reset."""
        self.control("POST", "reset", **settings)

    def settings(self, **settings: Any) -> None:
        self.control("POST", "settings", **settings)

    def fault(self, mode: str, **where: Any) -> None:
        """`mode` of payments/simulator/faults.py; `method`, `path` (or `types` of events) with `*`; `count`, `probability`, `seed`…"""
        self.control("POST", "faults", mode=mode, **where)

    def clear_faults(self) -> None:
        self.control("DELETE", "faults")

    def advance(self, *, seconds: float = 0, hours: float = 0, days: float = 0) -> None:
        self.control("POST", "advance", seconds=seconds + 3600 * hours + 86400 * days)

    def dump(self) -> dict[str, Any]:
        """Every charge, refund, transfer… with metadata and the idempotency key that made it; balances; deliveries."""
        return self.control("GET", "dump")

    def events(self, *types: str) -> list[dict[str, Any]]:
        """What has happened, oldest first."""
        found: list[dict[str, Any]] = self.control("GET", "events")["events"]
        return [event for event in found if not types or event["type"] in types]

    def webhook(self, url: str, secret: str = WEBHOOK_SECRET) -> None:
        """Deliver every event to this address, signed, with retries."""
        self.control("POST", "webhook", url=url, secret=secret)

    def signed(self, event: dict[str, Any], secret: str = WEBHOOK_SECRET) -> tuple[str, dict[str, str]]:
        """An event as it would be delivered now: its body and headers, for tests that post it themselves."""
        body = json.dumps(event, ensure_ascii=False)
        return body, self.control("POST", "sign", body=body, secret=secret)

    def restrict(self, account: str, reason: str | None = "document") -> None:
        """Stop a connected account: "document" asks for one, another word is Stripe's reason; None lets it work again."""
        self.control("POST", "account", id=account, reason=reason)

    def dispute(self, charge: str, reason: str = "fraudulent") -> str:
        """The cardholder's bank takes a charge back; the dispute's id."""
        return str(self.control("POST", "dispute", charge=charge, reason=reason)["id"])

    def decide(self, dispute: str, *, won: bool) -> None:
        self.control("POST", "dispute", id=dispute, won=won)

    def fail_payout(self, payout: str, code: str = "could_not_process") -> None:
        self.control("POST", "payout", id=payout, code=code)

    def onboard(self, link: str, **form: str) -> str:
        """Fill in the onboarding page of an account link and wait for the check to pass; where it leads back to."""
        fields = {
            "first_name": "Иван",
            "last_name": "Петров",
            "birth": "1990-05-17",
            "phone": "+79991234567",
            "work": "Ремонт",
            "bank": "000123456789",
            "do": "submit",
        }
        location = self.visit(link, **(fields | form))[1]
        self.advance(seconds=5)
        return location

    def request(
        self, method: str, path: str, body: str | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, dict[str, str], str]:
        parts = urlsplit(self.base)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
        try:
            connection.request(method, path, body, headers or {})
            response = connection.getresponse()
            return response.status, {k.lower(): v for k, v in response.getheaders()}, response.read().decode()
        finally:
            connection.close()

    def visit(self, address: str, **form: str) -> tuple[int, str, str]:
        """Open one of the simulator's pages, or send its form: (status, where it redirects to, text)."""
        path = urlsplit(address).path
        status, headers, text = self.request("POST" if form else "GET", path, urlencode(form) if form else None)
        return status, headers.get("location", ""), text

    def pay(self, page: str, number: str = "4242424242424242", *, confirm: bool = True, **form: str) -> str:
        """Fill in the hosted page with a card, pass (or fail) 3-D Secure if asked; the address it leads back to, "" when it stays."""
        fields = {
            "number": number,
            "expiry": "12/34",
            "cvc": "123",
            "holder": "IVAN PETROV",
            "card": "new",
            "do": "pay",
        }
        _, location, _ = self.visit(page, **(fields | form))
        if "/authenticate/" in location:
            location = self.authenticate(location, confirm=confirm)
        return "" if location.startswith(f"{self.base}/c/pay/") else location

    def authenticate(self, address: str, *, confirm: bool = True) -> str:
        """Answer the bank's 3-D Secure page; where it leads."""
        return self.visit(address, do="yes" if confirm else "no")[1]


class RunningSimulator(Simulator):
    """The server in a thread; `close` stops it."""

    def __init__(self, store: Path) -> None:
        self._store = Store(store, durable=False)
        listener = listen("127.0.0.1", 0)
        super().__init__(f"http://127.0.0.1:{listener.getsockname()[1]}")
        self._server = build(self._store, listener)
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [listener]}, name="stripe-simulator", daemon=True
        )
        self._thread.start()
        while not self._server.started:
            time.sleep(0.005)

    def close(self) -> None:
        self._server.should_exit = True
        self._thread.join(timeout=10)
        self._store.close()
