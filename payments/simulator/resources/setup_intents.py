"""Setup intents: a card kept for later, authenticated where it asks for it."""

from payments.simulator import charging
from payments.simulator.calls import Call, merged, present, update
from payments.simulator.cards import decline
from payments.simulator.errors import Declined, Invalid, Refusal
from payments.simulator.listing import page
from payments.simulator.resources.customers import named
from payments.simulator.resources.intents import RETURN_ADDRESS, automatic, check_method, check_state, method_for
from payments.simulator.resources.payment_intents import AUTOMATIC
from payments.simulator.resources.payment_methods import TYPE, attach_to
from payments.simulator.routes import operation
from payments.simulator.shapes import Obj, new_id, random_text
from payments.simulator.spec import FLAG, METADATA, SPAN, TEXT, Enum, Kind, List, Unset, accepts, pages

FIELDS: dict[str, Kind] = {
    "customer": TEXT, "description": Unset(TEXT), "metadata": METADATA, "payment_method": TEXT,
    "allowed_payment_method_types": List(TYPE),
}  # fmt: skip
EARLY = ("requires_payment_method", "requires_confirmation", "requires_action")


def make(call: Call, *, customer: str | None, **more: object) -> Obj:
    id = new_id("seti")
    intent: Obj = call.new(
        "setup_intent", "seti",
        application=None, automatic_payment_methods=None, cancellation_reason=None, client_secret=f"{id}_secret_{random_text(25)}",
        customer=customer, customer_account=None, description=None, excluded_payment_method_types=None, flow_directions=None,
        last_setup_error=None, latest_attempt=None, mandate=None, next_action=None, on_behalf_of=None, payment_method=None,
        payment_method_configuration_details=None, allowed_payment_method_types=None, payment_method_types=["card"], single_use_mandate=None,
        payment_method_options={"card": {"mandate_options": None, "network": None, "request_three_d_secure": "automatic"}},
        status="requires_payment_method", usage="off_session", _token=random_text(16), _return_url=None,
    )  # fmt: skip
    intent |= {"id": id, **more}
    call.add(intent)
    call.emit("setup_intent.created", intent)
    return intent


@operation(
    "POST", "/v1/setup_intents",
    accepts(**FIELDS, confirm=FLAG, return_url=TEXT, usage=Enum(("off_session", "on_session")), automatic_payment_methods=AUTOMATIC),
)  # fmt: skip
def create(call: Call) -> Obj:
    given = call.params
    if "return_url" in given and not given.get("confirm"):
        raise Invalid("You cannot set `return_url` when `confirm` is not set to true.", param="return_url")
    customer = named(call, given["customer"])["id"] if "customer" in given else None
    call.follow_clock(customer)
    intent = make(
        call, customer=customer, automatic_payment_methods=automatic(call), metadata=merged({}, given.get("metadata") or {}),
        usage=given.get("usage", "off_session"), description=given.get("description"),
        allowed_payment_method_types=given.get("allowed_payment_method_types"),
    )  # fmt: skip
    method = method_for(call, given)
    if method:
        check_method(intent, method)
        intent |= {"payment_method": method["id"], "status": "requires_confirmation"}
        call.save(intent)
    return _confirm(call, intent) if given.get("confirm") else intent


@operation("GET", "/v1/setup_intents/{id}", accepts(client_secret=TEXT))
def retrieve(call: Call) -> Obj:
    return call.at("setup_intent")


@operation("POST", "/v1/setup_intents/{id}", accepts(**FIELDS))
def modify(call: Call) -> Obj:
    intent = call.at("setup_intent")
    given = {name: value for name, value in call.params.items() if name != "expand"}
    if set(given) - {"metadata", "description"}:
        check_state(intent, EARLY, "update")
    method = method_for(call, call.params)
    if method:
        check_method({**intent, **given}, method)
        given |= {"payment_method": method["id"], "status": "requires_confirmation"}
    return update(call, intent, **given)


@operation(
    "POST",
    "/v1/setup_intents/{id}/confirm",
    accepts(payment_method=TEXT, return_url=TEXT),
)
def confirm(call: Call) -> Obj:
    intent = call.at("setup_intent")
    check_state(intent, ("requires_payment_method", "requires_confirmation"), "confirm")
    method = method_for(call, call.params)
    if method:
        check_method(intent, method)
        intent["payment_method"] = method["id"]
    return _confirm(call, intent)


def _confirm(call: Call, intent: Obj) -> Obj:
    if not intent["payment_method"]:
        text = "You cannot confirm this SetupIntent because it's missing a payment method."
        raise Refusal(text, code="setup_intent_unexpected_state")
    redirects = (
        not intent["allowed_payment_method_types"]
        and intent["automatic_payment_methods"]
        and intent["automatic_payment_methods"]["allow_redirects"] == "always"
    )
    if redirects and not call.params.get("return_url"):
        raise Refusal(RETURN_ADDRESS.replace("This PaymentIntent", "This SetupIntent"), param="return_url")
    intent["_return_url"] = call.params.get("return_url")
    set_up(call, intent, call.get("payment_method", intent["payment_method"], "payment_method"))
    return intent


def set_up(call: Call, intent: Obj, method: Obj, *, authenticated: bool = False) -> None:
    """Keep the card; raises Declined with the attempt recorded, or leaves the intent waiting for 3-D Secure."""
    card = charging.card_of(method)
    if card.decline:
        _fail(call, intent, method, card.decline)
    if card.secure in ("always", "unless_set_up") and not authenticated:
        intent |= {
            "status": "requires_action",
            "payment_method": method["id"],
            "next_action": charging.action(call, intent, "setup_intents"),
        }
        call.save(intent)
        call.emit("setup_intent.requires_action", intent)
        return
    method["_set_up"] = True
    call.save(method)
    if intent["customer"]:
        attach_to(call, method, intent["customer"])
    intent |= {"status": "succeeded", "payment_method": method["id"], "next_action": None, "last_setup_error": None}
    call.save(intent)
    call.emit("setup_intent.succeeded", intent)


def set_up_quietly(call: Call, intent: Obj, method: Obj) -> Declined | None:
    try:
        set_up(call, intent, method)
    except Declined as refusal:
        return refusal
    return None


def _fail(call: Call, intent: Obj, method: Obj, behaviour: str) -> None:
    refusal = decline(behaviour)
    error = refusal.error | {"payment_method": present(method), "payment_method_type": "card"}
    intent |= {
        "status": "requires_payment_method",
        "payment_method": None,
        "next_action": None,
        "last_setup_error": dict(error),
    }
    call.save(intent)
    call.emit("setup_intent.setup_failed", intent)
    refusal.error |= {"setup_intent": present(intent), "payment_method": present(method)}
    raise refusal


def fail_authentication(call: Call, intent: Obj) -> None:
    error = {
        "code": "setup_intent_authentication_failure", "type": "invalid_request_error",
        "doc_url": "https://docs.stripe.com/error-codes/setup-intent-authentication-failure",
        "message": "The latest attempt to set up the payment method has failed because authentication failed.",
        "payment_method": present(call.store.find(intent["payment_method"]) or {}),
    }  # fmt: skip
    intent |= {
        "status": "requires_payment_method",
        "payment_method": None,
        "next_action": None,
        "last_setup_error": error,
    }
    call.save(intent)
    call.emit("setup_intent.setup_failed", intent)


@operation(
    "POST",
    "/v1/setup_intents/{id}/cancel",
    accepts(cancellation_reason=Enum(("abandoned", "duplicate", "requested_by_customer"))),
)
def cancel(call: Call) -> Obj:
    intent = call.at("setup_intent")
    check_state(intent, EARLY, "cancel")
    intent |= {"status": "canceled", "cancellation_reason": call.params.get("cancellation_reason"), "next_action": None}
    call.save(intent)
    call.emit("setup_intent.canceled", intent)
    return intent


@operation("GET", "/v1/setup_intents", pages(created=SPAN, customer=TEXT, payment_method=TEXT))
def list_all(call: Call) -> Obj:
    return page(call, "setup_intent", fields=("customer", "payment_method"))
