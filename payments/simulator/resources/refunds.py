"""Refunds: never more than was charged."""

from payments.simulator import funds
from payments.simulator.calls import Call, merged, update
from payments.simulator.charging import card_of
from payments.simulator.errors import Invalid, Refusal
from payments.simulator.listing import page
from payments.simulator.routes import operation
from payments.simulator.schedule import job
from payments.simulator.shapes import Obj, new_id
from payments.simulator.spec import METADATA, POSITIVE, SPAN, TEXT, Enum, accepts, pages

LATER = 5
"""Seconds until a pending refund of the test cards is decided."""
REASON = Enum(("duplicate", "fraudulent", "requested_by_customer"))


@operation(
    "POST", "/v1/refunds",
    accepts(amount=POSITIVE, charge=TEXT, payment_intent=TEXT, metadata=METADATA, reason=REASON),
)  # fmt: skip
def create(call: Call) -> Obj:
    charge = _charge_named(call)
    left = charge["amount_captured"] - charge["amount_refunded"]
    amount = call.params.get("amount", left)
    if charge["status"] != "succeeded" or not charge["captured"]:
        text = f"This {charge['id']} has not been captured, so it cannot be refunded; cancel the PaymentIntent instead."
        raise Refusal(text, code="charge_not_refundable")
    if charge["disputed"] and not charge.get("_refundable_dispute"):
        raise Refusal(f"Charge {charge['id']} has been charged back; cannot issue a refund.", code="charge_disputed")
    if left == 0:
        raise Refusal(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    if amount > left:
        text = f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})"
        raise Refusal(text, param="amount")
    return _refund(call, charge, amount)


def _charge_named(call: Call) -> Obj:
    given = call.params
    if ("charge" in given) == ("payment_intent" in given):
        raise Invalid("One of the following params should be provided for this request: payment_intent or charge.")
    if "charge" in given:
        return call.get("charge", given["charge"], "charge")
    intent = call.get("payment_intent", given["payment_intent"], "payment_intent")
    charge = call.store.find(intent["latest_charge"] or "", "charge")
    if charge is None or charge["status"] != "succeeded":
        text = f"This PaymentIntent ({intent['id']}) does not have a successful charge to refund."
        raise Refusal(text, code="payment_intent_unexpected_state")
    return charge


def _blank(call: Call, charge: Obj, amount: int, reason: str | None) -> Obj:
    refund: Obj = call.new(
        "refund", "re",
        amount=amount, balance_transaction=None, charge=charge["id"], currency=charge["currency"], payment_intent=charge["payment_intent"],
        destination_details={"card": {"reference_status": "pending", "reference_type": "acquirer_reference_number", "type": "refund"}, "type": "card"},
        reason=reason, receipt_number=None, source_transfer_reversal=None, status="succeeded", transfer_reversal=None,
    )  # fmt: skip
    del refund["livemode"]
    refund["id"] = new_id("re")
    return refund


def _refund(call: Call, charge: Obj, amount: int) -> Obj:
    method = call.store.find(charge["payment_method"]) or {}
    behaviour = card_of(method).refund
    refund = _blank(call, charge, amount, call.params.get("reason"))
    refund["metadata"] = merged({}, call.params.get("metadata") or {})
    refund["status"] = "pending" if behaviour == "pending" else "succeeded"
    booked = funds.book(
        call,
        type="refund",
        amount=-amount,
        currency=charge["currency"],
        source=refund["id"],
        description="REFUND FOR CHARGE",
    )
    refund["balance_transaction"] = booked["id"]
    call.add(refund)
    before = {"amount_refunded": charge["amount_refunded"], "refunded": charge["refunded"]}
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount_captured"]
    call.save(charge)
    call.emit("refund.created", refund)
    call.emit("charge.refunded", charge, before)
    if behaviour == "pending":
        call.later(call.now + LATER, "refund_succeeds", refund["id"])
    if behaviour == "fails_later":
        call.later(call.now + LATER, "refund_fails", refund["id"])
    return refund


@job("refund_succeeds")
def _succeeds(call: Call, id: str) -> None:
    refund = call.store.find(id)
    if refund:
        call.emit("charge.refund.updated", update(call, refund, "refund.updated", status="succeeded"))


@job("refund_fails")
def _fails(call: Call, id: str) -> None:
    """The bank sends the money back: the refund failed, the charge is as if it had not been."""
    refund = call.store.find(id)
    charge = call.store.find(refund["charge"]) if refund else None
    if refund is None or charge is None:
        return
    booked = funds.book(
        call, type="refund_failure", amount=refund["amount"], currency=refund["currency"], source=refund["id"]
    )
    charge["amount_refunded"] -= refund["amount"]
    charge["refunded"] = False
    call.save(charge)
    change = {
        "status": "failed",
        "failure_reason": "expired_or_canceled_card",
        "failure_balance_transaction": booked["id"],
    }
    update(call, refund, "refund.updated", **change)
    call.emit("refund.failed", refund)
    call.emit("charge.refund.updated", refund)


def release(call: Call, charge: Obj) -> None:
    """An authorisation given back: a refund without a movement of money."""
    refund = call.add(_blank(call, charge, charge["amount"], None))
    charge |= {"amount_refunded": charge["amount"], "refunded": True}
    call.save(charge)
    call.emit("refund.created", refund)
    call.emit("charge.refunded", charge)


@operation("GET", "/v1/refunds/{id}", accepts())
def retrieve(call: Call) -> Obj:
    return call.at("refund")


@operation("POST", "/v1/refunds/{id}", accepts(metadata=METADATA))
def modify(call: Call) -> Obj:
    given = {name: value for name, value in call.params.items() if name != "expand"}
    refund = update(call, call.at("refund"), "refund.updated", **given)
    call.emit("charge.refund.updated", refund)
    return refund


@operation("POST", "/v1/refunds/{id}/cancel", accepts())
def cancel(call: Call) -> Obj:
    raise Refusal("Card refunds cannot be canceled.", code="refund_not_cancelable")


@operation("GET", "/v1/refunds", pages(created=SPAN, charge=TEXT, payment_intent=TEXT))
def list_all(call: Call) -> Obj:
    return page(call, "refund", fields=("charge", "payment_intent"))
