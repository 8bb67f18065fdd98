"""Customers."""

from payments.simulator.calls import Call, update
from payments.simulator.errors import Refusal
from payments.simulator.listing import page
from payments.simulator.routes import operation
from payments.simulator.shapes import Obj, random_text
from payments.simulator.spec import ADDRESS, METADATA, NOTHING, SPAN, TEXT, Hash, Kind, List, Unset, accepts, pages

SHIPPING = Unset(Hash({"address": ADDRESS, "name": TEXT, "phone": TEXT}))
FIELDS: dict[str, Kind] = {
    "address": Unset(ADDRESS),
    "description": Unset(TEXT),
    "email": Unset(TEXT),
    "invoice_settings": Hash({"default_payment_method": Unset(TEXT), "footer": Unset(TEXT)}),
    "metadata": METADATA,
    "name": Unset(TEXT),
    "phone": Unset(TEXT),
    "preferred_locales": List(TEXT),
    "shipping": SHIPPING,
}


@operation("POST", "/v1/customers", accepts(**FIELDS, payment_method=TEXT, test_clock=TEXT))
def create(call: Call) -> Obj:
    given = dict(call.params)
    if given.get("test_clock"):
        call.now = call.get("test_helpers.test_clock", given["test_clock"], "test_clock")["frozen_time"]
    customer = call.new(
        "customer", "cus",
        address=None, balance=0, currency=None, default_source=None, delinquent=False, description=None, email=None,
        invoice_prefix=random_text(8).upper(), name=None, next_invoice_sequence=1, phone=None, preferred_locales=[],
        shipping=None, tax_exempt="none", test_clock=None,
        invoice_settings={"custom_fields": None, "default_payment_method": None, "footer": None, "rendering_options": None},
    )  # fmt: skip
    call.add(customer)
    method = given.pop("payment_method", None)
    if method:
        from payments.simulator.resources.payment_methods import attach_to, resolve

        attached = attach_to(call, resolve(call, method, "payment_method"), customer["id"])
        settings = given.get("invoice_settings", {})
        if settings.get("default_payment_method") == method:
            given["invoice_settings"] = settings | {"default_payment_method": attached["id"]}
    _apply(call, customer, given)
    call.save(customer)
    call.emit("customer.created", customer)
    return customer


def _apply(call: Call, customer: Obj, given: Obj) -> None:
    settings = given.pop("invoice_settings", {})
    default = settings.get("default_payment_method")
    if default and (call.store.find(default, "payment_method") or {}).get("customer") != customer["id"]:
        raise Refusal(
            f"No such PaymentMethod: '{default}'; it's possible this PaymentMethod is not attached to the customer.",
            code="resource_missing",
            param="invoice_settings[default_payment_method]",
        )
    if settings:
        customer["invoice_settings"] = customer["invoice_settings"] | settings
    metadata = given.pop("metadata", {})
    customer.update({name: value for name, value in given.items() if name != "expand"})
    customer["metadata"] = (
        {k: v for k, v in {**customer["metadata"], **(metadata or {})}.items() if v != ""}
        if metadata is not None
        else {}
    )


@operation("GET", "/v1/customers/{id}", accepts())
def retrieve(call: Call) -> Obj:
    customer = call.at("customer")
    return {"id": customer["id"], "object": "customer", "deleted": True} if customer.get("_deleted") else customer


@operation("POST", "/v1/customers/{id}", accepts(**FIELDS))
def modify(call: Call) -> Obj:
    customer = existing(call.at("customer"))
    call.follow_clock(customer["id"])
    after = {**customer, "metadata": dict(customer["metadata"])}
    _apply(call, after, dict(call.params))
    return update(
        call,
        customer,
        "customer.updated",
        **{k: v for k, v in after.items() if k != "metadata"},
        metadata=after["metadata"],
    )


@operation("DELETE", "/v1/customers/{id}", NOTHING)
def delete(call: Call) -> Obj:
    customer = existing(call.at("customer"))
    call.save(customer | {"_deleted": True})
    call.emit("customer.deleted", customer)
    return {"id": customer["id"], "object": "customer", "deleted": True}


@operation("GET", "/v1/customers", pages(created=SPAN, email=TEXT, test_clock=TEXT))
def list_all(call: Call) -> Obj:
    return page(call, "customer", where="doc ->> '$._deleted' IS NULL", fields=("email", "test_clock"))


def existing(customer: Obj) -> Obj:
    if customer.get("_deleted"):
        raise Refusal(f"No such customer: '{customer['id']}'", status=404, code="resource_missing", param="id")
    return customer


def named(call: Call, id: str) -> Obj:
    """The customer that a parameter names, not deleted."""
    customer = call.get("customer", id, "customer")
    if customer.get("_deleted"):
        raise Refusal(f"No such customer: '{id}'", code="resource_missing", param="customer")
    return customer
