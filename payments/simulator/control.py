"""The control API (`/_control/…`): faults, time, reset, and everything that happened, for whoever checks the books."""

import json
import time
from collections.abc import Callable
from typing import Any

from payments.simulator import faults
from payments.simulator.calls import Call, present
from payments.simulator.errors import Refusal
from payments.simulator.handling import Answer, Request, Server
from payments.simulator.pages import onboarding
from payments.simulator.resources import disputes, payouts
from payments.simulator.sending import signature
from payments.simulator.shapes import API_VERSION, Obj, document
from payments.simulator.store import Store

SETTINGS = (
    "settle_after",
    "arrives_after",
    "checked_after",
    "fee_share",
    "fee_fixed",
    "dispute_fee",
    "retry_pace",
    "retry_days",
    "after_retries",
    "site",
)
MONEY = (
    "payment_intent", "charge", "refund", "transfer", "transfer_reversal", "payout", "dispute", "invoice", "subscription", "checkout.session",
)  # fmt: skip


def answer(server: Server, request: Request) -> Answer:
    """A JSON body in, a JSON body out."""
    verb = request.path.removeprefix("/_control/").strip("/")
    handler = VERBS.get((request.method, verb))
    if handler is None:
        return Answer(404, {"error": f"Nothing at {request.method} {request.path}"})
    try:
        given = json.loads(request.body) if request.body else {}
        return Answer(200, handler(server, given))
    except Refusal as refusal:
        return Answer(refusal.status, refusal.body)
    except (ValueError, KeyError, TypeError) as problem:
        return Answer(400, {"error": f"{type(problem).__name__}: {problem}"})


def reset(server: Server, given: Obj) -> Obj:
    """Forget everything, the moved time too; settings given stay."""
    server.store.clear()
    with server.store.transaction():
        server.store.sql.execute("DELETE FROM settings")
    return settings(server, given)


def settings(server: Server, given: Obj) -> Obj:
    unknown = set(given) - set(SETTINGS)
    if unknown:
        raise Refusal(f"Unknown: {', '.join(sorted(unknown))}")
    with server.store.transaction():
        for name, value in given.items():
            server.store.set(name, str(value))
    return {name: server.store.setting(name) for name in SETTINGS}


def add_fault(server: Server, given: Obj) -> Obj:
    return faults.add(server.store, given)


def list_faults(server: Server, given: Obj) -> Obj:
    rows = server.store.sql.execute("SELECT seq, doc FROM faults ORDER BY seq").fetchall()
    return {"faults": [{"id": seq, **json.loads(text)} for seq, text in rows]}


def clear_faults(server: Server, given: Obj) -> Obj:
    with server.store.transaction():
        server.store.sql.execute("DELETE FROM faults")
    return {}


def advance(server: Server, given: Obj) -> Obj:
    """Move the simulator's own time forward and do all that becomes due on the way, in order."""
    seconds = float(given["seconds"])
    if seconds < 0:
        raise Refusal("Time goes forward only.")
    with server.store.transaction():
        server.store.set("offset", str(float(server.store.setting("offset", "0")) + seconds))
    while server.tick():
        pass
    return {"now": int(server.now())}


def webhook(server: Server, given: Obj) -> Obj:
    return {"id": hear_everything(server.store, given["url"], given["secret"], given.get("events", ["*"]))["id"]}


def hear_everything(store: Store, url: str, secret: str, events: list[str] | None = None) -> Obj:
    """An endpoint with a secret of the caller's choice, hearing of connected accounts too; replaces the one at this address."""
    endpoint = document(
        "webhook_endpoint", "we", int(time.time()), api_version=API_VERSION, application=None, description=None,
        enabled_events=events or ["*"], status="enabled", url=url, _secret=secret, _everything=True,
    )  # fmt: skip
    with store.transaction():
        for old in store.select("webhook_endpoint", "doc ->> '$.url' = ?", (url,)):
            store.save(old | {"_secret": secret, "enabled_events": endpoint["enabled_events"]})
            return old
        return store.add(endpoint)


def dump(server: Server, given: Obj) -> Obj:
    """All that moved money, each with its metadata and the idempotency key that made it."""
    keys = _keys(server)
    found: dict[str, Any] = {
        kind: [present(doc) | {"idempotency_key": keys.get(doc["id"])} for doc in server.store.select(kind)]
        for kind in MONEY
    }
    rows = server.store.sql.execute(
        "SELECT account, currency, sum(net) FROM funds GROUP BY account, currency"
    ).fetchall()
    found["balances"] = [{"account": row[0], "currency": row[1], "net": row[2]} for row in rows]
    found["deliveries"] = _deliveries(server)
    found["now"] = int(server.now())
    return found


def _keys(server: Server) -> dict[str, str]:
    """Object → idempotency key of the request that made it, out of the first event that tells of it."""
    keys: dict[str, str] = {}
    for event in server.store.select("event", "doc ->> '$.request.idempotency_key' IS NOT NULL"):
        keys.setdefault(event["data"]["object"].get("id", ""), event["request"]["idempotency_key"])
    return keys


def _deliveries(server: Server) -> list[Obj]:
    rows = server.store.sql.execute(
        "SELECT event, endpoint, due, attempts, state, note FROM deliveries ORDER BY seq"
    ).fetchall()
    return [dict(zip(("event", "endpoint", "due", "attempts", "state", "note"), row, strict=True)) for row in rows]


def events(server: Server, given: Obj) -> Obj:
    return {"events": [present(event) for event in server.store.select("event")]}


def signed(server: Server, given: Obj) -> Obj:
    """The headers of a delivery of this body, for tests that post it themselves."""
    return {"Stripe-Signature": signature(given["body"], given["secret"], int(given.get("at", time.time())))}


def health(server: Server, given: Obj) -> Obj:
    return {"ok": True, "now": int(server.now())}


def account(server: Server, given: Obj) -> Obj:
    """`reason`: "document" asks for one, another word is Stripe's reason to stop the account, null lets it work again."""
    return _acted(server, "account", given["id"], lambda call, doc: onboarding.restrict(call, doc, given["reason"]))


def dispute(server: Server, given: Obj) -> Obj:
    """Open one on a charge (`charge`, `reason`, `inquiry`), or decide one (`id`, `won`)."""
    if "charge" in given:
        reason, inquiry = given.get("reason", "fraudulent"), bool(given.get("inquiry"))
        return _acted(
            server,
            "charge",
            given["charge"],
            lambda call, doc: disputes.open_dispute(call, doc, reason, inquiry=inquiry),
        )
    return _acted(server, "dispute", given["id"], lambda call, doc: disputes.close(call, doc, won=bool(given["won"])))


def payout(server: Server, given: Obj) -> Obj:
    """The bank sends a payout back (`id`, `code`)."""
    return _acted(
        server, "payout", given["id"], lambda call, doc: payouts.fail(call, doc, given.get("code", "could_not_process"))
    )


def _acted(server: Server, kind: str, id: str, act: "Callable[[Call, Obj], Obj | None]") -> Obj:
    with server.store.transaction():
        call = server.call(account="" if kind == "account" else server.store.account_of(id))
        found = server.store.find(id, kind)
        if found is None:
            raise Refusal(f"No such {kind}: {id}")
        made = act(call, found) or found
    done: Obj = present(server.store.find(made["id"]))
    return done


VERBS: dict[tuple[str, str], Callable[[Server, Obj], Obj]] = {
    ("POST", "reset"): reset,
    ("POST", "settings"): settings,
    ("GET", "faults"): list_faults,
    ("POST", "faults"): add_fault,
    ("DELETE", "faults"): clear_faults,
    ("POST", "advance"): advance,
    ("POST", "webhook"): webhook,
    ("POST", "account"): account,
    ("POST", "dispute"): dispute,
    ("POST", "payout"): payout,
    ("GET", "dump"): dump,
    ("GET", "events"): events,
    ("POST", "sign"): signed,
    ("GET", "health"): health,
}
