"""`expand[]`: an identifier in an answer replaced by the object it names."""

from typing import Any

from payments.simulator.calls import Call, present
from payments.simulator.errors import Invalid
from payments.simulator.shapes import Obj, listing

EXPANDABLE = {
    "application_fee", "balance_transaction", "charge", "customer", "default_payment_method", "destination",
    "destination_payment", "failure_balance_transaction", "invoice", "latest_attempt", "latest_charge", "latest_invoice",
    "on_behalf_of", "payment_intent", "payment_method", "pending_setup_intent", "product", "setup_intent", "source",
    "source_refund", "source_transaction", "source_transfer", "source_transfer_reversal", "subscription", "test_clock",
    "transfer", "transfer_reversal", "default_price", "mandate", "destination_payment_refund", "reversal_of",
}  # fmt: skip


def expand(call: Call, answer: Obj, paths: list[str]) -> Obj:
    """A copy of the answer, private fields gone, the named paths opened."""
    shown: Obj = present(answer)
    for path in paths:
        parts = path.split(".")
        if len(parts) > 5:
            raise Invalid("You cannot expand more than 4 levels of a property.", param="expand")
        _open(call, shown, answer, parts, path)
    return shown


def _open(call: Call, node: Any, stored: Any, parts: list[str], path: str) -> None:
    if isinstance(node, list):
        for at, item in enumerate(node):
            _open(call, item, stored[at] if isinstance(stored, list) and at < len(stored) else None, parts, path)
        return
    if not isinstance(node, dict):
        return
    name, rest = parts[0], parts[1:]
    if name not in node:
        included = _included(call, node, name)
        if included is None:
            raise Invalid(f"This property cannot be expanded ({path}).", param="expand")
        node[name] = included
    elif isinstance(node[name], str):
        node[name] = _named(call, node[name], name, path)
    if rest:
        _open(call, node[name], None, rest, path)


def _named(call: Call, id: str, name: str, path: str) -> Any:
    if name not in EXPANDABLE:
        raise Invalid(f"This property cannot be expanded ({path}).", param="expand")
    found = call.store.find(id)
    return present(found) if found else id


def _included(call: Call, node: Obj, name: str) -> Obj | None:
    """Lists that an object carries only when asked: a charge's refunds, a session's lines, an invoice's payments."""
    kinds = {
        ("charge", "refunds"): ("refund", "charge", "/v1/refunds"),
        ("customer", "subscriptions"): ("subscription", "customer", f"/v1/customers/{node.get('id')}/subscriptions"),
        ("invoice", "payments"): ("invoice_payment", "invoice", "/v1/invoice_payments"),
    }
    lines = (call.store.find(node["id"]) or {}).get("_line_items") if node.get("object") == "checkout.session" else None
    if name == "line_items" and lines is not None:
        shown: list[Obj] = present(lines)
        return listing(shown, f"/v1/checkout/sessions/{node['id']}/line_items")
    if (str(node.get("object")), name) not in kinds:
        return None
    kind, field, url = kinds[(str(node["object"]), name)]
    rows = call.store.select(kind, f"doc ->> '$.{field}' = ?", (node["id"],))
    return listing([present(row) for row in reversed(rows[-10:])], url, len(rows) > 10)
