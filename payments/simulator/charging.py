"""A card meets an amount: declined, asked to authenticate, or charged. Payment intents and invoices both come here."""

import contextlib
from types import ModuleType

from payments.simulator import funds
from payments.simulator.calls import Call, present
from payments.simulator.cards import BY_NUMBER, Card, decline
from payments.simulator.errors import Declined
from payments.simulator.schedule import JOBS, job
from payments.simulator.shapes import Obj, random_text


def card_of(method: Obj) -> Card:
    return BY_NUMBER[method["_number"]]


def needs_authentication(method: Obj, *, off_session: bool) -> bool:
    """Whether this card asks for 3-D Secure now, as the documentation of the test cards says."""
    match card_of(method).secure:
        case "always":
            return True
        case "unless_set_up":
            return not method["_set_up"]
        case "on_session":
            return not off_session
        case _:
            return False


def declines(method: Obj, *, authenticated: bool) -> str | None:
    """The behaviour that makes this charge fail, or None."""
    card = card_of(method)
    return card.decline or card.later or (card.after_secure if authenticated else None)


def attempt(call: Call, intent: Obj, method: Obj, *, off_session: bool = False, authenticated: bool = False) -> None:
    """Charge the intent's amount, or ask for authentication; raises Declined with everything recorded."""
    needed = needs_authentication(method, off_session=off_session) and not authenticated
    if needed and off_session:
        _fail(call, intent, method, "authentication_required")
    if needed:
        _ask(call, intent, method)
        return
    behaviour = declines(method, authenticated=authenticated)
    if behaviour:
        _fail(call, intent, method, behaviour)
    _succeed(call, intent, method, authenticated)


def _ask(call: Call, intent: Obj, method: Obj) -> None:
    intent |= {
        "status": "requires_action",
        "payment_method": method["id"],
        "next_action": action(call, intent, "payment_intents"),
    }
    call.save(intent)
    call.emit("payment_intent.requires_action", intent)
    if intent.get("_invoice"):
        _invoices().intent_waits(call, intent)


def action(call: Call, intent: Obj, kind: str) -> Obj:
    """Where the person proves that the card is theirs."""
    url = f"{call.base}/authenticate/{kind}/{intent['id']}/{intent['_token']}"
    if intent.get("_return_url"):
        return {"type": "redirect_to_url", "redirect_to_url": {"url": url, "return_url": intent["_return_url"]}}
    return {"type": "use_stripe_sdk", "use_stripe_sdk": {"type": "three_d_secure_redirect", "stripe_js": url}}


def _fail(call: Call, intent: Obj, method: Obj, behaviour: str) -> None:
    refusal = decline(behaviour)
    charge = _charge(call, intent, method, succeeded=False)
    charge |= {
        "failure_code": refusal.error["code"],
        "failure_message": refusal.error["message"],
        "outcome": outcome(refusal.error.get("decline_code"), blocked=behaviour == "fraudulent"),
    }
    call.add(charge)
    error = refusal.error | {"charge": charge["id"], "payment_method": present(method), "payment_method_type": "card"}
    intent |= {
        "status": "requires_payment_method", "payment_method": None, "next_action": None, "latest_charge": charge["id"],
        "last_payment_error": dict(error),
    }  # fmt: skip
    call.save(intent)
    call.emit("charge.failed", charge)
    call.emit("payment_intent.payment_failed", intent)
    if intent.get("_invoice"):
        _invoices().intent_failed(call, intent)
    refusal.error |= {"charge": charge["id"], "payment_intent": present(intent), "payment_method": present(method)}
    raise refusal


def fail_authentication(call: Call, intent: Obj) -> None:
    """The person did not prove it: the intent waits for another card."""
    error = {
        "code": "payment_intent_authentication_failure", "type": "invalid_request_error",
        "doc_url": "https://docs.stripe.com/error-codes/payment-intent-authentication-failure",
        "message": "The provided PaymentMethod has failed authentication. You can provide payment_method_data or a new PaymentMethod "
        "to attempt to fulfill this PaymentIntent again.",
        "payment_method": present(call.store.find(intent["payment_method"]) or {}),
    }  # fmt: skip
    intent |= {
        "status": "requires_payment_method",
        "payment_method": None,
        "next_action": None,
        "last_payment_error": error,
    }
    call.save(intent)
    call.emit("payment_intent.payment_failed", intent)
    if intent.get("_invoice"):
        _invoices().intent_failed(call, intent)


def _invoices() -> ModuleType:
    from payments.simulator.billing import invoices

    return invoices


def _succeed(call: Call, intent: Obj, method: Obj, authenticated: bool) -> None:
    manual = intent["capture_method"] == "manual"
    charge = _charge(call, intent, method, succeeded=True)
    charge |= {"captured": not manual, "amount_captured": 0 if manual else intent["amount"]}
    if authenticated:
        charge["payment_method_details"]["card"]["three_d_secure"] = {
            "authentication_flow": "challenge", "electronic_commerce_indicator": "05", "exemption_indicator": None,
            "result": "authenticated", "result_reason": None, "transaction_id": random_text(20), "version": "2.2.0",
        }  # fmt: skip
    call.add(charge)
    if intent["setup_future_usage"]:
        method["_set_up"] = True
        if intent["customer"] and not method["customer"]:
            method["customer"] = intent["customer"]
            call.save(method)
            call.emit("payment_method.attached", method)
        call.save(method)
    intent |= {
        "payment_method": method["id"],
        "latest_charge": charge["id"],
        "next_action": None,
        "last_payment_error": None,
    }
    if manual:
        intent |= {"status": "requires_capture", "amount_capturable": intent["amount"]}
        call.save(intent)
        call.emit("charge.succeeded", charge)
        call.emit("payment_intent.amount_capturable_updated", intent)
    else:
        settle(call, intent, charge)


def settle(call: Call, intent: Obj, charge: Obj) -> None:
    """The captured amount arrives on the balance; the intent is done."""
    method = call.store.find(charge["payment_method"]) or {}
    booked = funds.book(
        call, type="charge", amount=charge["amount_captured"], currency=charge["currency"], source=charge["id"],
        fee=funds.card_fee(call.store, charge["amount_captured"]), description=charge["description"],
        available_on=funds.settles_on(call, card_of(method).available_at_once),
    )  # fmt: skip
    was_authorised = not charge["captured"]
    charge |= {"captured": True, "balance_transaction": booked["id"]}
    intent |= {"status": "succeeded", "amount_received": charge["amount_captured"], "amount_capturable": 0}
    call.save(charge)
    call.save(intent)
    call.emit("charge.captured" if was_authorised else "charge.succeeded", charge)
    call.emit("payment_intent.succeeded", intent)
    if intent.get("_invoice"):
        _invoices().intent_succeeded(call, intent)
    if card_of(method).dispute:
        JOBS["dispute"](call, charge["id"])


@job("settle")
def _settled(call: Call, id: str) -> None:
    booked = call.store.find(id)
    if booked:
        call.save(booked | {"status": "available"})


def outcome(decline_code: str | None, *, blocked: bool = False, succeeded: bool = False) -> Obj:
    if succeeded:
        return {
            "advice_code": None, "network_advice_code": None, "network_decline_code": None, "network_status": "approved_by_network",
            "reason": None, "risk_level": "normal", "risk_score": 12, "seller_message": "Payment complete.", "type": "authorized",
        }  # fmt: skip
    return {
        "advice_code": None, "network_advice_code": None, "network_decline_code": None,
        "network_status": "not_sent_to_network" if blocked else "declined_by_network",
        "reason": "highest_risk_level" if blocked else decline_code or "generic_decline",
        "risk_level": "highest" if blocked else "normal", "risk_score": 90 if blocked else 12,
        "seller_message": "The bank did not return any further details with this decline.",
        "type": "blocked" if blocked else "issuer_declined",
    }  # fmt: skip


def _charge(call: Call, intent: Obj, method: Obj, *, succeeded: bool) -> Obj:
    card = method["card"]
    details = {
        "amount_authorized": intent["amount"], "authorization_code": None, "brand": card["brand"],
        "checks": card["checks"], "country": card["country"], "exp_month": card["exp_month"],
        "exp_year": card["exp_year"], "extended_authorization": {"status": "disabled"}, "fingerprint": card["fingerprint"],
        "funding": card["funding"], "incremental_authorization": {"status": "unavailable"}, "installments": None,
        "last4": card["last4"], "mandate": None, "multicapture": {"status": "unavailable"}, "network": card["brand"],
        "network_token": {"used": False}, "network_transaction_id": random_text(15),
        "overcapture": {"maximum_amount_capturable": intent["amount"], "status": "unavailable"},
        "regulated_status": "unregulated", "three_d_secure": None, "wallet": None,
    }  # fmt: skip
    charge = call.new(
        "charge", "ch",
        amount=intent["amount"], amount_captured=0, amount_refunded=0, application=None, application_fee=None,
        application_fee_amount=None, balance_transaction=None, billing_details=method["billing_details"],
        calculated_statement_descriptor="PORUCHI" if succeeded else None, captured=False, currency=intent["currency"],
        customer=intent["customer"], description=intent["description"], disputed=False, failure_balance_transaction=None,
        failure_code=None, failure_message=None, fraud_details={}, metadata=dict(intent["metadata"]), on_behalf_of=None,
        outcome=outcome(None, succeeded=True), paid=succeeded, payment_intent=intent["id"], payment_method=method["id"],
        payment_method_details={"card": details, "type": "card"}, presentment_details=None, radar_options={},
        receipt_email=intent["receipt_email"], receipt_number=None, receipt_url=None, refunded=False, review=None,
        shipping=intent["shipping"], source=None, source_transfer=None, statement_descriptor=None, statement_descriptor_suffix=None,
        status="succeeded" if succeeded else "failed", transfer_data=None, transfer_group=intent["transfer_group"],
    )  # fmt: skip
    if succeeded:
        charge["receipt_url"] = f"{call.base}/receipts/{charge['id']}"
    return charge


def attempt_quietly(
    call: Call, intent: Obj, method: Obj, *, off_session: bool, authenticated: bool = False
) -> Declined | None:
    """As `attempt`; a refusal is returned, for those who go on after it (a page, a renewal)."""
    with contextlib.suppress(Declined):
        attempt(call, intent, method, off_session=off_session, authenticated=authenticated)
        return None
    error = intent["last_payment_error"]
    return Declined(error["message"], code=error["code"], decline_code=error.get("decline_code"))
