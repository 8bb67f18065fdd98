"""Invoices as the API shows them: made by hand, finalized, paid, voided; and the records of their payments."""

from payments.simulator.billing import invoices as billed
from payments.simulator.calls import Call, merged, update
from payments.simulator.errors import Refusal
from payments.simulator.listing import page
from payments.simulator.resources.customers import named
from payments.simulator.resources.intents import check_method
from payments.simulator.resources.payment_methods import resolve
from payments.simulator.routes import operation
from payments.simulator.shapes import Obj, listing
from payments.simulator.spec import COUNT, FLAG, METADATA, NOTHING, SPAN, TEXT, Enum, Hash, Str, Unset, accepts, pages

METHOD = Enum(("charge_automatically", "send_invoice"))


@operation(
    "POST", "/v1/invoices",
    accepts(
        customer=TEXT, auto_advance=FLAG, collection_method=METHOD, currency=Str(3), days_until_due=COUNT, default_payment_method=TEXT,
        description=TEXT, footer=TEXT, metadata=METADATA, subscription=TEXT, pending_invoice_items_behavior=Enum(("exclude", "include")),
    ),
)  # fmt: skip
def create(call: Call) -> Obj:
    given = call.params
    if "customer" not in given:
        raise Refusal("Missing required param: customer.", code="parameter_missing", param="customer")
    customer = named(call, given["customer"])
    call.follow_clock(customer["id"])
    subscription = call.get("subscription", given["subscription"], "subscription") if "subscription" in given else None
    plain = ("collection_method", "default_payment_method", "description", "footer")
    currency = given.get("currency", subscription["currency"] if subscription else _waiting_currency(call, customer))
    due = call.now + given["days_until_due"] * 86400 if "days_until_due" in given else None
    invoice = billed.draft(
        call, customer, str(currency).lower(), reason="manual", subscription=subscription, auto_advance=given.get("auto_advance", False),
        metadata=merged({}, given.get("metadata") or {}), due_date=due, **{name: given[name] for name in plain if name in given},
    )  # fmt: skip
    if given.get("pending_invoice_items_behavior", "exclude") == "include":
        billed.gather(call, invoice)
    return billed.opened(call, invoice, wait=invoice["auto_advance"])


def _waiting_currency(call: Call, customer: Obj) -> str:
    waiting = call.store.select(
        "invoiceitem", "doc ->> '$.customer' = ? AND doc ->> '$.invoice' IS NULL", (customer["id"],)
    )
    return str(waiting[0]["currency"]) if waiting else "usd"


@operation("GET", "/v1/invoices/{id}", accepts())
def retrieve(call: Call) -> Obj:
    return call.at("invoice")


@operation(
    "POST", "/v1/invoices/{id}", accepts(auto_advance=FLAG, default_payment_method=Unset(TEXT), description=Unset(TEXT), footer=Unset(TEXT), metadata=METADATA)
)  # fmt: skip
def modify(call: Call) -> Obj:
    given = {name: value for name, value in call.params.items() if name != "expand"}
    return update(call, call.at("invoice"), "invoice.updated", **given)


@operation("DELETE", "/v1/invoices/{id}", NOTHING)
def delete(call: Call) -> Obj:
    invoice = call.at("invoice")
    if invoice["status"] != "draft" or invoice["_subscription"]:
        raise Refusal(
            "You can only delete draft invoices that do not belong to a subscription.", code="invoice_not_editable"
        )
    call.store.remove(invoice["id"])
    call.emit("invoice.deleted", invoice)
    return {"id": invoice["id"], "object": "invoice", "deleted": True}


def _in_state(call: Call, verb: str, *states: str) -> Obj:
    invoice = call.at("invoice")
    call.follow_clock(invoice["customer"])
    if invoice["status"] not in states:
        code = "invoice_already_paid" if invoice["status"] == "paid" and verb == "pay" else "invoice_not_editable"
        raise Refusal(
            "Invoice is already paid"
            if code == "invoice_already_paid"
            else f"You cannot {verb} an invoice with a status of {invoice['status']}.",
            code=code,
        )
    return invoice


@operation("POST", "/v1/invoices/{id}/finalize", accepts(auto_advance=FLAG))
def finalize(call: Call) -> Obj:
    invoice = _in_state(call, "finalize", "draft")
    if "auto_advance" in call.params:
        invoice["auto_advance"] = call.params["auto_advance"]
    call.forget("finalize_invoice", invoice["id"])
    done = billed.finalize(call, invoice)
    if done["status"] == "open" and done["auto_advance"] and done["collection_method"] == "charge_automatically":
        call.later(call.now + billed.HOUR, "retry_invoice", done["id"], done["test_clock"])
    return done


@operation("POST", "/v1/invoices/{id}/pay", accepts(payment_method=TEXT, off_session=FLAG, paid_out_of_band=FLAG))
def pay(call: Call) -> Obj:
    invoice = _in_state(call, "pay", "draft", "open", "uncollectible")
    if invoice["status"] == "draft":
        billed.finalize(call, invoice)
    if call.params.get("paid_out_of_band"):
        billed.mark_paid(call, invoice)
        return call.at("invoice")
    if invoice["status"] == "paid":
        return invoice
    method = None
    if "payment_method" in call.params:
        method = resolve(call, call.params["payment_method"], "payment_method")
        check_method({"customer": invoice["customer"]}, method)
    refusal = billed.collect(call, invoice, method=method, off_session=call.params.get("off_session", True))
    if refusal:
        raise refusal
    if call.at("invoice")["status"] != "paid":
        text = "This payment requires additional user action before it can be completed successfully."
        raise Refusal(text, status=402, type="card_error", code="invoice_payment_intent_requires_action")
    return call.at("invoice")


@operation("POST", "/v1/invoices/{id}/void", accepts())
def void(call: Call) -> Obj:
    return billed.close(call, _in_state(call, "void", "open", "uncollectible"), "void")


@operation("POST", "/v1/invoices/{id}/mark_uncollectible", accepts())
def mark_uncollectible(call: Call) -> Obj:
    return billed.close(call, _in_state(call, "mark uncollectible", "open"), "uncollectible")


@operation("GET", "/v1/invoices/{id}/lines", pages())
def list_lines(call: Call) -> Obj:
    return listing(call.at("invoice")["lines"]["data"], call.path)


STATUS = Enum(("draft", "open", "paid", "uncollectible", "void"))


@operation(
    "GET",
    "/v1/invoices",
    pages(created=SPAN, customer=TEXT, subscription=TEXT, status=STATUS, collection_method=METHOD),
)
def list_all(call: Call) -> Obj:
    of = call.params.get("subscription")
    where = "doc ->> '$._subscription' = ?" if of else ""
    return page(
        call, "invoice", where=where, values=(of,) if of else (), fields=("customer", "status", "collection_method")
    )


@operation("GET", "/v1/invoice_payments/{id}", accepts())
def retrieve_payment(call: Call) -> Obj:
    return call.at("invoice_payment")


PAYMENT = Hash({"type": Enum(("payment_intent",)), "payment_intent": TEXT}, ("type",))


@operation(
    "GET", "/v1/invoice_payments", pages(invoice=TEXT, status=Enum(("canceled", "open", "paid")), payment=PAYMENT)
)
def list_payments(call: Call) -> Obj:
    intent = call.params.get("payment", {}).get("payment_intent")
    where = "doc ->> '$.payment.payment_intent' = ?" if intent else ""
    return page(call, "invoice_payment", where=where, values=(intent,) if intent else (), fields=("invoice", "status"))
