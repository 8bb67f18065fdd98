"""What the hosted page itself asks Stripe; the CLI's triggers pay sessions this way. Not part of the public API."""

from payments.simulator.calls import Call
from payments.simulator.errors import Refusal
from payments.simulator.routes import operation
from payments.simulator.shapes import Obj
from payments.simulator.spec import COUNT, TEXT, accepts


@operation("GET", "/v1/payment_pages/{id}", accepts())
def retrieve(call: Call) -> Obj:
    return call.at("checkout.session")


@operation(
    "POST", "/v1/payment_pages/{id}/confirm", accepts(("payment_method",), payment_method=TEXT, expected_amount=COUNT)
)
def confirm(call: Call) -> Obj:
    from payments.simulator.billing import sessions

    session = call.at("checkout.session")
    if session["status"] != "open":
        raise Refusal(f"This Checkout Session has a status of {session['status']}.")
    if call.params.get("expected_amount", session["amount_total"]) != session["amount_total"]:
        raise Refusal("The amount has changed.", param="expected_amount")
    method = call.get("payment_method", call.params["payment_method"], "payment_method")
    intent, refusal = sessions.attempt(call, session, method)
    if refusal:
        raise refusal
    if intent is None or intent["status"] != "requires_action":
        sessions.complete(call, session)
    return session
