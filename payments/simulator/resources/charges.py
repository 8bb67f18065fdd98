"""Charges: made by intents only; read, described, listed."""

from payments.simulator.calls import Call, update
from payments.simulator.listing import page
from payments.simulator.routes import operation
from payments.simulator.shapes import Obj
from payments.simulator.spec import METADATA, SPAN, TEXT, accepts, pages


@operation("GET", "/v1/charges/{id}", accepts())
def retrieve(call: Call) -> Obj:
    return call.at("charge")


@operation(
    "POST", "/v1/charges/{id}", accepts(description=TEXT, metadata=METADATA, receipt_email=TEXT, transfer_group=TEXT)
)
def modify(call: Call) -> Obj:
    given = {name: value for name, value in call.params.items() if name != "expand"}
    return update(call, call.at("charge"), "charge.updated", **given)


@operation("GET", "/v1/charges", pages(created=SPAN, customer=TEXT, payment_intent=TEXT, transfer_group=TEXT))
def list_all(call: Call) -> Obj:
    return page(call, "charge", fields=("customer", "payment_intent", "transfer_group"))
