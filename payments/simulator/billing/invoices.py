"""Invoices: drafted with their lines, finalized, paid or not; what is tried again, and when it is given up."""

from collections.abc import Callable

from payments.simulator import charging
from payments.simulator.billing.periods import days
from payments.simulator.calls import Call
from payments.simulator.errors import Declined
from payments.simulator.resources import payment_intents
from payments.simulator.schedule import job
from payments.simulator.shapes import Obj, listing, new_id, random_text

HOUR = 3600
RETRY_DAYS = "1,3,5,7"
"""Days after the first failure on which a payment is tried again; then the subscription ends."""
paid_hooks: list[Callable[[Call, Obj], None]] = []
failed_hooks: list[Callable[[Call, Obj, bool], None]] = []
"""Who hears of an invoice's fate: (call, invoice), and for failures whether it was given up."""


def draft(
    call: Call, customer: Obj, currency: str, *, reason: str, subscription: Obj | None = None, **more: object
) -> Obj:
    """An invoice that is still being written."""
    invoice: Obj = call.new(
        "invoice", "in",
        account_country="US", account_name="Poruchi", account_tax_ids=None, amount_due=0, amount_overpaid=0, amount_paid=0, amount_remaining=0,
        amount_shipping=0, application=None, attempt_count=0, attempted=False, auto_advance=True,
        automatic_tax={"disabled_reason": None, "enabled": False, "liability": None, "provider": None, "status": None},
        automatically_finalizes_at=None, billing_reason=reason, collection_method="charge_automatically", currency=currency,
        custom_fields=None, customer=customer["id"], customer_account=None, customer_address=customer["address"],
        customer_email=customer["email"], customer_name=customer["name"], customer_phone=customer["phone"],
        customer_shipping=customer["shipping"], customer_tax_exempt="none", customer_tax_ids=[], default_payment_method=None,
        default_source=None, default_tax_rates=[], description=None, discounts=[], due_date=None, effective_at=None, ending_balance=None,
        footer=None, from_invoice=None, hosted_invoice_url=None, invoice_pdf=None, issuer={"type": "self"}, last_finalization_error=None,
        latest_revision=None, next_payment_attempt=None, number=None, on_behalf_of=None, parent=None,
        payment_settings={"default_mandate": None, "payment_method_options": None, "payment_method_types": None},
        period_end=call.now, period_start=call.now, post_payment_credit_notes_amount=0, pre_payment_credit_notes_amount=0,
        receipt_number=None, rendering=None, shipping_cost=None, shipping_details=None, starting_balance=0, statement_descriptor=None,
        status="draft", status_transitions={"finalized_at": None, "marked_uncollectible_at": None, "paid_at": None, "voided_at": None},
        subtotal=0, subtotal_excluding_tax=0, test_clock=customer["test_clock"], threshold_reason=None, total=0, total_discount_amounts=[],
        total_excluding_tax=0, total_pretax_credit_amounts=[], total_taxes=[], webhooks_delivered_at=None,
        _subscription=None, _token=random_text(24),
    )  # fmt: skip
    invoice["lines"] = listing([], f"/v1/invoices/{invoice['id']}/lines") | {"total_count": 0}
    if subscription:
        about = {"metadata": dict(subscription["metadata"]), "subscription": subscription["id"]}
        invoice |= {
            "_subscription": subscription["id"],
            "parent": {"quote_details": None, "subscription_details": about, "type": "subscription_details"},
        }
    invoice |= more
    call.add(invoice)
    return invoice


def add_line(
    invoice: Obj,
    *,
    amount: int,
    description: str,
    start: int,
    end: int,
    parent: Obj,
    price: Obj | None = None,
    quantity: int = 1,
) -> None:
    pricing = None
    if price:
        pricing = {
            "price_details": {"price": price["id"], "product": price["product"]}, "type": "price_details",
            "unit_amount_decimal": str(price["unit_amount"]),
        }  # fmt: skip
    line = {
        "id": new_id("il"), "object": "line_item", "amount": amount, "currency": invoice["currency"], "description": description,
        "discount_amounts": [], "discountable": True, "discounts": [], "invoice": invoice["id"], "livemode": False, "metadata": {},
        "parent": parent, "period": {"end": end, "start": start}, "pretax_credit_amounts": [], "pricing": pricing, "quantity": quantity,
        "quantity_decimal": str(quantity), "subscription": invoice["_subscription"], "subtotal": amount, "taxes": [],
    }  # fmt: skip
    lines = invoice["lines"]
    lines |= {"data": [*lines["data"], line], "total_count": lines["total_count"] + 1}
    total = sum(item["amount"] for item in lines["data"])
    due = max(total, 0)
    invoice |= {
        "subtotal": total,
        "subtotal_excluding_tax": total,
        "total": total,
        "total_excluding_tax": total,
        "amount_due": due,
        "amount_remaining": due,
    }


def gather(call: Call, invoice: Obj) -> None:
    """Take in what waits for the customer's next invoice."""
    where = "doc ->> '$.customer' = ? AND doc ->> '$.invoice' IS NULL"
    for item in call.store.select("invoiceitem", where, (invoice["customer"],)):
        of = (item["parent"] or {}).get("subscription_details", {}).get("subscription")
        if item["currency"] != invoice["currency"] or (of and of != invoice["_subscription"]):
            continue
        details = {
            "invoice_item": item["id"],
            "proration": item["proration"],
            "proration_details": None,
            "subscription": of,
        }
        parent = {"invoice_item_details": details, "subscription_item_details": None, "type": "invoice_item_details"}
        add_line(
            invoice, amount=item["amount"], description=item["description"] or "", start=item["period"]["start"], end=item["period"]["end"],
            parent=parent, quantity=item["quantity"],
        )  # fmt: skip
        call.save(item | {"invoice": invoice["id"]})


def opened(call: Call, invoice: Obj, *, wait: bool) -> Obj:
    """The draft is there: told of; finalized an hour later, or at once."""
    if wait:
        invoice["automatically_finalizes_at"] = call.now + HOUR
        call.later(call.now + HOUR, "finalize_invoice", invoice["id"], invoice["test_clock"])
    call.save(invoice)
    call.emit("invoice.created", invoice)
    return invoice


@job("finalize_invoice")
def _by_itself(call: Call, id: str) -> None:
    invoice = call.store.find(id)
    if invoice and invoice["status"] == "draft" and invoice["auto_advance"]:
        finalize(call, invoice)
        if invoice["status"] == "open" and invoice["collection_method"] == "charge_automatically":
            collect(call, invoice)


def finalize(call: Call, invoice: Obj, *, intent: Obj | None = None) -> Obj:
    """Numbered, open, with a payment to be made; nothing to pay is paid at once. A pause of collection may void it."""
    customer = call.store.find(invoice["customer"]) or {}
    number = customer["next_invoice_sequence"]
    call.save(customer | {"next_invoice_sequence": number + 1})
    address = f"{call.base}/i/{invoice['id']}/{invoice['_token']}"
    invoice |= {
        "status": "open", "number": f"{customer['invoice_prefix']}-{number:04}", "effective_at": call.now, "automatically_finalizes_at": None,
        "hosted_invoice_url": address, "invoice_pdf": f"{address}/pdf", "ending_balance": 0,
    }  # fmt: skip
    invoice["status_transitions"]["finalized_at"] = call.now
    if invoice["amount_due"]:
        _payment(call, invoice, intent)
    call.save(invoice)
    call.emit("invoice.finalized", invoice)
    if not invoice["amount_due"]:
        mark_paid(call, invoice)
    return invoice


def _payment(call: Call, invoice: Obj, intent: Obj | None) -> None:
    """The payment intent that pays this invoice, and the record that binds them."""
    if intent is None:
        words = "Subscription creation" if invoice["billing_reason"] == "subscription_create" else "Subscription update"
        intent = payment_intents.make(
            call, amount=invoice["amount_due"], currency=invoice["currency"], customer=invoice["customer"], setup_future_usage="off_session",
            description=words if invoice["_subscription"] else f"Payment for Invoice {invoice['number']}", _invoice=invoice["id"],
        )  # fmt: skip
    invoice["_intent"] = intent["id"]
    invoice["confirmation_secret"] = {"client_secret": intent["client_secret"], "type": "payment_intent"}
    record = call.new(
        "invoice_payment", "inpay", amount_paid=None, amount_requested=invoice["amount_due"], currency=invoice["currency"],
        invoice=invoice["id"], is_default=True, payment={"payment_intent": intent["id"], "type": "payment_intent"}, status="open",
        status_transitions={"canceled_at": None, "paid_at": None},
    )  # fmt: skip
    del record["metadata"]
    invoice["_payment"] = record["id"]
    call.add(record)


def method_of(call: Call, invoice: Obj) -> Obj | None:
    """The card that pays: the invoice's, the subscription's, the customer's, in this order."""
    subscription = call.store.find(invoice["_subscription"] or "") or {}
    customer = call.store.find(invoice["customer"]) or {}
    choices = (
        invoice["default_payment_method"],
        subscription.get("default_payment_method"),
        customer["invoice_settings"]["default_payment_method"],
    )
    found = next((choice for choice in choices if choice), None)
    return call.store.find(found) if found else None


def collect(call: Call, invoice: Obj, *, method: Obj | None = None, off_session: bool = True) -> Declined | None:
    """One attempt; how it was refused. The fate of the invoice is settled by what the intent tells (`intent_succeeded`…)."""
    intent = call.get("payment_intent", invoice["_intent"], "payment_intent")
    method = method or method_of(call, invoice)
    if method is None:
        intent_failed(call, intent)
        return Declined(
            "This customer has no attached payment source or default payment method.", code="resource_missing"
        )
    return charging.attempt_quietly(call, intent, method, off_session=off_session)


def intent_succeeded(call: Call, intent: Obj) -> None:
    invoice = call.store.find(intent["_invoice"])
    if invoice and invoice["status"] in ("open", "uncollectible"):
        mark_paid(call, invoice)


def intent_failed(call: Call, intent: Obj) -> None:
    """A failed attempt: counted, told of, tried again by the calendar, given up in the end."""
    invoice = call.store.find(intent["_invoice"])
    if invoice is None or invoice["status"] != "open":
        return
    first = invoice.setdefault("_first_failure", call.now)
    invoice |= {"attempted": True, "attempt_count": invoice["attempt_count"] + 1, "next_payment_attempt": None}
    renewal = invoice["billing_reason"] != "subscription_create" and invoice["auto_advance"]
    moments = [first + days(float(day)) for day in call.store.setting("retry_days", RETRY_DAYS).split(",")]
    ahead = [moment for moment in moments if moment > call.now]
    if renewal and ahead and invoice["_subscription"]:
        invoice["next_payment_attempt"] = ahead[0]
        call.forget("retry_invoice", invoice["id"])
        call.later(ahead[0], "retry_invoice", invoice["id"], invoice["test_clock"])
    call.save(invoice)
    call.emit("invoice.payment_failed", invoice)
    if (intent.get("last_payment_error") or {}).get("code") == "authentication_required":
        call.emit("invoice.payment_action_required", invoice)
    for hook in failed_hooks:
        hook(call, invoice, renewal and not ahead)


def intent_waits(call: Call, intent: Obj) -> None:
    invoice = call.store.find(intent["_invoice"])
    if invoice and invoice["status"] == "open":
        call.emit("invoice.payment_action_required", invoice)


@job("retry_invoice")
def _again(call: Call, id: str) -> None:
    invoice = call.store.find(id)
    if invoice and invoice["status"] == "open" and invoice["auto_advance"]:
        collect(call, invoice)


def mark_paid(call: Call, invoice: Obj) -> None:
    """Paid: by its intent, or because there is nothing to pay."""
    paid = invoice["amount_due"]
    invoice |= {
        "status": "paid", "amount_paid": paid, "amount_remaining": 0, "attempted": True, "next_payment_attempt": None, "auto_advance": False,
        "attempt_count": invoice["attempt_count"] + (1 if paid else 0),
    }  # fmt: skip
    invoice["status_transitions"]["paid_at"] = call.now
    call.save(invoice)
    call.forget("retry_invoice", invoice["id"])
    record = call.store.find(invoice.get("_payment") or "")
    if record:
        record |= {
            "status": "paid",
            "amount_paid": paid,
            "status_transitions": {"canceled_at": None, "paid_at": call.now},
        }
        call.save(record)
        call.emit("invoice_payment.paid", record)
    call.emit("invoice.paid", invoice)
    call.emit("invoice.payment_succeeded", invoice)
    for hook in paid_hooks:
        hook(call, invoice)


def close(call: Call, invoice: Obj, status: str) -> Obj:
    """Void or uncollectible: its intent is cancelled, nothing is tried any more."""
    moment = {"void": "voided_at", "uncollectible": "marked_uncollectible_at"}[status]
    invoice |= {"status": status, "next_payment_attempt": None}
    invoice["status_transitions"][moment] = call.now
    call.save(invoice)
    call.forget("retry_invoice", invoice["id"])
    intent = call.store.find(invoice.get("_intent") or "")
    if status == "void" and intent and intent["status"] in payment_intents.EARLY:
        payment_intents.cancelled(call, intent, "void_invoice")
        record = call.store.find(invoice["_payment"]) or {}
        call.save(record | {"status": "canceled", "status_transitions": {"canceled_at": call.now, "paid_at": None}})
    call.emit("invoice.voided" if status == "void" else "invoice.marked_uncollectible", invoice)
    return invoice
