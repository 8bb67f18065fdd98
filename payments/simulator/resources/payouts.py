"""Payouts to a bank account, of the platform or of a connected account; some banks send the money back."""

from payments.simulator import funds
from payments.simulator.calls import Call, merged, update
from payments.simulator.errors import Refusal
from payments.simulator.listing import page
from payments.simulator.resources.connect_states import BANKS_THAT_FAIL, FAILURES
from payments.simulator.routes import operation
from payments.simulator.schedule import job
from payments.simulator.shapes import Obj
from payments.simulator.spec import METADATA, POSITIVE, SPAN, TEXT, Enum, Str, accepts, pages

ARRIVES_AFTER = 24 * 3600


@operation(
    "POST", "/v1/payouts",
    accepts(
        ("amount", "currency"), amount=POSITIVE, currency=Str(3), description=TEXT, destination=TEXT, metadata=METADATA,
        method=Enum(("instant", "standard")), source_type=Enum(("bank_account", "card", "fpx")), statement_descriptor=Str(22),
    ),
)  # fmt: skip
def create(call: Call) -> Obj:
    given = call.params
    account = call.store.find(call.account, "account") if call.account else None
    if account and not account["payouts_enabled"]:
        raise Refusal("Payouts are not enabled for this account.", code="payouts_not_allowed")
    funds.require(call, account=call.account, amount=given["amount"], currency=given["currency"].lower())
    return pay_out(
        call, account, amount=given["amount"], currency=given["currency"].lower(), automatic=False, destination=given.get("destination"),
        description=given.get("description"), metadata=merged({}, given.get("metadata") or {}),
        method=given.get("method", "standard"), statement_descriptor=given.get("statement_descriptor"),
    )  # fmt: skip


def pay_out(
    call: Call,
    account: Obj | None,
    *,
    amount: int,
    currency: str,
    automatic: bool,
    destination: str | None = None,
    **more: object,
) -> Obj:
    """Money leaves the balance for the bank; it arrives, or comes back, later."""
    bank = _bank(account, destination)
    arrives = call.now + int(call.store.setting("arrives_after", str(ARRIVES_AFTER)))
    payout: Obj = call.new(
        "payout", "po",
        amount=amount, application_fee=None, application_fee_amount=None, arrival_date=arrives, automatic=automatic, balance_transaction=None,
        currency=currency, description=None, destination=bank["id"] if bank else None, failure_balance_transaction=None, failure_code=None,
        failure_message=None, method="standard", original_payout=None, payout_method=None,
        reconciliation_status="in_progress" if automatic else "not_applicable", reversed_by=None, source_type="card", statement_descriptor=None,
        status="pending", trace_id={"status": "pending", "value": None}, type="bank_account",
    ) | more  # fmt: skip
    booked = funds.book(
        call, type="payout", amount=-amount, currency=currency, source=payout["id"], description="STRIPE PAYOUT"
    )
    payout["balance_transaction"] = booked["id"]
    if bank:
        payout["_fails"] = BANKS_THAT_FAIL.get(bank["_number"])
    call.add(payout)
    call.emit("payout.created", payout)
    call.later(arrives, "payout_arrives", payout["id"])
    return payout


def _bank(account: Obj | None, destination: str | None) -> Obj | None:
    if account is None:
        return None
    banks: list[Obj] = account["external_accounts"]["data"]
    found = next((bank for bank in banks if destination in (None, bank["id"])), None)
    if found is None:
        text = (
            f"No such external account: '{destination}'"
            if destination
            else "You need to add an external account before you can be paid out."
        )
        raise Refusal(text, code="resource_missing" if destination else "no_account", param="destination")
    return found


@job("payout_arrives")
def _arrives(call: Call, id: str) -> None:
    payout = call.store.find(id)
    if payout is None or payout["status"] not in ("pending", "in_transit"):
        return
    if payout.get("_fails"):
        fail(call, payout, payout["_fails"])
        return
    payout |= {"status": "paid", "trace_id": {"status": "supported", "value": f"FT{payout['id'][-10:].upper()}"}}
    if payout["automatic"]:
        payout["reconciliation_status"] = "completed"
    call.save(payout)
    call.emit("payout.updated", payout)
    call.emit("payout.paid", payout)


def fail(call: Call, payout: Obj, code: str) -> None:
    """The bank sends it back: the money is on the balance again."""
    booked = funds.book(
        call,
        type="payout_failure",
        amount=payout["amount"],
        currency=payout["currency"],
        source=payout["id"],
        description="STRIPE PAYOUT FAILURE",
    )
    payout |= {
        "status": "failed", "failure_code": code, "failure_message": FAILURES.get(code, FAILURES["could_not_process"]),
        "failure_balance_transaction": booked["id"], "trace_id": {"status": "unsupported", "value": None},
    }  # fmt: skip
    call.save(payout)
    call.forget("payout_arrives", payout["id"])
    account = call.store.find(call.account, "account") if call.account else None
    if account:
        for bank in account["external_accounts"]["data"]:
            if bank["id"] == payout["destination"]:
                bank["status"] = "errored"
        call.save(account)
    call.emit("payout.updated", payout)
    call.emit("payout.failed", payout)


@operation("GET", "/v1/payouts/{id}", accepts())
def retrieve(call: Call) -> Obj:
    return call.at("payout")


@operation("POST", "/v1/payouts/{id}", accepts(metadata=METADATA))
def modify(call: Call) -> Obj:
    given = {name: value for name, value in call.params.items() if name != "expand"}
    return update(call, call.at("payout"), "payout.updated", **given)


@operation("POST", "/v1/payouts/{id}/cancel", accepts())
def cancel(call: Call) -> Obj:
    payout = call.at("payout")
    if payout["status"] != "pending":
        text = f"Payouts can only be canceled while they are pending; this one is {payout['status']}."
        raise Refusal(text, code="payout_cannot_be_canceled")
    booked = funds.book(
        call,
        type="payout_failure",
        amount=payout["amount"],
        currency=payout["currency"],
        source=payout["id"],
        description="STRIPE PAYOUT CANCEL",
    )
    payout |= {"status": "canceled", "failure_balance_transaction": booked["id"]}
    call.save(payout)
    call.forget("payout_arrives", payout["id"])
    call.emit("payout.canceled", payout)
    return payout


@operation("GET", "/v1/payouts", pages(created=SPAN, status=TEXT, destination=TEXT))
def list_all(call: Call) -> Obj:
    return page(call, "payout", fields=("status", "destination"))
