"""The documents of a subscription and its items."""

from payments.simulator.calls import Call
from payments.simulator.errors import Invalid
from payments.simulator.shapes import Obj, listing


def blank(call: Call, customer: Obj) -> Obj:
    """A subscription without items yet."""
    subscription: Obj = call.new(
        "subscription", "sub",
        application=None, application_fee_percent=None, automatic_tax={"disabled_reason": None, "enabled": False, "liability": None},
        billing_cycle_anchor=call.now, billing_cycle_anchor_config=None, billing_schedules=[], billing_thresholds=None,
        billing_mode={"flexible": {"proration_discounts": "included"}, "type": "flexible", "updated_at": None}, cancel_at=None,
        cancel_at_period_end=False, canceled_at=None, cancellation_details={"comment": None, "feedback": None, "reason": None},
        collection_method="charge_automatically", currency="", customer=customer["id"], customer_account=None, days_until_due=None,
        default_payment_method=None, default_source=None, default_tax_rates=[], description=None, discounts=[], ended_at=None,
        invoice_settings={"account_tax_ids": None, "custom_fields": None, "description": None, "footer": None, "issuer": {"type": "self"}},
        latest_invoice=None, next_pending_invoice_item_invoice=None, on_behalf_of=None, pause_collection=None,
        payment_settings={"payment_method_options": None, "payment_method_types": None, "save_default_payment_method": "off"},
        pending_invoice_item_interval=None, pending_setup_intent=None, pending_update=None, schedule=None, start_date=call.now,
        status="incomplete", test_clock=customer["test_clock"], transfer_data=None, trial_end=None,
        trial_settings={"end_behavior": {"missing_payment_method": "create_invoice"}}, trial_start=None,
    )  # fmt: skip
    subscription["items"] = listing([], f"/v1/subscription_items?subscription={subscription['id']}") | {
        "total_count": 0
    }
    return subscription


def add_item(call: Call, subscription: Obj, price: Obj, quantity: int, metadata: dict[str, str]) -> None:
    """One more price in it; all of one currency and one interval."""
    items = subscription["items"]
    if items["data"]:
        first = items["data"][0]["price"]
        if (first["currency"], first["recurring"]["interval"]) != (price["currency"], price["recurring"]["interval"]):
            raise Invalid("All prices on a subscription must have the same currency and interval.", param="items")
    item = call.new(
        "subscription_item", "si", billed_until=None, billing_thresholds=None, current_period_end=call.now, current_period_start=call.now,
        discounts=[], metadata=metadata, plan=plan(price), price=price, quantity=quantity, subscription=subscription["id"], tax_rates=[],
    )  # fmt: skip
    del item["livemode"]
    items |= {"data": [*items["data"], item], "total_count": items["total_count"] + 1}
    subscription["currency"] = price["currency"]


def plan(price: Obj) -> Obj:
    """A price in the older words that items still carry."""
    repeats = price["recurring"]
    return {
        "id": price["id"], "object": "plan", "active": price["active"], "amount": price["unit_amount"],
        "amount_decimal": price["unit_amount_decimal"], "billing_scheme": "per_unit", "created": price["created"], "currency": price["currency"],
        "interval": repeats["interval"], "interval_count": repeats["interval_count"], "livemode": False, "metadata": {}, "meter": None,
        "nickname": price["nickname"], "product": price["product"], "tiers_mode": None, "transform_usage": None, "trial_period_days": None,
        "usage_type": "licensed",
    }  # fmt: skip
