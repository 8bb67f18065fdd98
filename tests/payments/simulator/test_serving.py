"""The server itself: loopback only, one key, what it does not know it refuses; its pages in both languages."""

import pytest
import stripe

from payments.simulator.serving import listen, require_loopback
from tests.simulator import RunningSimulator

LINE: "stripe.params.checkout.SessionCreateParamsLineItem" = {
    "quantity": 1,
    "price_data": {"currency": "rub", "unit_amount": 150000, "product_data": {"name": "Пополнение"}},
}


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.10", "8.8.8.8"])  # noqa: S104 - asked for, to be refused
def test_it_listens_on_loopback_only(host: str) -> None:
    with pytest.raises(ValueError, match="loopback"):
        listen(host, 0)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_loopback_has_several_names(host: str) -> None:
    assert require_loopback(host) in ("127.0.0.1", "::1")


@pytest.mark.parametrize(
    "method, path, status",
    [
        ("GET", "/v1/nothing", 404),
        ("PUT", "/v1/customers", 404),
        ("GET", "/v1/customers/cus_nobody", 404),
        ("GET", "/_control/nothing", 404),
    ],
)
def test_what_it_does_not_know(stripe_simulator: RunningSimulator, method: str, path: str, status: int) -> None:
    headers = {"authorization": f"Bearer {stripe_simulator.key}"}
    assert stripe_simulator.request(method, path, headers=headers)[0] == status


@pytest.mark.parametrize("given", [{}, {"authorization": "Bearer sk_test_other"}, {"authorization": "Bearer"}])
def test_without_the_right_key_nothing_is_told(stripe_simulator: RunningSimulator, given: dict[str, str]) -> None:
    status, _, text = stripe_simulator.request("GET", "/v1/customers", headers=given)
    assert (status, "invalid_request_error" in text) == (401, True)


def test_another_account_is_not_reached(stripe_simulator: RunningSimulator, client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.PermissionError):
        client.v1.balance.retrieve(options={"stripe_account": "acct_nobody"})


@pytest.mark.parametrize("locale, word", [("ru", "Номер карты"), ("en", "Card number")])
def test_the_page_speaks_the_sessions_language(
    stripe_simulator: RunningSimulator, client: stripe.StripeClient, locale: str, word: str
) -> None:
    params: stripe.params.checkout.SessionCreateParams = {
        "mode": "payment",
        "success_url": "https://site.test/",
        "line_items": [LINE],
    }
    session = client.v1.checkout.sessions.create(params | {"locale": locale})
    status, _, text = stripe_simulator.visit(str(session.url))
    assert (status, word in text) == (200, True)
    assert "<script" not in text
    assert "style=" not in text


def test_a_closed_session_cannot_be_paid_again(stripe_simulator: RunningSimulator, client: stripe.StripeClient) -> None:
    params: stripe.params.checkout.SessionCreateParams = {
        "mode": "payment",
        "success_url": "https://site.test/",
        "line_items": [LINE],
    }
    session = client.v1.checkout.sessions.create(params)
    page = str(session.url)
    assert stripe_simulator.pay(page)
    stripe_simulator.pay(page)
    expired = client.v1.checkout.sessions.create(params)
    stripe_simulator.advance(hours=24.1)
    assert client.v1.checkout.sessions.retrieve(expired.id).status == "expired"
    assert stripe_simulator.pay(str(expired.url)) == ""
    assert len(stripe_simulator.dump()["charge"]) == 1


def test_what_a_page_shows_is_escaped(stripe_simulator: RunningSimulator, client: stripe.StripeClient) -> None:
    line = LINE | {"price_data": {"currency": "rub", "unit_amount": 150000, "product_data": {"name": "<b>Имя</b>"}}}
    session = client.v1.checkout.sessions.create(
        {"mode": "payment", "success_url": "https://site.test/", "line_items": [line]}
    )
    assert "<b>" not in stripe_simulator.visit(str(session.url))[2]
