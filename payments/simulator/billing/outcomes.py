"""What an invoice's fate means for its subscription."""

from payments.simulator.billing import lifecycle
from payments.simulator.calls import Call
from payments.simulator.shapes import Obj


def paid(call: Call, invoice: Obj) -> None:
    """What it owed is paid: the subscription is alive (again)."""
    subscription = call.store.find(invoice["_subscription"] or "")
    if subscription is None or subscription["status"] in (*lifecycle.ENDED, "trialing", "paused"):
        return
    owing = call.store.select(
        "invoice", "doc ->> '$._subscription' = ? AND doc ->> '$.status' = 'open'", (subscription["id"],)
    )
    before = lifecycle.copy(subscription)
    if not owing:
        subscription["status"] = "active"
        call.forget("incomplete_expires", subscription["id"])
    method = (call.store.find(invoice.get("_intent") or "") or {}).get("payment_method")
    if method and before["status"] == "incomplete" and subscription["default_payment_method"] is None:
        saves = (subscription["payment_settings"] or {}).get("save_default_payment_method") == "on_subscription"
        subscription["default_payment_method"] = method if saves else None
    lifecycle.told(call, subscription, before)


def failed(call: Call, invoice: Obj, given_up: bool) -> None:
    """It owes; given up means that no further attempt follows."""
    subscription = call.store.find(invoice["_subscription"] or "")
    if subscription is None or subscription["status"] in (*lifecycle.ENDED, "incomplete"):
        return
    if given_up and call.store.setting("after_retries", "cancel") == "cancel":
        lifecycle.end(call, subscription, reason="payment_failed")
        return
    before = lifecycle.copy(subscription)
    subscription["status"] = "unpaid" if given_up and call.store.setting("after_retries") == "unpaid" else "past_due"
    lifecycle.told(call, subscription, before)
