"""Payment methods: cards made from test numbers or test tokens, attached to customers."""

import hashlib

from payments.simulator.calls import Call, present, update
from payments.simulator.cards import Card, by_number, by_token, decline
from payments.simulator.errors import Declined, Invalid, Refusal, missing
from payments.simulator.listing import page
from payments.simulator.resources.customers import named
from payments.simulator.routes import operation
from payments.simulator.shapes import Obj
from payments.simulator.spec import ADDRESS, METADATA, POSITIVE, TEXT, Enum, Hash, Unset, accepts, pages

BILLING = Hash({"address": Unset(ADDRESS), "email": Unset(TEXT), "name": Unset(TEXT), "phone": Unset(TEXT)})
CARD = Hash({"number": TEXT, "exp_month": POSITIVE, "exp_year": POSITIVE, "cvc": TEXT, "token": TEXT})
REDISPLAY = Enum(("always", "limited", "unspecified"))
TYPE = Enum(("card",))


def make(
    call: Call, card: Card, *, month: int = 12, year: int = 2034, cvc: bool = True, billing: Obj | None = None
) -> Obj:
    """A card as a payment method, kept in the store."""
    empty = {"address": None, "email": None, "name": None, "phone": None, "tax_id": None}
    address = dict.fromkeys(("city", "country", "line1", "line2", "postal_code", "state"))
    billing = billing or {}
    brand = {"mastercard": "mastercard", "amex": "amex", "discover": "discover", "unionpay": "unionpay"}.get(
        card.brand, "visa"
    )
    face = {
        "brand": brand, "checks": {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass" if cvc else None},
        "country": card.country, "display_brand": brand, "exp_month": month, "exp_year": year,
        "fingerprint": hashlib.sha256(card.number.encode()).hexdigest()[:16], "funding": card.funding, "generated_from": None,
        "last4": card.number[-4:], "networks": {"available": [brand], "preferred": None}, "regulated_status": "unregulated",
        "three_d_secure_usage": {"supported": True}, "wallet": None,
    }  # fmt: skip
    method = call.new(
        "payment_method", "pm",
        allow_redisplay="unspecified", card=face, customer=None, type="card", radar_options={},
        billing_details={**empty, **billing, "address": {**address, **(billing.get("address") or {})}},
        _number=card.number, _set_up=False,
    )  # fmt: skip
    return call.add(method)


def from_parameters(call: Call, card: Obj, billing: Obj | None = None) -> Obj:
    """`card[number]=…` or `card[token]=tok_visa`."""
    if "token" in card:
        known = by_token(card["token"])
        if known is None:
            raise missing("token", card["token"], param="card[token]", in_path=False)
        return make(call, known, billing=billing)
    for name in ("number", "exp_month", "exp_year"):
        if name not in card:
            raise Invalid(f"Missing required param: card[{name}].", code="parameter_missing", param=f"card[{name}]")
    found = by_number(card["number"])
    month, year = card["exp_month"], card["exp_year"] + (2000 if card["exp_year"] < 100 else 0)
    check_expiry(call, month, year)
    return make(call, found, month=month, year=year, cvc="cvc" in card, billing=billing)


def check_expiry(call: Call, month: int, year: int) -> None:
    from datetime import UTC, datetime

    today = datetime.fromtimestamp(call.now, UTC)
    if not 1 <= month <= 12:
        raise Declined("Your card's expiration month is invalid.", code="invalid_expiry_month", param="exp_month")
    if (year, month) < (today.year, today.month):
        raise Declined("Your card's expiration year is invalid.", code="invalid_expiry_year", param="exp_year")


def resolve(call: Call, id: str, param: str) -> Obj:
    """A payment method by its id; a test token makes a new one."""
    card = by_token(id) if id.startswith("pm_card_") else None
    if card:
        method = make(call, card)
        call.save(method)
        return method
    return call.get("payment_method", id, param)


def attach_to(call: Call, method: Obj, customer: str) -> Obj:
    """Declining cards cannot be kept; the one that declines later can."""
    from payments.simulator.charging import card_of

    if method["customer"] and method["customer"] != customer:
        raise Refusal(
            "The payment method you provided has already been attached to a customer.",
            code="payment_method_already_attached",
        )
    if method.get("_detached"):
        raise Refusal(
            "This PaymentMethod was previously used without being attached to a Customer or was detached from a Customer, "
            "and may not be used again.",
        )
    behaviour = card_of(method).decline
    if behaviour:
        raise decline(behaviour, payment_method=present(method))
    if method["customer"] is None:
        method["customer"] = customer
        call.save(method)
        call.emit("payment_method.attached", method)
    return method


@operation(
    "POST", "/v1/payment_methods",
    accepts(("type",), type=TYPE, card=CARD, billing_details=BILLING, metadata=METADATA, allow_redisplay=REDISPLAY),
)  # fmt: skip
def create(call: Call) -> Obj:
    if "card" not in call.params:
        raise Invalid("Missing required param: card.", code="parameter_missing", param="card")
    method = from_parameters(call, call.params["card"], call.params.get("billing_details"))
    method |= {
        "metadata": call.params.get("metadata") or {},
        "allow_redisplay": call.params.get("allow_redisplay", "unspecified"),
    }
    return call.save(method)


@operation("GET", "/v1/payment_methods/{id}", accepts())
def retrieve(call: Call) -> Obj:
    return resolve(call, call.ids["id"], "id") if call.ids["id"].startswith("pm_card_") else call.at("payment_method")


CARD_CHANGE = Hash({"exp_month": POSITIVE, "exp_year": POSITIVE})


@operation(
    "POST", "/v1/payment_methods/{id}",
    accepts(metadata=METADATA, billing_details=BILLING, allow_redisplay=REDISPLAY, card=CARD_CHANGE),
)  # fmt: skip
def modify(call: Call) -> Obj:
    method, given = call.at("payment_method"), {k: v for k, v in call.params.items() if k != "expand"}
    for name in ("billing_details", "card"):
        if name in given:
            given[name] = {**method[name], **given[name]}
    return update(call, method, "payment_method.updated", **given)


@operation("POST", "/v1/payment_methods/{id}/attach", accepts(("customer",), customer=TEXT))
def attach(call: Call) -> Obj:
    customer = named(call, call.params["customer"])
    call.follow_clock(customer["id"])
    token = call.ids["id"]
    method = resolve(call, token, "payment_method") if token.startswith("pm_card_") else call.at("payment_method")
    return attach_to(call, method, customer["id"])


@operation("POST", "/v1/payment_methods/{id}/detach", accepts())
def detach(call: Call) -> Obj:
    method = call.at("payment_method")
    owner = call.store.find(method["customer"] or "", "customer")
    if owner is None:
        raise Refusal("The payment method you provided is not attached to a customer so detachment is impossible.")
    if owner["invoice_settings"]["default_payment_method"] == method["id"]:
        owner["invoice_settings"]["default_payment_method"] = None
        call.save(owner)
    method |= {"customer": None, "_detached": True}
    call.save(method)
    call.emit("payment_method.detached", method, {"customer": owner["id"]})
    return method


@operation("GET", "/v1/payment_methods", pages(customer=TEXT, type=TYPE, allow_redisplay=REDISPLAY))
def list_all(call: Call) -> Obj:
    where = "" if "customer" in call.params else "doc ->> '$.customer' IS NOT NULL"
    return page(call, "payment_method", where=where, fields=("customer", "type", "allow_redisplay"))


@operation("GET", "/v1/customers/{customer}/payment_methods", pages(type=TYPE, allow_redisplay=REDISPLAY))
def list_of_customer(call: Call) -> Obj:
    customer = call.at("customer", "customer")
    return page(
        call,
        "payment_method",
        where="doc ->> '$.customer' = ?",
        values=(customer["id"],),
        fields=("type", "allow_redisplay"),
    )


@operation("GET", "/v1/customers/{customer}/payment_methods/{id}", accepts())
def retrieve_of_customer(call: Call) -> Obj:
    customer, method = call.at("customer", "customer"), call.at("payment_method")
    if method["customer"] != customer["id"]:
        raise missing("payment_method", method["id"], param="payment_method", in_path=True)
    return method
