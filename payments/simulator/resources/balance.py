"""Balance and balance transactions, of the platform or of a connected account."""

from payments.simulator import funds
from payments.simulator.calls import Call
from payments.simulator.listing import page
from payments.simulator.routes import operation
from payments.simulator.shapes import Obj
from payments.simulator.spec import SPAN, TEXT, accepts, pages


@operation("GET", "/v1/balance", accepts())
def retrieve(call: Call) -> Obj:
    rows = [
        (currency, *funds.balance_of(call, call.account, currency)) for currency in funds.currencies(call, call.account)
    ]
    return {
        "object": "balance",
        "livemode": False,
        "available": [_amount(available, currency) for currency, available, _ in rows],
        "pending": [_amount(pending, currency) for currency, _, pending in rows],
        "instant_available": [_amount(max(available, 0), currency) for currency, available, _ in rows],
        "refund_and_dispute_prefunding": {"available": [], "pending": []},
    }


def _amount(amount: int, currency: str) -> Obj:
    return {"amount": amount, "currency": currency, "source_types": {"card": amount}}


@operation("GET", "/v1/balance_transactions/{id}", accepts())
def retrieve_transaction(call: Call) -> Obj:
    return call.at("balance_transaction")


@operation("GET", "/v1/balance_transactions", pages(created=SPAN, source=TEXT, type=TEXT, currency=TEXT, payout=TEXT))
def list_all(call: Call) -> Obj:
    return page(call, "balance_transaction", fields=("source", "type", "currency", "payout"))
