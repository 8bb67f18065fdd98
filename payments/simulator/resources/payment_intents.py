"""Payment intents: made, confirmed, captured, cancelled; 3-D Secure on the way."""

from payments.simulator import charging
from payments.simulator.calls import Call, merged, update
from payments.simulator.errors import Invalid, Refusal
from payments.simulator.listing import page
from payments.simulator.resources.customers import named
from payments.simulator.resources.intents import RETURN_ADDRESS, automatic, check_method, check_state, method_for
from payments.simulator.resources.payment_methods import TYPE
from payments.simulator.routes import operation
from payments.simulator.shapes import Obj, new_id, random_text
from payments.simulator.spec import (
    ADDRESS,
    FLAG,
    METADATA,
    POSITIVE,
    SPAN,
    TEXT,
    Enum,
    Hash,
    Kind,
    List,
    Str,
    Unset,
    accepts,
    pages,
)

SHIPPING = Unset(Hash({"address": ADDRESS, "carrier": TEXT, "name": TEXT, "phone": TEXT, "tracking_number": TEXT}))
LEAST = {"usd": 50, "eur": 50, "gbp": 30, "rub": 5000, "kzt": 25000}
CURRENCY = Str(3)
USAGE = Enum(("off_session", "on_session"))
AUTOMATIC = Hash({"enabled": FLAG, "allow_redirects": Enum(("always", "never"))}, ("enabled",))
METHOD_OPTIONS = Hash({
    "card": Hash({
        "request_three_d_secure": Enum(("any", "automatic", "challenge")), "setup_future_usage": Unset(USAGE),
        "capture_method": Enum(("manual",)),
    }),
})  # fmt: skip
FIELDS: dict[str, Kind] = {
    "customer": TEXT, "description": Unset(TEXT), "metadata": METADATA, "payment_method": TEXT,
    "payment_method_options": METHOD_OPTIONS, "allowed_payment_method_types": List(TYPE), "receipt_email": Unset(TEXT),
    "setup_future_usage": Unset(USAGE), "statement_descriptor_suffix": Str(22), "transfer_group": TEXT, "shipping": SHIPPING,
}  # fmt: skip
CONFIRM: dict[str, Kind] = {
    "off_session": FLAG,
    "return_url": TEXT,
    "error_on_requires_action": FLAG,
    "confirmation_token": TEXT,
}
CAPTURE_METHOD = Enum(("automatic", "automatic_async", "manual"))
EARLY = ("requires_payment_method", "requires_confirmation", "requires_action")


def make(call: Call, *, amount: int, currency: str, customer: str | None = None, **more: object) -> Obj:
    """A payment intent that waits for its payment method."""
    id = new_id("pi")
    intent: Obj = call.new(
        "payment_intent", "pi",
        amount=amount, amount_capturable=0, amount_details={"tip": {}}, amount_received=0, application=None, application_fee_amount=None,
        automatic_payment_methods=None, canceled_at=None, cancellation_reason=None, capture_method="automatic_async",
        client_secret=f"{id}_secret_{random_text(25)}", confirmation_method="automatic", currency=currency, customer=customer,
        customer_account=None, description=None, excluded_payment_method_types=None, last_payment_error=None, latest_charge=None,
        next_action=None, on_behalf_of=None, payment_method=None, payment_method_configuration_details=None,
        payment_method_options={"card": {"installments": None, "mandate_options": None, "network": None, "request_three_d_secure": "automatic"}},
        allowed_payment_method_types=None, payment_method_types=["card"], processing=None, receipt_email=None, review=None, setup_future_usage=None, shipping=None,
        source=None, statement_descriptor=None, statement_descriptor_suffix=None, status="requires_payment_method",
        transfer_data=None, transfer_group=None, presentment_details=None, _token=random_text(16), _return_url=None,
    )  # fmt: skip
    intent |= {"id": id, **more}
    call.add(intent)
    call.emit("payment_intent.created", intent)
    return intent


def _check_amount(amount: int, currency: str) -> None:
    if not currency.isalpha() or currency != currency.lower():
        raise Invalid(f"Invalid currency: {currency}.", code="parameter_invalid", param="currency")
    if amount < LEAST.get(currency, 50):
        raise Invalid(
            "The Checkout Session's total amount due must add up to at least the minimum amount for the currency."
            if not amount else f"Amount must be at least {LEAST.get(currency, 50)} minor units of {currency}",
            code="amount_too_small", param="amount",
        )  # fmt: skip
    if amount > 99999999:
        raise Invalid("Amount must be no more than 99999999", code="amount_too_large", param="amount")


@operation(
    "POST", "/v1/payment_intents",
    accepts(
        ("amount", "currency"), **FIELDS, **CONFIRM, amount=POSITIVE, currency=CURRENCY, confirm=FLAG, capture_method=CAPTURE_METHOD,
        automatic_payment_methods=AUTOMATIC, confirmation_method=Enum(("automatic", "manual")),
    ),
)  # fmt: skip
def create(call: Call) -> Obj:
    given = call.params
    _check_amount(given["amount"], given["currency"].lower())
    for name in ("off_session", "return_url", "error_on_requires_action"):
        if name in given and not given.get("confirm"):
            raise Invalid(f"You cannot set `{name}` when `confirm` is not set to true.", param=name)
    customer = named(call, given["customer"])["id"] if "customer" in given else None
    call.follow_clock(customer)
    intent = make(
        call, amount=given["amount"], currency=given["currency"].lower(), customer=customer, automatic_payment_methods=automatic(call),
        metadata=merged({}, given.get("metadata") or {}), capture_method=given.get("capture_method", "automatic_async"),
        confirmation_method=given.get("confirmation_method", "automatic"),
        **{name: given[name] for name in ("description", "receipt_email", "setup_future_usage", "transfer_group", "statement_descriptor_suffix", "shipping", "allowed_payment_method_types") if name in given},
    )  # fmt: skip
    method = method_for(call, given)
    if method:
        check_method(intent, method)
        intent |= {"payment_method": method["id"], "status": "requires_confirmation"}
        call.save(intent)
    return _confirm(call, intent) if given.get("confirm") else intent


@operation("GET", "/v1/payment_intents/{id}", accepts(client_secret=TEXT))
def retrieve(call: Call) -> Obj:
    return call.at("payment_intent")


@operation("POST", "/v1/payment_intents/{id}", accepts(**FIELDS, amount=POSITIVE, currency=CURRENCY))
def modify(call: Call) -> Obj:
    intent = call.at("payment_intent")
    given = {name: value for name, value in call.params.items() if name not in ("expand", "payment_method_options")}
    if intent["status"] not in EARLY and set(given) - {"metadata", "description", "receipt_email", "transfer_group"}:
        check_state(intent, EARLY, "update")
    after = {**intent, **given}
    _check_amount(after["amount"], after["currency"].lower())
    if "customer" in given:
        named(call, given["customer"])
    method = method_for(call, call.params)
    if method:
        check_method({**intent, **given}, method)
        given |= {"payment_method": method["id"], "status": "requires_confirmation"}
    return update(call, intent, **given)


@operation(
    "POST", "/v1/payment_intents/{id}/confirm",
    accepts(
        **CONFIRM, payment_method=TEXT, payment_method_options=METHOD_OPTIONS, receipt_email=Unset(TEXT),
        setup_future_usage=Unset(USAGE), capture_method=CAPTURE_METHOD,
    ),
)  # fmt: skip
def confirm(call: Call) -> Obj:
    intent = call.at("payment_intent")
    call.follow_clock(intent["customer"])
    check_state(intent, EARLY, "confirm")
    method = method_for(call, call.params)
    if method:
        check_method(intent, method)
        intent["payment_method"] = method["id"]
    intent |= {
        name: call.params[name]
        for name in ("receipt_email", "setup_future_usage", "capture_method")
        if name in call.params
    }
    return _confirm(call, intent)


def _confirm(call: Call, intent: Obj) -> Obj:
    given = call.params
    if not intent["payment_method"]:
        raise Refusal(
            "You cannot confirm this PaymentIntent because it's missing a payment method. You can either update the PaymentIntent "
            "with a payment method and then confirm it again, or confirm it again directly with a payment method or ConfirmationToken.",
            code="payment_intent_unexpected_state",
        )
    redirects = (
        not intent["allowed_payment_method_types"]
        and intent["automatic_payment_methods"]
        and intent["automatic_payment_methods"]["allow_redirects"] == "always"
    )
    if redirects and not given.get("return_url") and not given.get("off_session"):
        raise Refusal(RETURN_ADDRESS, param="return_url")
    intent["_return_url"] = given.get("return_url")
    method = call.get("payment_method", intent["payment_method"], "payment_method")
    if given.get("error_on_requires_action") and charging.needs_authentication(
        method, off_session=bool(given.get("off_session"))
    ):
        charging.attempt(call, intent, method, off_session=True)
    charging.attempt(call, intent, method, off_session=bool(given.get("off_session")))
    return intent


@operation(
    "POST",
    "/v1/payment_intents/{id}/capture",
    accepts(amount_to_capture=POSITIVE, metadata=METADATA, statement_descriptor_suffix=Str(22)),
)
def capture(call: Call) -> Obj:
    intent = call.at("payment_intent")
    check_state(intent, ("requires_capture",), "capture")
    amount = call.params.get("amount_to_capture", intent["amount_capturable"])
    if amount > intent["amount_capturable"]:
        text = "The amount_to_capture is greater than the amount that can be captured."
        raise Refusal(text, code="amount_too_large", param="amount_to_capture")
    charge = call.get("charge", intent["latest_charge"], "charge")
    charge["amount_captured"] = amount
    if "metadata" in call.params:
        intent["metadata"] = merged(intent["metadata"], call.params["metadata"])
    charging.settle(call, intent, charge)
    return intent


@operation(
    "POST", "/v1/payment_intents/{id}/cancel",
    accepts(cancellation_reason=Enum(("abandoned", "duplicate", "fraudulent", "requested_by_customer"))),
)  # fmt: skip
def cancel(call: Call) -> Obj:
    intent = call.at("payment_intent")
    check_state(intent, (*EARLY, "requires_capture", "processing"), "cancel")
    if intent.get("_session"):
        text = "You cannot cancel this PaymentIntent because it belongs to a Checkout Session. Expire the Checkout Session instead."
        raise Refusal(text, code="payment_intent_unexpected_state")
    return cancelled(call, intent, call.params.get("cancellation_reason"))


def cancelled(call: Call, intent: Obj, reason: str | None) -> Obj:
    """The intent closed for good; an authorisation that was not captured is released."""
    from payments.simulator.resources.refunds import release

    if intent["status"] == "requires_capture":
        release(call, call.get("charge", intent["latest_charge"], "charge"))
    intent |= {
        "status": "canceled",
        "canceled_at": call.now,
        "cancellation_reason": reason,
        "next_action": None,
        "amount_capturable": 0,
    }
    call.save(intent)
    call.emit("payment_intent.canceled", intent)
    return intent


@operation("GET", "/v1/payment_intents", pages(created=SPAN, customer=TEXT))
def list_all(call: Call) -> Obj:
    return page(call, "payment_intent", fields=("customer",))
