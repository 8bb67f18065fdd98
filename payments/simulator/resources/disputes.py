"""Disputes: opened by a bank, answered with evidence, won or lost."""

from payments.simulator import funds
from payments.simulator.calls import Call, merged
from payments.simulator.charging import card_of
from payments.simulator.errors import Refusal
from payments.simulator.listing import page
from payments.simulator.routes import operation
from payments.simulator.schedule import job
from payments.simulator.shapes import Obj
from payments.simulator.spec import FLAG, METADATA, SPAN, TEXT, Hash, Unset, accepts, pages

FEE = 1500
WEEK = 7 * 24 * 3600
TEXTS = (
    "access_activity_log", "billing_address", "cancellation_policy_disclosure", "cancellation_rebuttal", "customer_email_address",
    "customer_name", "customer_purchase_ip", "duplicate_charge_explanation", "duplicate_charge_id", "product_description",
    "refund_policy_disclosure", "refund_refusal_explanation", "service_date", "shipping_address", "shipping_carrier", "shipping_date",
    "shipping_tracking_number", "uncategorized_text",
)  # fmt: skip
FILES = (
    "cancellation_policy", "customer_communication", "customer_signature", "duplicate_charge_documentation", "receipt", "refund_policy",
    "service_documentation", "shipping_documentation", "uncategorized_file",
)  # fmt: skip
OPEN = ("needs_response", "under_review", "warning_needs_response", "warning_under_review")


@job("dispute")
def _by_card(call: Call, charge_id: str) -> None:
    charge = call.store.find(charge_id, "charge")
    method = call.store.find(charge["payment_method"]) if charge else None
    reason = card_of(method).dispute if method else None
    if charge and reason and not charge["disputed"]:
        open_dispute(call, charge, "general" if reason == "inquiry" else reason, inquiry=reason == "inquiry")


def open_dispute(call: Call, charge: Obj, reason: str, *, inquiry: bool = False) -> Obj:
    """The bank takes the money back until somebody is found right; an inquiry only asks."""
    if charge["status"] != "succeeded" or not charge["captured"] or charge["disputed"]:
        raise Refusal(f"The charge {charge['id']} cannot be disputed.")
    amount = charge["amount_captured"] - charge["amount_refunded"]
    evidence: Obj = {**dict.fromkeys((*TEXTS, *FILES)), "enhanced_evidence": {}}
    brand = charge["payment_method_details"]["card"]["brand"]
    dispute: Obj = call.new(
        "dispute", "du",
        amount=amount, balance_transactions=[], charge=charge["id"], currency=charge["currency"], enhanced_eligibility_types=[],
        evidence=evidence, is_charge_refundable=inquiry, network_reason_code="10.4", payment_intent=charge["payment_intent"],
        evidence_details={
            "due_by": call.now + WEEK, "enhanced_eligibility": {}, "has_evidence": False, "past_due": False, "submission_count": 0,
            "submission_method": "not_submitted",
        },
        payment_method_details={
            "card": {"brand": brand, "case_type": "inquiry" if inquiry else "chargeback", "network": brand, "network_reason_code": "10.4"},
            "type": "card",
        },
        reason=reason, status="warning_needs_response" if inquiry else "needs_response",
    )  # fmt: skip
    charge |= {"disputed": True, "_refundable_dispute": inquiry}
    call.save(charge)
    call.add(dispute)
    if not inquiry:
        _withdraw(call, dispute)
    call.emit("charge.dispute.created", dispute)
    if not inquiry:
        call.emit("charge.dispute.funds_withdrawn", dispute)
    return dispute


def _withdraw(call: Call, dispute: Obj) -> None:
    fee = int(call.store.setting("dispute_fee", str(FEE)))
    booked = funds.book(
        call, type="adjustment", amount=-dispute["amount"], fee=fee, currency=dispute["currency"], source=dispute["id"],
        description=f"Chargeback withdrawal for {dispute['charge']}",
    )  # fmt: skip
    dispute["balance_transactions"] = [booked]
    call.save(dispute)


def close(call: Call, dispute: Obj, *, won: bool) -> Obj:
    """Decided: a won one brings the money back (not the fee)."""
    if dispute["status"] not in OPEN:
        raise Refusal(f"This dispute is already closed, with the status {dispute['status']}.")
    inquiry = dispute["status"].startswith("warning_")
    if won and not inquiry:
        booked = funds.book(
            call, type="adjustment", amount=dispute["amount"], currency=dispute["currency"], source=dispute["id"],
            description=f"Chargeback reversal for {dispute['charge']}", category="dispute_reversal",
        )  # fmt: skip
        dispute["balance_transactions"] = [*dispute["balance_transactions"], booked]
    dispute["status"] = "warning_closed" if inquiry else "won" if won else "lost"
    call.save(dispute)
    call.emit("charge.dispute.updated", dispute)
    if won and not inquiry:
        call.emit("charge.dispute.funds_reinstated", dispute)
    call.emit("charge.dispute.closed", dispute)
    return dispute


@operation("GET", "/v1/disputes/{id}", accepts())
def retrieve(call: Call) -> Obj:
    return call.at("dispute")


@operation(
    "POST", "/v1/disputes/{id}",
    accepts(evidence=Hash(dict.fromkeys((*TEXTS, *FILES), Unset(TEXT))), metadata=METADATA, submit=FLAG),
)  # fmt: skip
def modify(call: Call) -> Obj:
    dispute, given = call.at("dispute"), call.params
    if dispute["status"] not in OPEN:
        raise Refusal("This dispute is already closed.")
    if "metadata" in given:
        dispute["metadata"] = merged(dispute["metadata"], given["metadata"])
    evidence = given.get("evidence")
    if evidence:
        dispute["evidence"] = dispute["evidence"] | evidence
        dispute["evidence_details"]["has_evidence"] = True
    if not evidence or given.get("submit") is False:
        call.save(dispute)
        call.emit("charge.dispute.updated", dispute)
        return dispute
    dispute["evidence_details"] |= {
        "submission_count": dispute["evidence_details"]["submission_count"] + 1,
        "submission_method": "manual",
    }
    dispute["status"] = "warning_under_review" if dispute["status"].startswith("warning_") else "under_review"
    call.save(dispute)
    call.emit("charge.dispute.updated", dispute)
    decided = {"winning_evidence": True, "losing_evidence": False}.get(str(dispute["evidence"]["uncategorized_text"]))
    if decided is not None:
        call.later(call.now, "dispute_won" if decided else "dispute_lost", dispute["id"])
    return dispute


@job("dispute_won")
def _won(call: Call, id: str) -> None:
    dispute = call.store.find(id)
    if dispute and dispute["status"] in OPEN:
        close(call, dispute, won=True)


@job("dispute_lost")
def _lost(call: Call, id: str) -> None:
    dispute = call.store.find(id)
    if dispute and dispute["status"] in OPEN:
        close(call, dispute, won=False)


@operation("POST", "/v1/disputes/{id}/close", accepts())
def accept(call: Call) -> Obj:
    """The seller gives up."""
    return close(call, call.at("dispute"), won=False)


@operation("GET", "/v1/disputes", pages(created=SPAN, charge=TEXT, payment_intent=TEXT))
def list_all(call: Call) -> Obj:
    return page(call, "dispute", fields=("charge", "payment_intent"))
