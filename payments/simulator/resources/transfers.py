"""Transfers to connected accounts, and their reversals."""

from payments.simulator import funds
from payments.simulator.calls import Call, merged, update
from payments.simulator.errors import Refusal, missing
from payments.simulator.listing import page
from payments.simulator.routes import operation
from payments.simulator.schedule import job
from payments.simulator.shapes import Obj, document, listing, new_id
from payments.simulator.spec import METADATA, POSITIVE, SPAN, TEXT, Enum, Str, Unset, accepts, pages


@operation(
    "POST", "/v1/transfers",
    accepts(
        ("currency", "destination"), amount=POSITIVE, currency=Str(3), destination=TEXT, description=TEXT, metadata=METADATA,
        source_transaction=TEXT, source_type=Enum(("bank_account", "card", "fpx")), transfer_group=TEXT,
    ),
)  # fmt: skip
def create(call: Call) -> Obj:
    given = call.params
    account = _destination(call, given["destination"])
    source = (
        call.get("charge", given["source_transaction"], "source_transaction") if "source_transaction" in given else None
    )
    currency = given["currency"].lower()
    if source is None and "amount" not in given:
        raise Refusal("Missing required param: amount.", code="parameter_missing", param="amount")
    amount = given.get("amount") or (source or {})["amount"]
    available_on = _check_source(call, source, amount, currency) if source else call.now
    if source is None:
        funds.require(call, account="", amount=amount, currency=currency)
    group = given.get("transfer_group") or _group(call, source)
    transfer = call.new(
        "transfer", "tr",
        amount=amount, amount_reversed=0, balance_transaction=None, currency=currency, description=given.get("description"),
        destination=account["id"], destination_payment=None, metadata=merged({}, given.get("metadata") or {}), reversed=False,
        source_transaction=source["id"] if source else None, source_type="card", transfer_group=group,
    )  # fmt: skip
    transfer["reversals"] = listing([], f"/v1/transfers/{transfer['id']}/reversals") | {"total_count": 0}
    booked = funds.book(
        call, type="transfer", amount=-amount, currency=currency, source=transfer["id"], available_on=available_on,
        description=transfer["description"],
    )  # fmt: skip
    transfer |= {"balance_transaction": booked["id"], "destination_payment": _arrive(call, transfer, available_on)}
    call.add(transfer)
    call.emit("transfer.created", transfer)
    return transfer


def _destination(call: Call, id: str) -> Obj:
    account = call.store.find(id, "account")
    if account is None or account.get("_deleted"):
        raise Refusal(f"No such destination: '{id}'", code="resource_missing", param="destination")
    if account["capabilities"].get("transfers") != "active":
        raise Refusal(
            "Your destination account needs to have at least one of the following capabilities enabled: transfers, crypto_transfers, legacy_payments",
            code="insufficient_capabilities_for_transfer",
        )
    return account


def _check_source(call: Call, source: Obj, amount: int, currency: str) -> int:
    """Transfers out of one charge never exceed it; when its money becomes available."""
    if source["status"] != "succeeded" or not source["captured"]:
        raise Refusal(
            f"The charge {source['id']} cannot be used as a source_transaction: it has not been paid.",
            param="source_transaction",
        )
    if source["currency"] != currency:
        text = f"The currency of source_transaction's balance transaction ({source['currency']}) must be the same as the transfer currency ({currency})"
        raise Refusal(text, param="source_transaction")
    earlier = call.store.select("transfer", "doc ->> '$.source_transaction' = ?", (source["id"],))
    sent = sum(transfer["amount"] - transfer["amount_reversed"] for transfer in earlier)
    if sent + amount > source["amount"]:
        already = f" (There is already a transfer using this source, amounting to {sent}.)" if sent else ""
        text = f"Transfers using this transaction as a source must not exceed the source amount of {source['amount']}.{already}"
        raise Refusal(text, param="amount")
    booked = call.store.find(source["balance_transaction"])
    return max(call.now, int(booked["available_on"])) if booked else call.now


def _group(call: Call, source: Obj | None) -> str | None:
    """A charge and the transfers out of it share a group."""
    if source is None:
        return None
    if not source["transfer_group"]:
        source["transfer_group"] = f"group_{source['payment_intent']}"
        call.save(source)
    return str(source["transfer_group"])


def _arrive(call: Call, transfer: Obj, available_on: int) -> str:
    """The other side: a payment on the connected account's balance."""
    payment = document(
        "charge", "py", call.now,
        amount=transfer["amount"], amount_captured=transfer["amount"], amount_refunded=0, application=None, application_fee=None,
        application_fee_amount=None, balance_transaction=None, calculated_statement_descriptor=None, captured=True,
        billing_details={"address": dict.fromkeys(("city", "country", "line1", "line2", "postal_code", "state")), "email": None, "name": None, "phone": None, "tax_id": None},
        currency=transfer["currency"], customer=None, description=None, disputed=False, failure_balance_transaction=None, failure_code=None,
        failure_message=None, fraud_details={}, on_behalf_of=None, outcome=None, paid=True, payment_intent=None, payment_method=None,
        payment_method_details={"stripe_account": {}, "type": "stripe_account"}, receipt_email=None, receipt_number=None, receipt_url=None,
        refunded=False, review=None, shipping=None, source_transfer=transfer["id"], statement_descriptor=None, statement_descriptor_suffix=None,
        status="succeeded", transfer_data=None, transfer_group=transfer["transfer_group"],
    )  # fmt: skip
    booked = funds.book(
        call, type="payment", amount=transfer["amount"], currency=transfer["currency"], source=payment["id"], account=transfer["destination"],
        available_on=available_on,
    )  # fmt: skip
    payment["balance_transaction"] = booked["id"]
    call.store.add(payment, transfer["destination"])
    call.later(available_on + 24 * 3600, "automatic_payout", transfer["destination"])
    return str(payment["id"])


@operation("GET", "/v1/transfers/{id}", accepts())
def retrieve(call: Call) -> Obj:
    return call.at("transfer")


@operation("POST", "/v1/transfers/{id}", accepts(description=Unset(TEXT), metadata=METADATA))
def modify(call: Call) -> Obj:
    given = {name: value for name, value in call.params.items() if name != "expand"}
    return update(call, call.at("transfer"), "transfer.updated", **given)


@operation("GET", "/v1/transfers", pages(created=SPAN, destination=TEXT, transfer_group=TEXT))
def list_all(call: Call) -> Obj:
    return page(call, "transfer", fields=("destination", "transfer_group"))


@operation("POST", "/v1/transfers/{id}/reversals", accepts(amount=POSITIVE, description=TEXT, metadata=METADATA))
def reverse(call: Call) -> Obj:
    transfer = call.at("transfer")
    left = transfer["amount"] - transfer["amount_reversed"]
    amount = call.params.get("amount", left)
    if left == 0:
        raise Refusal(f"Transfer {transfer['id']} is already fully reversed.", code="transfer_already_reversed")
    if amount > left:
        raise Refusal(
            f"Reversal amount ({amount}) is greater than unreversed amount on transfer ({left})", param="amount"
        )
    account, currency = transfer["destination"], transfer["currency"]
    if sum(funds.balance_of(call, account, currency)) < amount:
        text = "The connected account's balance is lower than the amount of the reversal."
        raise Refusal(text, code="balance_insufficient")
    reversal = call.new(
        "transfer_reversal", "trr", amount=amount, balance_transaction=None, currency=currency, destination_payment_refund=None,
        metadata=merged({}, call.params.get("metadata") or {}), source_refund=None, transfer=transfer["id"],
    )  # fmt: skip
    del reversal["livemode"]
    booked = funds.book(call, type="transfer_refund", amount=amount, currency=currency, source=reversal["id"])
    reversal |= {
        "balance_transaction": booked["id"],
        "destination_payment_refund": _leave(call, transfer, amount, reversal["id"]),
    }
    call.add(reversal)
    transfer["amount_reversed"] += amount
    transfer["reversed"] = transfer["amount_reversed"] == transfer["amount"]
    shown = transfer["reversals"]
    shown |= {"data": [reversal, *shown["data"]][:10], "total_count": shown["total_count"] + 1}
    shown["has_more"] = shown["total_count"] > len(shown["data"])
    call.save(transfer)
    call.emit("transfer.reversed", transfer)
    return reversal


def _leave(call: Call, transfer: Obj, amount: int, reversal: str) -> str:
    """The payment on the connected account, refunded by as much."""
    payment = call.store.find(transfer["destination_payment"]) or {}
    paid = call.store.find(payment["balance_transaction"]) or {}
    refund: Obj = {
        "id": new_id("pyr"), "object": "refund", "amount": amount, "balance_transaction": None, "charge": payment["id"], "created": call.now,
        "currency": transfer["currency"], "destination_details": None, "metadata": {}, "payment_intent": None, "reason": None,
        "receipt_number": None, "source_transfer_reversal": reversal, "status": "succeeded", "transfer_reversal": None,
    }  # fmt: skip
    booked = funds.book(
        call, type="payment_refund", amount=-amount, currency=transfer["currency"], source=refund["id"], account=transfer["destination"],
        available_on=max(call.now, paid["available_on"]), category="refund",
    )  # fmt: skip
    refund["balance_transaction"] = booked["id"]
    call.store.add(refund, transfer["destination"])
    payment["amount_refunded"] += amount
    payment["refunded"] = payment["amount_refunded"] == payment["amount"]
    call.save(payment)
    return str(refund["id"])


def _reversal(call: Call) -> Obj:
    reversal = call.at("transfer_reversal", "reversal")
    if reversal["transfer"] != call.ids["id"]:
        raise missing("transfer_reversal", reversal["id"], param="id", in_path=True)
    return reversal


@operation("GET", "/v1/transfers/{id}/reversals/{reversal}", accepts())
def retrieve_reversal(call: Call) -> Obj:
    return _reversal(call)


@operation("POST", "/v1/transfers/{id}/reversals/{reversal}", accepts(metadata=METADATA))
def modify_reversal(call: Call) -> Obj:
    given = {name: value for name, value in call.params.items() if name != "expand"}
    return update(call, _reversal(call), **given)


@operation("GET", "/v1/transfers/{id}/reversals", pages())
def list_reversals(call: Call) -> Obj:
    transfer = call.at("transfer")
    return page(call, "transfer_reversal", where="doc ->> '$.transfer' = ?", values=(transfer["id"],))


@job("automatic_payout")
def _automatic(call: Call, id: str) -> None:
    """A connected account on a schedule is paid what is available."""
    from payments.simulator.resources.payouts import pay_out

    account = call.store.find(id, "account")
    if (
        account is None
        or not account["payouts_enabled"]
        or account["settings"]["payouts"]["schedule"]["interval"] == "manual"
    ):
        return
    call.account = id
    for currency in funds.currencies(call, id):
        available = funds.balance_of(call, id, currency)[0]
        if available > 0:
            pay_out(call, account, amount=available, currency=currency, automatic=True)
