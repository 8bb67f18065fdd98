"""Subscriptions: begun, changed, cancelled, resumed. Their life between calls is in `billing`."""

from payments.simulator.billing import invoices, lifecycle, outcomes
from payments.simulator.billing.changes import change_items, change_trial, pause
from payments.simulator.billing.documents import add_item, blank
from payments.simulator.calls import Call, merged
from payments.simulator.errors import Invalid, Refusal
from payments.simulator.listing import page
from payments.simulator.resources.customers import named
from payments.simulator.resources.line_items import RECURRING
from payments.simulator.resources.prices import described
from payments.simulator.routes import operation
from payments.simulator.shapes import Obj
from payments.simulator.spec import (
    COUNT,
    FLAG,
    METADATA,
    POSITIVE,
    SPAN,
    TEXT,
    TIME,
    Either,
    Enum,
    Hash,
    Kind,
    List,
    Str,
    Unset,
    accepts,
    pages,
)  # fmt: skip

invoices.paid_hooks.append(outcomes.paid)
invoices.failed_hooks.append(outcomes.failed)

PRICE_DATA = Hash(
    {"currency": Str(3), "product": TEXT, "recurring": RECURRING, "unit_amount": COUNT},
    ("currency", "product", "recurring"),
)
ITEM = Hash({"price": TEXT, "price_data": PRICE_DATA, "quantity": POSITIVE, "metadata": METADATA})
CHANGED_ITEM = Hash(
    {"id": TEXT, "price": TEXT, "price_data": PRICE_DATA, "quantity": POSITIVE, "metadata": METADATA, "deleted": FLAG}
)
ENDINGS = Hash({"end_behavior": Hash({"missing_payment_method": Enum(("cancel", "create_invoice", "pause"))})})
PRORATION = Enum(("always_invoice", "create_prorations", "none"))
BEHAVIOR = Enum(("allow_incomplete", "default_incomplete", "error_if_incomplete"))
SETTINGS = Hash({"payment_method_types": List(TEXT), "save_default_payment_method": Enum(("off", "on_subscription"))})
REASON = Hash({
    "comment": Unset(TEXT),
    "feedback": Unset(Enum(("customer_service", "low_quality", "missing_features", "other", "switched_service", "too_complex", "too_expensive", "unused"))),
})  # fmt: skip
PAUSE = Unset(
    Hash({"behavior": Enum(("keep_as_draft", "mark_uncollectible", "void")), "resumes_at": TIME}, ("behavior",))
)
SHARED: dict[str, Kind] = {
    "cancel_at": Unset(TIME), "cancel_at_period_end": FLAG, "collection_method": Enum(("charge_automatically",)), "default_payment_method": TEXT,
    "description": Unset(TEXT), "metadata": METADATA, "off_session": FLAG, "payment_behavior": BEHAVIOR, "payment_settings": SETTINGS,
    "proration_behavior": PRORATION, "trial_end": Either(("now",), TIME), "trial_settings": ENDINGS,
}  # fmt: skip


@operation(
    "POST", "/v1/subscriptions",
    accepts(**SHARED, customer=TEXT, items=List(ITEM), trial_period_days=POSITIVE, billing_cycle_anchor=TIME, currency=Str(3)),
)  # fmt: skip
def create(call: Call) -> Obj:
    given = call.params
    for name in ("customer", "items"):
        if not given.get(name):
            raise Invalid(f"Missing required param: {name}.", code="parameter_missing", param=name)
    customer = named(call, given["customer"])
    call.follow_clock(customer["id"])
    subscription = blank(call, customer)
    for at, item in enumerate(given["items"]):
        price = (
            described(call, item["price_data"], f"items[{at}][price_data]")
            if "price_data" in item
            else _price(call, item, f"items[{at}][price]")
        )
        add_item(call, subscription, price, item.get("quantity", 1), merged({}, item.get("metadata") or {}))
    if given.get("default_payment_method"):
        subscription["default_payment_method"] = card_of_customer(call, given["default_payment_method"], customer["id"])
    subscription["trial_end"] = trial_of(call, given)
    subscription["metadata"] = merged({}, given.get("metadata") or {})
    _plain(subscription, given)
    _end_moment(call, subscription, given)
    behavior = given.get("payment_behavior", "allow_incomplete")
    free = not any(item["price"]["unit_amount"] for item in subscription["items"]["data"])
    if (
        not subscription["trial_end"]
        and not free
        and behavior == "allow_incomplete"
        and not _has_card(subscription, customer)
    ):
        raise Refusal(
            "This customer has no attached payment source or default payment method. Please consider adding a default payment method.",
            code="resource_missing",
        )
    return lifecycle.begin(call, subscription, customer, behavior=behavior, off_session=given.get("off_session", False))


def _has_card(subscription: Obj, customer: Obj) -> bool:
    return bool(subscription["default_payment_method"] or customer["invoice_settings"]["default_payment_method"])


def _price(call: Call, item: Obj, name: str) -> Obj:
    if "price" not in item:
        raise Invalid(f"Missing required param: {name}.", code="parameter_missing", param=name)
    price = call.get("price", item["price"], name)
    if not price["active"]:
        raise Invalid("The price specified is inactive. This field only accepts active prices.", param=name)
    if not price["recurring"]:
        text = f"The price specified is set to `type=one_time` but this field only accepts prices with `type=recurring`: {price['id']}"
        raise Invalid(text, param=name)
    return price


def card_of_customer(call: Call, id: str, customer: str) -> str:
    method = call.get("payment_method", id, "default_payment_method")
    if method["customer"] != customer:
        text = f"The customer does not have a payment method with the ID {id}. The payment method must be attached to the customer."
        raise Refusal(text, code="resource_missing", param="default_payment_method")
    return str(method["id"])


def trial_of(call: Call, given: Obj) -> int | None:
    """When the trial ends, if there is one."""
    if "trial_period_days" in given and "trial_end" in given:
        raise Invalid("You may only specify one of these parameters: trial_end, trial_period_days.")
    if "trial_period_days" in given:
        return int(call.now + given["trial_period_days"] * 86400)
    trial_end = given.get("trial_end")
    if trial_end in (None, "now"):
        return None
    if trial_end <= call.now:
        raise Refusal("Timestamp must be in the future", param="trial_end")
    return int(trial_end)


def _plain(subscription: Obj, given: Obj) -> None:
    if "description" in given:
        subscription["description"] = given["description"]
    for name in ("payment_settings", "trial_settings"):
        if name in given:
            subscription[name] = (subscription[name] or {}) | given[name]


def _end_moment(call: Call, subscription: Obj, given: Obj) -> None:
    """`cancel_at` and `cancel_at_period_end`, set or taken back."""
    if "cancel_at" in given and "cancel_at_period_end" in given:
        raise Invalid("You may only specify one of these parameters: cancel_at, cancel_at_period_end.")
    if "cancel_at_period_end" in given:
        at_end = given["cancel_at_period_end"]
        subscription |= {
            "cancel_at_period_end": at_end,
            "cancel_at": lifecycle.period_of(subscription)[1] if at_end else None,
        }
    elif "cancel_at" in given:
        if given["cancel_at"] is not None and given["cancel_at"] <= call.now:
            raise Refusal("The timestamp must be in the future.", param="cancel_at")
        subscription |= {"cancel_at": given["cancel_at"], "cancel_at_period_end": False}
        call.forget("cancel_at", subscription["id"])
        if given["cancel_at"]:
            call.later(given["cancel_at"], "cancel_at", subscription["id"], subscription["test_clock"])
    else:
        return
    leaving = subscription["cancel_at"] is not None
    subscription["canceled_at"] = call.now if leaving else None
    subscription["cancellation_details"] = {
        **subscription["cancellation_details"],
        "reason": "cancellation_requested" if leaving else None,
    }


@operation("GET", "/v1/subscriptions/{id}", accepts())
def retrieve(call: Call) -> Obj:
    return call.at("subscription")


@operation(
    "POST", "/v1/subscriptions/{id}",
    accepts(**SHARED, items=List(CHANGED_ITEM), pause_collection=PAUSE, cancellation_details=REASON, proration_date=TIME),
)  # fmt: skip
def modify(call: Call) -> Obj:
    subscription, given = call.at("subscription"), call.params
    call.follow_clock(subscription["customer"])
    if subscription["status"] in lifecycle.ENDED and set(given) - {"metadata", "cancellation_details", "expand"}:
        text = "A canceled subscription can only update its cancellation_details and metadata."
        raise Refusal(text)
    before = lifecycle.copy(subscription)
    if given.get("default_payment_method"):
        subscription["default_payment_method"] = card_of_customer(
            call, given["default_payment_method"], subscription["customer"]
        )
    if "metadata" in given:
        subscription["metadata"] = merged(subscription["metadata"], given["metadata"])
    if "cancellation_details" in given:
        subscription["cancellation_details"] = {**subscription["cancellation_details"], **given["cancellation_details"]}
    _plain(subscription, given)
    if "pause_collection" in given:
        pause(call, subscription, given["pause_collection"])
    _end_moment(call, subscription, given)
    extra = change_items(call, subscription, given) if "items" in given else None
    told = lifecycle.told(call, subscription, before)
    if extra:
        told = extra(told)
    return change_trial(call, told, given["trial_end"]) if "trial_end" in given else told


@operation("DELETE", "/v1/subscriptions/{id}", accepts(prorate=FLAG, invoice_now=FLAG, cancellation_details=REASON))
def cancel(call: Call) -> Obj:
    subscription = call.at("subscription")
    call.follow_clock(subscription["customer"])
    if subscription["status"] in lifecycle.ENDED:
        raise Refusal(f"No such subscription: '{subscription['id']}'", status=404, code="resource_missing", param="id")
    if "cancellation_details" in call.params:
        subscription["cancellation_details"] = {
            **subscription["cancellation_details"],
            **call.params["cancellation_details"],
        }
    return lifecycle.end(call, subscription, reason="cancellation_requested")


@operation("POST", "/v1/subscriptions/{id}/resume", accepts(proration_behavior=PRORATION, payment_behavior=BEHAVIOR))
def resume(call: Call) -> Obj:
    subscription = call.at("subscription")
    call.follow_clock(subscription["customer"])
    if subscription["status"] != "paused":
        raise Refusal(
            f"Subscription cannot be resumed because it has a status of {subscription['status']}; only paused ones can."
        )
    subscription["billing_cycle_anchor"] = call.now
    resumed = lifecycle.renew(call, subscription, at_once=True)
    call.emit("customer.subscription.resumed", resumed)
    return resumed


STATUS = Enum(
    (
        "active",
        "all",
        "canceled",
        "ended",
        "incomplete",
        "incomplete_expired",
        "past_due",
        "paused",
        "trialing",
        "unpaid",
    )
)


@operation("GET", "/v1/subscriptions", pages(created=SPAN, customer=TEXT, status=STATUS, price=TEXT, test_clock=TEXT))
def list_all(call: Call) -> Obj:
    given = call.params
    status = given.pop("status", None)
    where, values = {
        None: ("doc ->> '$.status' != 'canceled'", ()), "all": ("", ()),
        "ended": ("doc ->> '$.status' IN ('canceled', 'incomplete_expired')", ()),
    }.get(status, ("doc ->> '$.status' = ?", (status,)))  # fmt: skip
    if "price" in given:
        clause = "EXISTS (SELECT 1 FROM json_each(doc, '$.items.data') AS item WHERE item.value ->> '$.price.id' = ?)"
        where, values = (f"{where} AND {clause}" if where else clause), (*values, given["price"])
    return page(call, "subscription", where=where, values=values, fields=("customer", "test_clock"))
