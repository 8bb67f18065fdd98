"""The webhook's edge: only what was signed with our secret and is an event gets in, and nothing ever breaks it."""

import gc
import hmac
import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import pytest
import stripe
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from marketplace.accounts.models import User
from marketplace.kit.money import Money
from payments.events import inbox
from payments.events.inbox import handle_due, receive
from payments.models import BalanceLine, Intent, ProcessorEvent
from payments.reconciliation import lines
from payments.stripe_gateway.events import events_since
from tests.payments.topups.steps import begin_page
from tests.simulator import Simulator

SECRET = "whsec_test"
ADDRESS = "/webhooks/stripe/"
EVENT = {
    "id": "evt_1",
    "object": "event",
    "type": "payment_intent.succeeded",
    "created": 1_790_000_000,
    "data": {"object": {"id": "pi_1", "object": "payment_intent"}},
}


@pytest.fixture(autouse=True)
def secret(settings: Any) -> None:
    settings.STRIPE_WEBHOOK_SECRETS = [SECRET]


def signed(body: bytes) -> str:
    """The signature of any bytes, also of those that are no text."""
    at = int(time.time())
    return f"t={at},v1={hmac.new(SECRET.encode(), f'{at}.'.encode() + body, sha256).hexdigest()}"


def deliver(body: bytes, signature: str | None = None) -> HttpResponse:
    if signature is None:
        signature = signed(body)
    headers = {"Stripe-Signature": signature}
    return Client(raise_request_exception=False).post(ADDRESS, body, content_type="application/json", headers=headers)


@pytest.mark.django_db
def test_a_signed_event_is_kept_once_however_often_it_comes() -> None:
    for _i in range(3):
        assert deliver(json.dumps(EVENT).encode()).status_code == 200
    kept = ProcessorEvent.objects.get()
    assert (kept.event_id, kept.kind, kept.object_id, kept.handled_at) == ("evt_1", EVENT["type"], "pi_1", None)


@pytest.mark.django_db
def test_without_a_secret_the_address_is_not_there(settings: Any) -> None:
    settings.STRIPE_WEBHOOK_SECRETS = []
    assert deliver(json.dumps(EVENT).encode()).status_code == 404
    assert not ProcessorEvent.objects.exists()


@pytest.mark.django_db
def test_the_endpoint_of_connected_accounts_signs_with_a_secret_of_its_own(settings: Any) -> None:
    settings.STRIPE_WEBHOOK_SECRETS = ["whsec_own", SECRET]
    event = {**EVENT, "type": "account.updated", "account": "acct_1", "data": {"object": {"id": "acct_1"}}}
    assert deliver(json.dumps(event).encode()).status_code == 200
    assert ProcessorEvent.objects.get().account_id == "acct_1"
    settings.STRIPE_WEBHOOK_SECRETS = ["whsec_own", "whsec_second"]
    assert deliver(json.dumps({**event, "id": "evt_2"}).encode()).status_code == 400
    assert ProcessorEvent.objects.count() == 1


def stale() -> str:
    return stripe.WebhookSignature.generate_signature_header(json.dumps(EVENT), SECRET, timestamp=1_700_000_000)


def foreign() -> str:
    return stripe.WebhookSignature.generate_signature_header(json.dumps(EVENT), "whsec_other")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "signature",
    ["", "t=1", "v1=abc", "t=x,v1=abc", "nonsense", "t=1,v1=", stale(), foreign(), "t=" + "9" * 5000 + ",v1=a"],
    ids=["none", "time", "digest", "no number", "nonsense", "empty digest", "stale", "foreign", "absurd time"],
)
def test_what_we_did_not_sign_is_refused(signature: str) -> None:
    assert deliver(json.dumps(EVENT).encode(), signature).status_code == 400
    assert not ProcessorEvent.objects.exists()


def changed(**values: object) -> bytes:
    return json.dumps({**EVENT, **values}).encode()


def without(name: str) -> bytes:
    return json.dumps({key: value for key, value in EVENT.items() if key != name}).encode()


GARBAGE = [
    b"", b"[]", b"null", b"1", b'"text"', b"{", b"{}", b"\xff\xfe\x00", "é".encode("latin-1"), b"NaN", b"[" * 100_000,
    b'{"id": ' + b"9" * 5000 + b"}", *(without(name) for name in ("id", "type", "created", "data")),
    changed(id=None), changed(id=5), changed(id=""), changed(id="evt_\x00"), changed(id="x" * 81), changed(id=["evt"]),
    changed(type=None), changed(type={}), changed(type="x" * 300), changed(created="today"), changed(created=True),
    changed(created=-1), changed(created=10**20), changed(created=1.5), changed(account=5), changed(account=["acct"]),
    changed(data=None), changed(data=[]), changed(data={}), changed(data={"object": None}), changed(data={"object": []}),
    changed(data={"object": {}}), changed(data={"object": {"id": None}}), changed(data={"object": {"id": ""}}),
    changed(data={"object": {"id": {"a": 1}}}), changed(data={"object": {"id": "pi_\u0000"}}),
]  # fmt: skip


@pytest.fixture
def _no_sweeping() -> Iterator[None]:
    """A sweep of the memory in the depth of a nested body would run the ends of other tests' objects there, where nothing can be called any more."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.django_db
@pytest.mark.usefixtures("_no_sweeping")
@pytest.mark.parametrize("body", GARBAGE, ids=lambda body: repr(body[:60]))
def test_signed_garbage_is_refused_and_breaks_nothing(body: bytes) -> None:
    assert deliver(body).status_code == 400
    assert not ProcessorEvent.objects.exists()


@pytest.mark.django_db
def test_a_balance_has_no_id_and_is_an_event_all_the_same() -> None:
    assert deliver(changed(type="balance.available", data={"object": {"object": "balance"}})).status_code == 200


def at_once(job: Callable[[], object], times: int) -> list[object]:
    def run(_i: int) -> object:
        try:
            return job()
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(run, range(times)))


@pytest.mark.django_db(transaction=True)
def test_twenty_deliveries_of_one_event_at_once_are_one_row() -> None:
    answers = at_once(lambda: deliver(json.dumps(EVENT).encode()).status_code, 20)
    assert answers == [200] * 20
    assert ProcessorEvent.objects.count() == 1


@pytest.mark.django_db
def test_the_processors_own_deliveries_settle_a_payment(simulator: Simulator, andrey: User) -> None:
    view = begin_page(andrey, Money(100_000))
    simulator.pay(view.action_url)
    for event in simulator.events():
        body, headers = simulator.signed(event, SECRET)
        assert Client().post(ADDRESS, body, content_type="application/json", headers=headers).status_code == 200
    handle_due()
    assert Intent.objects.get(pk=view.id).status == "settled"
    assert not ProcessorEvent.objects.filter(handled_at=None).exists()


@pytest.mark.django_db
def test_a_reading_that_broke_off_is_begun_again_from_the_last_whole_one(
    simulator: Simulator, andrey: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lists come newest first: what was stored of a broken one must not pass for the rest."""
    early = begin_page(andrey, Money(50_000))
    simulator.pay(early.action_url)
    simulator.advance(hours=2)
    late = begin_page(andrey, Money(60_000))
    simulator.pay(late.action_url)
    receive(next(hint for hint in events_since(long_ago()) if hint.kind == "checkout.session.completed"))  # a delivery
    real = {"receive": inbox.receive, "keep": lines._keep}

    def dies(*args: Any) -> bool:
        """The newest is stored, then the process is killed."""
        real["receive" if hasattr(args[0], "kind") and hasattr(args[0], "object_id") else "keep"](*args)
        raise RuntimeError("killed")

    with monkeypatch.context() as broken:
        broken.setattr(inbox, "receive", dies)
        broken.setattr(lines, "_keep", dies)
        for read in (inbox.poll, lines.copy_lines):
            with pytest.raises(RuntimeError):
                read()
    inbox.poll()
    handle_due()
    lines.copy_lines()
    assert {Intent.objects.get(pk=view.id).status for view in (early, late)} == {"settled"}
    assert BalanceLine.objects.filter(kind="charge").count() == 2
    assert inbox.poll() == lines.copy_lines() == 0


def long_ago() -> datetime:
    return datetime(2020, 1, 1, tzinfo=UTC)
