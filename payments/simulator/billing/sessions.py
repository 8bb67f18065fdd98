"""A Checkout Session as it is paid: the card tried, the session completed. The hosted page and the CLI come here."""

from payments.simulator import charging
from payments.simulator.billing import hosted
from payments.simulator.calls import Call, merged
from payments.simulator.errors import Declined
from payments.simulator.resources import customers, payment_intents, setup_intents
from payments.simulator.shapes import Obj


def attempt(call: Call, session: Obj, method: Obj) -> tuple[Obj | None, Declined | None]:
    """Charge, keep or subscribe; the intent it went through, and how the card refused."""
    _details(call, session, method)
    if session["mode"] == "setup":
        intent = call.get("setup_intent", session["setup_intent"], "setup_intent")
        intent["_return_url"] = f"{call.base}/c/pay/{session['id']}"
        return intent, setup_intents.set_up_quietly(call, intent, method)
    if session["mode"] == "subscription":
        return hosted.attempt(call, session, method)
    intent = call.store.find(session["payment_intent"] or "") or _new_intent(call, session)
    if session.get("_keep"):
        intent["setup_future_usage"] = "off_session"
    return intent, charging.attempt_quietly(call, intent, method, off_session=False)


def _new_intent(call: Call, session: Obj) -> Obj:
    data = session["_data"]
    plain = (
        "description",
        "receipt_email",
        "setup_future_usage",
        "statement_descriptor_suffix",
        "transfer_group",
        "capture_method",
        "shipping",
    )
    intent = payment_intents.make(
        call, amount=session["amount_total"], currency=session["currency"], customer=session["customer"],
        metadata=merged({}, data.get("metadata") or {}), _session=session["id"],
        _return_url=f"{call.base}/c/pay/{session['id']}", **{name: data[name] for name in plain if name in data},
    )  # fmt: skip
    session["payment_intent"] = intent["id"]
    call.save(session)
    return intent


def _details(call: Call, session: Obj, method: Obj) -> None:
    """Who pays, as the page learned it; a customer is made where the session asks for one."""
    billing = method["billing_details"]
    owner = call.store.find(session["customer"] or "", "customer") or {}
    wanted = (
        session["customer_creation"] == "always"
        or session["mode"] == "subscription"
        or session["_data"].get("setup_future_usage")
    )
    if not owner and (wanted or session.get("_keep")):
        call.params = {"email": billing["email"], "name": billing["name"]}
        owner = customers.create(call)
        session["customer"] = owner["id"]
    session["customer_details"] = {
        "address": billing["address"], "business_name": None, "email": owner.get("email") or billing["email"], "individual_name": None,
        "name": owner.get("name") or billing["name"], "phone": owner.get("phone"), "tax_exempt": "none", "tax_ids": [],
    }  # fmt: skip
    call.save(session)


def complete(call: Call, session: Obj) -> None:
    """The session is done: paid, kept or subscribed."""
    session |= {"status": "complete", "url": None}
    if session["mode"] != "setup":
        session["payment_status"] = "paid"
        if session["mode"] == "subscription":
            hosted.completed(call, session)
        intent = call.store.find(session["payment_intent"] or "") or {}
        if intent.get("status") == "requires_capture":
            session["payment_status"] = "unpaid"
    call.save(session)
    call.forget("expire_session", session["id"])
    call.emit("checkout.session.completed", session)
