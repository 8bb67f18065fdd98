"""A subscription begun on the hosted Checkout page: the card first, the subscription when the card has passed."""

from payments.simulator import charging
from payments.simulator.billing import lifecycle
from payments.simulator.billing.documents import add_item, blank
from payments.simulator.calls import Call, merged
from payments.simulator.errors import Declined
from payments.simulator.resources import payment_intents, setup_intents
from payments.simulator.resources.subscriptions import trial_of
from payments.simulator.shapes import Obj


def attempt(call: Call, session: Obj, method: Obj) -> tuple[Obj, Declined | None]:
    """Charge the first period, or for a trial only keep the card; the intent it went through, and how the card refused."""
    address = f"{call.base}/c/pay/{session['id']}"
    intent = call.store.find(session.get("_intent") or "")
    if on_trial(session):
        intent = intent or setup_intents.make(
            call, customer=session["customer"], _session=session["id"], _return_url=address
        )
        session["_intent"] = intent["id"]
        call.save(session)
        return intent, setup_intents.set_up_quietly(call, intent, method)
    intent = intent or payment_intents.make(
        call, amount=session["amount_total"], currency=session["currency"], customer=session["customer"], description="Subscription creation",
        setup_future_usage="off_session", _session=session["id"], _return_url=address,
    )  # fmt: skip
    session["_intent"] = intent["id"]
    call.save(session)
    return intent, charging.attempt_quietly(call, intent, method, off_session=False)


def on_trial(session: Obj) -> bool:
    return bool(session["_data"].get("trial_end") or session["_data"].get("trial_period_days"))


def completed(call: Call, session: Obj) -> None:
    """The card has passed: the subscription begins, its first invoice paid by the same intent."""
    data, intent = (
        session["_data"],
        call.get("payment_intent", session["_intent"], "id") if not on_trial(session) else None,
    )
    setup = call.store.find(session["_intent"]) or {}
    customer = call.get("customer", session["customer"], "customer")
    subscription = blank(call, customer)
    for line in session["_line_items"]:
        if line["price"]["recurring"]:
            add_item(call, subscription, line["price"], line["quantity"], {})
    subscription |= {
        "default_payment_method": (intent or setup)["payment_method"], "trial_end": trial_of(call, data), "description": data.get("description"),
        "metadata": merged({}, data.get("metadata") or {}),
    }  # fmt: skip
    if "trial_settings" in data:
        subscription["trial_settings"] = data["trial_settings"]
    begun = lifecycle.begin(call, subscription, customer, behavior="default_incomplete", paid_by=intent)
    session |= {"subscription": begun["id"], "invoice": begun["latest_invoice"]}
    session["payment_status"] = "paid" if intent else "no_payment_required"
