"""What payment intents and setup intents share: their states, and the method they are given."""

from payments.simulator.calls import Call, present
from payments.simulator.errors import Refusal
from payments.simulator.resources.payment_methods import resolve
from payments.simulator.shapes import Obj

RETURN_ADDRESS = (
    "This PaymentIntent is configured to accept payment methods enabled in your Dashboard. Because some of these payment methods might "
    "redirect your customer off of your page, you must provide a `return_url`. If you don't want to accept redirect-based payment "
    "methods, set `automatic_payment_methods[enabled]` to `true` and `automatic_payment_methods[allow_redirects]` to `never` when "
    "creating Setup Intents and Payment Intents."
)


AUTOMATIC_SINCE = "2023-08-16"
"""Intents made with older API versions take cards only, unless asked otherwise."""


def automatic(call: Call) -> Obj | None:
    """`automatic_payment_methods` of a new intent, by what was asked and by the API's version."""
    asked: Obj | None = call.params.get("automatic_payment_methods")
    if asked is None and call.version < AUTOMATIC_SINCE:
        return None
    return {"allow_redirects": "always", "enabled": True} | (asked or {})


def method_for(call: Call, given: Obj) -> Obj | None:
    """The payment method that the parameters name."""
    return resolve(call, given["payment_method"], "payment_method") if "payment_method" in given else None


def check_method(intent: Obj, method: Obj) -> None:
    """A kept card serves its own customer only."""
    if method.get("_detached"):
        raise Refusal(
            "The provided PaymentMethod was previously used with a PaymentIntent without Customer attachment, shared with a connected "
            "account without Customer attachment, or was detached from a Customer. It may not be used again. To use a PaymentMethod "
            "multiple times, you must attach it to a Customer first.",
        )
    if method["customer"] and method["customer"] != intent["customer"]:
        raise Refusal(
            f"The provided PaymentMethod {method['id']} belongs to the Customer {method['customer']}. Please include the Customer in "
            "the `customer` parameter." if not intent["customer"] else "The provided PaymentMethod belongs to another Customer.",
            param="payment_method",
        )  # fmt: skip


def check_state(intent: Obj, allowed: tuple[str, ...], verb: str) -> None:
    """Refuse an operation in a state that does not know it."""
    if intent["status"] in allowed:
        return
    kind = "PaymentIntent" if intent["object"] == "payment_intent" else "SetupIntent"
    done = {"succeeded": f"This {kind}'s status is succeeded already. "}.get(intent["status"], "")
    raise Refusal(
        f"You cannot {verb} this {kind} because it has a status of {intent['status']}. {done}"
        f"Only a {kind} with one of the following statuses may be {verb}ed: {', '.join(allowed)}.",
        code=f"{intent['object']}_unexpected_state",
        **{intent["object"]: present(intent)},
    )
