"""From a request to an answer: key, route, parameters, idempotency, one transaction."""

import importlib
import json
import logging
import pkgutil
import time
from dataclasses import dataclass, field
from typing import Any

from payments.simulator import forms, resources
from payments.simulator.calls import Call
from payments.simulator.errors import Invalid, Refusal
from payments.simulator.expansion import expand
from payments.simulator.routes import Operation, match
from payments.simulator.schedule import run_next
from payments.simulator.shapes import API_VERSION, Obj, new_id
from payments.simulator.store import Store

KEY_LIFE = 24 * 3600
log = logging.getLogger(__name__)

for _module in pkgutil.iter_modules(resources.__path__):
    importlib.import_module(f"{resources.__name__}.{_module.name}")


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    query: str = ""
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def account(self) -> str:
        return self.headers.get("stripe-account", "")

    @property
    def key(self) -> str | None:
        return self.headers.get("idempotency-key") if self.method == "POST" else None


@dataclass(frozen=True)
class Answer:
    status: int
    body: Obj
    headers: dict[str, str] = field(default_factory=dict)


class Server:
    """Everything that answers; knows its store, its secret key, its own address."""

    def __init__(self, store: Store, *, secret_key: str, base: str) -> None:
        self.store, self.secret_key, self.base = store, secret_key, base
        self.busy: set[tuple[str, str]] = set()

    def now(self) -> float:
        """The simulator's present: the machine's, moved by what the control API advanced."""
        return time.time() + float(self.store.setting("offset", "0"))

    def call(self, **more: Any) -> Call:
        return Call(store=self.store, now=int(self.now()), base=self.base, **more)

    def answer(self, request: Request) -> Answer:
        """Never raises: an unforeseen failure is a 500 with nothing done."""
        id = new_id("req")
        headers = {"request-id": id, "stripe-version": API_VERSION}
        try:
            status, body, more = self._answer(request, id)
        except Refusal as refusal:
            status, body, more = refusal.status, _logged(refusal.body, id), {}
        except Exception:
            log.exception("%s %s failed", request.method, request.path)
            error = {"message": "Sorry, the simulator failed; see its log.", "type": "api_error"}
            status, body, more = 500, {"error": error}, {}
        if request.key:
            more["idempotency-key"] = request.key
        if request.account:
            more["stripe-account"] = request.account
        return Answer(status, body, headers | more)

    def _answer(self, request: Request, id: str) -> tuple[int, Obj, dict[str, str]]:
        self._authenticate(request)
        found = match(request.method, request.path)
        if found is None:
            text = f"Unrecognized request URL ({request.method}: {request.path}). Please see https://stripe.com/docs or we can help at https://support.stripe.com/."
            raise Invalid(text, status=404)
        operation, ids = found
        raw = forms.decode(request.query if request.method in ("GET", "DELETE") else request.body)
        if not request.key:
            return self._run(request, operation, ids, raw, id)
        place = (request.account, request.key)
        stored = self._stored(request, raw)
        return stored or self._run(request, operation, ids, raw, id, place)

    def _authenticate(self, request: Request) -> None:
        scheme, _, key = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "basic":
            import base64

            key = base64.b64decode(key).decode().partition(":")[0]
        if not key:
            text = "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth."
            raise Invalid(text, status=401)
        if key != self.secret_key:
            hidden = key[:8] + "*" * max(len(key) - 12, 4) + key[-4:]
            raise Invalid(f"Invalid API Key provided: {hidden}", status=401)
        if request.account and self.store.find(request.account, "account") is None:
            text = (
                f"The provided key '{key[:8]}****{key[-4:]}' does not have access to account '{request.account}' "
                "(or that account does not exist). Application access may have been revoked."
            )
            raise Invalid(text, status=403, code="account_invalid")

    def _stored(self, request: Request, raw: Obj) -> tuple[int, Obj, dict[str, str]] | None:
        """The answer kept under this key, if there is one younger than a day."""
        row = self.store.sql.execute(
            "SELECT at, path, params, status, body FROM answers WHERE account = ? AND key = ?",
            (request.account, request.key),
        ).fetchone()
        if row is None or row[0] <= self.now() - KEY_LIFE:
            return None
        for given, kept, what in (
            (request.path, row[1], "endpoint"),
            (json.dumps(raw, sort_keys=True), row[2], "parameters"),
        ):
            if given != kept:
                was = (
                    f"for the same endpoint they were first used for ('{kept}')"
                    if what == "endpoint"
                    else "with the same parameters they were first used with"
                )
                text = f"Keys for idempotent requests can only be used {was}. Try using a key other than '{request.key}' if you meant to execute a different request."
                raise Invalid(text, type="idempotency_error")
        return (
            int(row[3]),
            json.loads(row[4]),
            {"idempotent-replayed": "true", "original-request": str(json.loads(row[4]).get("id", ""))},
        )

    def _run(
        self, request: Request, operation: Operation, ids: dict[str, str], raw: Obj, id: str, place: tuple[str, str] | None = None
    ) -> tuple[int, Obj, dict[str, str]]:  # fmt: skip
        version = request.headers.get("stripe-version", API_VERSION)
        params = operation.accepts.read(renamed(raw, version), "")
        call = self.call(
            account=request.account,
            path=request.path,
            ids=ids,
            params=params,
            key=request.key,
            request=id,
            version=version,
        )
        if request.method == "GET" and "pm_card_" not in request.path:
            return 200, expand(call, operation.handler(call), params.get("expand", [])), {}
        with self.store.transaction():
            status, body = self._perform(call, operation)
            if place:
                self.keep(request, raw, status, body)
        return status, body, {}

    def _perform(self, call: Call, operation: Operation) -> tuple[int, Obj]:
        try:
            with self.store.attempt():
                try:
                    return 200, expand(call, operation.handler(call), call.params.get("expand", []))
                except Refusal as refusal:
                    if not refusal.effects:
                        raise
                    return refusal.status, _logged(refusal.body, call.request or "")
        except Refusal as refusal:
            if not refusal.validated:
                raise
            return refusal.status, _logged(refusal.body, call.request or "")

    def keep(self, request: Request, raw: Obj, status: int, body: Obj) -> None:
        """Remember the answer under the request's key (in the caller's transaction)."""
        self.store.sql.execute(
            "INSERT OR REPLACE INTO answers (account, key, at, path, params, status, body) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                request.account,
                request.key,
                self.now(),
                request.path,
                json.dumps(raw, sort_keys=True),
                status,
                json.dumps(body),
            ),
        )

    def tick(self) -> bool:
        """Do one thing whose moment has come; False when nothing is due."""
        until = int(self.now())
        due = self.store.sql.execute(
            "SELECT 1 FROM schedule WHERE clock = '' AND due <= ? LIMIT 1", (until,)
        ).fetchone()
        if due is None:
            return False
        with self.store.transaction():
            return run_next(self.call(), "", until)


RENAMED = {"payment_method_types": "allowed_payment_method_types"}
"""Parameters that today's API version knows by another name."""


def renamed(raw: Obj, version: str) -> Obj:
    """The parameters of an older API version in today's words."""
    if version >= API_VERSION:
        return raw
    return {RENAMED.get(name, name): value for name, value in raw.items()}


def _logged(body: Obj, id: str) -> Obj:
    body["error"].setdefault("request_log_url", f"https://dashboard.stripe.com/test/logs/{id}")
    return body
