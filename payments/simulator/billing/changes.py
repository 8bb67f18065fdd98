"""Changes to a running subscription: other prices, another end of the trial, a pause of collection."""

from collections.abc import Callable

from payments.simulator.billing import invoices, lifecycle
from payments.simulator.billing.documents import add_item, plan
from payments.simulator.calls import Call
from payments.simulator.errors import Invalid, Refusal, missing
from payments.simulator.shapes import Obj, document

Afterwards = Callable[[Obj], Obj]


def pause(call: Call, subscription: Obj, wish: Obj | None) -> None:
    """Collection stops (`behavior` says what becomes of the invoices) or goes on; periods run either way."""
    subscription["pause_collection"] = (
        {"behavior": wish["behavior"], "resumes_at": wish.get("resumes_at")} if wish else None
    )
    call.forget("resume_collection", subscription["id"])
    if wish and wish.get("resumes_at"):
        call.later(wish["resumes_at"], "resume_collection", subscription["id"], subscription["test_clock"])


def change_trial(call: Call, subscription: Obj, trial_end: int | str) -> Obj:
    """Bill next at another moment: nothing is owed until then; or end the trial now."""
    if trial_end == "now":
        if subscription["status"] != "trialing":
            return subscription
        subscription |= {"trial_end": call.now, "billing_cycle_anchor": call.now}
        return lifecycle.trial_over(call, subscription, at_once=True)
    if int(trial_end) <= call.now:
        raise Refusal("Timestamp must be in the future", param="trial_end")
    before = lifecycle.copy(subscription)
    lifecycle.set_period(subscription, call.now, int(trial_end))
    if subscription["cancel_at_period_end"]:
        subscription["cancel_at"] = int(trial_end)
    subscription |= {
        "trial_end": int(trial_end),
        "trial_start": subscription["trial_start"] or call.now,
        "billing_cycle_anchor": int(trial_end),
    }
    if subscription["status"] in ("active", "past_due"):
        subscription["status"] = "trialing"
        customer = call.store.find(subscription["customer"]) or {}
        invoice = lifecycle.bill(call, subscription, customer, reason="subscription_update", free=True)
        subscription["latest_invoice"] = invoice["id"]
        lifecycle.told(call, subscription, before)
        invoices.finalize(call, invoice)
    else:
        lifecycle.told(call, subscription, before)
    lifecycle.plan_next(call, subscription)
    return call.store.find(subscription["id"]) or {}


def change_items(call: Call, subscription: Obj, given: Obj) -> Afterwards | None:
    """Another price or quantity, by the item's id. Returns what is to follow once the change is kept."""
    behavior = given.get("proration_behavior", "create_prorations")
    for at, wish in enumerate(given["items"]):
        if "id" not in wish:
            add_item(call, subscription, _price(call, wish, at), wish.get("quantity", 1), {})
            start, end = lifecycle.period_of(subscription)
            subscription["items"]["data"][-1] |= {"current_period_start": start, "current_period_end": end}
            continue
        item = next((item for item in subscription["items"]["data"] if item["id"] == wish["id"]), None)
        if item is None:
            raise missing("subscription_item", wish["id"], param=f"items[{at}][id]", in_path=False)
        old = dict(item)
        _change_item(call, subscription, item, wish, at)
        if behavior != "none" and subscription["status"] in ("active", "past_due"):
            _prorate(call, subscription, old, item)
    return (lambda kept: _invoice_now(call, kept)) if behavior == "always_invoice" else None


def _price(call: Call, wish: Obj, at: int) -> Obj:
    from payments.simulator.resources.prices import described

    if "price_data" in wish:
        return described(call, wish["price_data"], f"items[{at}][price_data]")
    return call.get("price", wish.get("price", ""), f"items[{at}][price]")


def _change_item(call: Call, subscription: Obj, item: Obj, wish: Obj, at: int) -> None:
    if wish.get("deleted"):
        left = [other for other in subscription["items"]["data"] if other["id"] != item["id"]]
        if not left:
            raise Refusal("A subscription must have at least one active price.")
        subscription["items"] |= {"data": left, "total_count": len(left)}
        return
    if "price" in wish or "price_data" in wish:
        price = _price(call, wish, at)
        was = item["price"]["recurring"]
        now = price["recurring"] or {}
        if (was["interval"], was["interval_count"]) != (now.get("interval"), now.get("interval_count")):
            raise Invalid(
                "The simulator does not change a subscription's interval: cancel it and begin another.",
                param=f"items[{at}][price]",
            )
        item |= {"price": price, "plan": plan(price)}
    if "quantity" in wish:
        item["quantity"] = wish["quantity"]


def _prorate(call: Call, subscription: Obj, old: Obj, new: Obj) -> None:
    """Credit for the unused rest at the old price, debit at the new: on the next invoice."""
    start, end = lifecycle.period_of(subscription)
    left, whole = end - call.now, end - start
    for item, sign, words in ((old, -1, "Unused time on"), (new, 1, "Remaining time on")):
        amount = sign * round(item["price"]["unit_amount"] * item["quantity"] * left / whole)
        product = (call.store.find(item["price"]["product"]) or {}).get("name", "")
        pending_item(
            call, customer=subscription["customer"], amount=amount, currency=subscription["currency"], description=f"{words} {product}",
            period={"end": end, "start": call.now}, subscription=subscription["id"], proration=True,
        )  # fmt: skip


def pending_item(
    call: Call, *, customer: str, amount: int, currency: str, description: str | None, period: Obj | None = None, quantity: int = 1,
    subscription: str | None = None, invoice: str | None = None, proration: bool = False, metadata: dict[str, str] | None = None,
) -> Obj:  # fmt: skip
    """A line that waits for the customer's next invoice."""
    owner = call.store.find(customer) or {}
    about = {"subscription": subscription, "subscription_item": None}
    item = document(
        "invoiceitem", "ii", call.now,
        amount=amount, currency=currency, customer=customer, customer_account=None, date=call.now, description=description, discountable=not proration,
        discounts=[], invoice=invoice, metadata=metadata or {}, net_amount=amount, period=period or {"end": call.now, "start": call.now},
        parent={"subscription_details": about, "type": "subscription_details"} if subscription else None, pricing=None, proration=proration,
        proration_details={"discount_amounts": []} if proration else None, quantity=quantity, quantity_decimal=str(quantity), tax_rates=[],
        test_clock=owner.get("test_clock"),
    )  # fmt: skip
    del item["created"]
    call.add(item)
    call.emit("invoiceitem.created", item)
    return item


def _invoice_now(call: Call, subscription: Obj) -> Obj:
    customer = call.store.find(subscription["customer"]) or {}
    invoice = invoices.draft(
        call, customer, subscription["currency"], reason="subscription_update", subscription=subscription
    )
    invoices.gather(call, invoice)
    invoices.opened(call, invoice, wait=False)
    call.save(subscription | {"latest_invoice": invoice["id"]})
    invoices.finalize(call, invoice)
    if invoice["status"] == "open":
        invoices.collect(call, invoice)
    return call.store.find(subscription["id"]) or {}
