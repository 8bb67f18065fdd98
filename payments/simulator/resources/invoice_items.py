"""Lines that wait for an invoice."""

from payments.simulator.billing.changes import pending_item
from payments.simulator.billing.invoices import add_line
from payments.simulator.calls import Call, merged, update
from payments.simulator.errors import Invalid, Refusal
from payments.simulator.listing import page
from payments.simulator.resources.customers import named
from payments.simulator.routes import operation
from payments.simulator.shapes import Obj
from payments.simulator.spec import (
    FLAG,
    METADATA,
    NOTHING,
    POSITIVE,
    SPAN,
    TEXT,
    TIME,
    Hash,
    Int,
    Str,
    Unset,
    accepts,
    pages,
)

PERIOD = Hash({"start": TIME, "end": TIME}, ("start", "end"))


@operation(
    "POST", "/v1/invoiceitems",
    accepts(
        amount=Int(), currency=Str(3), customer=TEXT, description=TEXT, invoice=TEXT, metadata=METADATA, period=PERIOD,
        pricing=Hash({"price": TEXT}), quantity=POSITIVE, subscription=TEXT,
    ),
)  # fmt: skip
def create(call: Call) -> Obj:
    given = call.params
    if "customer" not in given:
        raise Invalid("Missing required param: customer.", code="parameter_missing", param="customer")
    customer = named(call, given["customer"])
    call.follow_clock(customer["id"])
    price = call.get("price", given["pricing"]["price"], "pricing[price]") if "pricing" in given else None
    quantity = given.get("quantity", 1)
    if price is None and "amount" not in given:
        raise Invalid("Missing required param: amount.", code="parameter_missing", param="amount")
    amount = price["unit_amount"] * quantity if price else given["amount"]
    currency = price["currency"] if price else given.get("currency", "usd").lower()
    invoice = call.get("invoice", given["invoice"], "invoice") if "invoice" in given else None
    if invoice and invoice["status"] != "draft":
        raise Refusal("This invoice is no longer editable.", code="invoice_not_editable")
    item = pending_item(
        call, customer=customer["id"], amount=amount, currency=currency, description=given.get("description"), period=given.get("period"),
        quantity=quantity, subscription=given.get("subscription"), invoice=invoice["id"] if invoice else None,
        metadata=merged({}, given.get("metadata") or {}),
    )  # fmt: skip
    if invoice:
        details = {"invoice_item": item["id"], "proration": False, "proration_details": None, "subscription": None}
        parent = {"invoice_item_details": details, "subscription_item_details": None, "type": "invoice_item_details"}
        start, end = item["period"]["start"], item["period"]["end"]
        add_line(
            invoice,
            amount=amount,
            description=item["description"] or "",
            start=start,
            end=end,
            parent=parent,
            price=price,
            quantity=quantity,
        )
        call.save(invoice)
    return item


@operation("GET", "/v1/invoiceitems/{id}", accepts())
def retrieve(call: Call) -> Obj:
    return call.at("invoiceitem")


@operation("POST", "/v1/invoiceitems/{id}", accepts(description=Unset(TEXT), metadata=METADATA))
def modify(call: Call) -> Obj:
    given = {name: value for name, value in call.params.items() if name != "expand"}
    return update(call, call.at("invoiceitem"), **given)


@operation("DELETE", "/v1/invoiceitems/{id}", NOTHING)
def delete(call: Call) -> Obj:
    item = call.at("invoiceitem")
    if item["invoice"]:
        raise Refusal("This invoice item is on an invoice already.", code="invoice_not_editable")
    call.store.remove(item["id"])
    call.emit("invoiceitem.deleted", item)
    return {"id": item["id"], "object": "invoiceitem", "deleted": True}


@operation("GET", "/v1/invoiceitems", pages(created=SPAN, customer=TEXT, invoice=TEXT, pending=FLAG))
def list_all(call: Call) -> Obj:
    pending = call.params.get("pending")
    where = "" if pending is None else "doc ->> '$.invoice' IS NULL" if pending else "doc ->> '$.invoice' IS NOT NULL"
    return page(call, "invoiceitem", where=where, fields=("customer", "invoice"))
