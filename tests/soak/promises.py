"""After a soak: secure deals and subscriptions, each against the processor's own objects and what was acknowledged."""

from collections import Counter
from typing import Any

Journal = list[dict[str, Any]]
Paid = dict[str, Any]

# kinds of the processor's objects that move money, and what tells that one did
MOVED = {
    "payment_intent": lambda row: row["status"] == "succeeded" and row["metadata"].get("operation"),
    "refund": lambda row: row["status"] == "succeeded",
    "transfer": lambda row: True,
    "transfer_reversal": lambda row: True,
    "payout": lambda row: row["status"] in ("pending", "in_transit", "paid"),
    "subscription": lambda row: row["status"] not in ("incomplete", "incomplete_expired"),
}


def moved_twice(paid: Paid, findings: list[str]) -> int:
    """More than one payment, refund, transfer, payout or subscription for one operation; two bills for one month."""
    twice = 0
    for kind, happened in MOVED.items():
        counts = Counter((row["metadata"] or {}).get("operation") or row["id"] for row in paid[kind] if happened(row))
        twice += _more_than_once(counts, f"{kind} for", findings)
    months = Counter(
        (row["parent"]["subscription_details"]["subscription"], row["lines"]["data"][0]["period"]["start"])
        for row in _paid_bills(paid)
    )
    return twice + _more_than_once(months, "bill for", findings)


def lost_promises(journal: Journal, paid: Paid, findings: list[str]) -> int:
    """Acknowledged steps of deals and subscriptions of which nothing, or something else, is there."""
    return (
        _lost_deals(journal, findings) + _lost_subscriptions(journal, findings) + _lost_pauses(journal, paid, findings)
    )


def wrong_deals(paid: Paid, findings: list[str]) -> int:
    """Deals whose customer paid, or whose sides were given, another sum at the processor than the deal says."""
    from payments.models import Intent, SecureDeal

    sums = {kind: _sums(paid[kind]) for kind in ("payment_intent", "refund", "transfer", "transfer_reversal")}
    wrong = []
    for deal in SecureDeal.objects.all():
        operations = list(Intent.objects.filter(subject=f"deal:{deal.pk}").values_list("operation", flat=True))
        total = {kind: sum(row.get(name, 0) for name in operations) for kind, row in sums.items()}
        to_executor = total["transfer"] - total["transfer_reversal"]
        here = total["payment_intent"] - total["refund"] - to_executor
        expected = _expected(deal)
        if (here, to_executor) != expected:
            wrong.append(f"deal {deal.pk} {deal.status}: {(here, to_executor)} kept and sent, {expected} expected")
    findings += wrong
    return len(wrong)


def _expected(deal: Any) -> tuple[int, int]:
    """What stays with the platform and what the executor has, minor units, by how the deal stands."""
    if deal.status == "settled":
        return deal.commission_minor, deal.to_executor_minor
    return (deal.paid.minor, 0) if deal.status in ("held", "settling") else (0, 0)


def wrong_subscriptions(journal: Journal, paid: Paid, findings: list[str]) -> int:
    """Bills and their refunds at the processor against those booked here, each by its own number; subscriptions that only one
    of the two knows; months charged after the end."""
    from payments.models import Subscription, SubscriptionPayment

    ours = dict(SubscriptionPayment.objects.values_list("invoice_id", "amount_minor"))
    theirs = {row["id"]: row["amount_paid"] for row in _paid_bills(paid)}
    wrong = [f"bill {pk}: {theirs.get(pk, 0)} paid, {ours.get(pk, 0)} booked" for pk in {*ours, *theirs}
             if ours.get(pk) != theirs.get(pk)]  # fmt: skip
    known = set(Subscription.objects.exclude(processor_id="").values_list("processor_id", flat=True))
    wrong += [f"subscription {row['id']} is known to the processor only" for row in paid["subscription"]
              if MOVED["subscription"](row) and row["id"] not in known]  # fmt: skip
    returned = returned_of(paid)
    for pk in {wish["subject"] for wish in journal if wish["kind"] == "refund_month" and wish["outcome"] == "done"}:
        rows = SubscriptionPayment.objects.filter(subscription_id=pk).order_by("pk")
        last = rows.last()
        if last is not None and returned.get(last.payment_id, 0) != last.amount_minor:
            wrong.append(f"the month of subscription {pk} did not come back")
    findings += wrong
    return len(wrong) + _charged_after_end(journal, returned, findings)


def wrong_payouts(paid: Paid, findings: list[str]) -> int:
    """What left the executors' accounts for their banks, and what the site shows of it."""
    from payments.models import Payout

    ours = {row.processor_id: (row.amount_minor, row.status) for row in Payout.objects.all()}
    theirs = {row["id"]: (row["amount"], row["status"]) for row in paid["payout"]}
    wrong = [f"payout {pk}: {theirs.get(pk)} there, {ours.get(pk)} shown" for pk in {*ours, *theirs}
             if ours.get(pk) != theirs.get(pk)]  # fmt: skip
    findings += wrong
    return len(wrong)


def _charged_after_end(journal: Journal, returned: dict[str, int], findings: list[str]) -> int:
    wrong = [
        f"subscription {pk} was ended or paused and paid {kept} months, not {due}"
        for pk, kept, due in ended_months(journal, returned)
        if kept > due
    ]
    findings += wrong
    return len(wrong)


def ended_months(journal: Journal, returned: dict[str, int]) -> list[tuple[int, int, int]]:
    """Subscriptions that were ended, or stayed paused: their number, the months they paid for that did not come back, and the
    months that went by before."""
    from payments.models import SubscriptionPayment

    found = []
    for wish in journal:
        if wish["kind"] in ("end_subscription", "month_paused") and wish["outcome"] == "done":
            pk = wish["subject"]
            rows = SubscriptionPayment.objects.filter(subscription_id=pk)
            kept = sum(not returned.get(row.payment_id) for row in rows)
            gone_by = sum(w["kind"] == "renew" and w["outcome"] == "done" and w["subject"] == pk for w in journal)
            found.append((pk, kept, gone_by + 1))
    return found


def _lost_deals(journal: Journal, findings: list[str]) -> int:
    from payments.models import Intent, SecureDeal

    rows = {deal.pk: deal for deal in SecureDeal.objects.all()}
    settled = set(
        Intent.objects.filter(kind="deal_payment", status="settled").values_list("subject", flat=True)
    )  # fmt: skip
    outcomes = {
        "accept": ("accepted",), "cancel_deal": ("cancelled",), "agree_part": ("part_agreed",), "divide": ("moderator",),
    }  # fmt: skip
    lost = []
    for wish in journal:
        if wish["outcome"] != "done":
            continue
        if wish["kind"] == "choose":
            if wish["answer_id"] not in rows or f"deal:{wish['answer_id']}" not in settled:
                lost.append(f"deal {wish['answer_id']} was acknowledged and is not there, or not paid")
        elif wish["kind"] in outcomes:
            deal = rows.get(wish["subject"])
            if deal is None or deal.status != "settled" or deal.outcome not in outcomes[wish["kind"]]:
                lost.append(
                    f"deal {wish['subject']}: {wish['kind']} was acknowledged, and it stands at {deal and deal.status}"
                )
    findings += lost
    return len(lost)


def _lost_subscriptions(journal: Journal, findings: list[str]) -> int:
    from payments.models import Subscription

    rows = {row.pk: row for row in Subscription.objects.all()}
    done = [wish for wish in journal if wish["outcome"] == "done"]
    lost = [
        f"subscription {wish['answer_id']} was acknowledged and never began"
        for wish in done
        if wish["kind"] == "subscribe" and (wish["answer_id"] not in rows or rows[wish["answer_id"]].began_at is None)
    ]
    lost += [
        f"subscription {wish['subject']} was ended and goes on"
        for wish in done
        if wish["kind"] == "end_subscription" and not _ends(rows.get(wish["subject"]))
    ]
    findings += lost
    return len(lost)


def _lost_pauses(journal: Journal, paid: Paid, findings: list[str]) -> int:
    """What was paused stands paused, here and at the processor, and what was resumed goes on in both."""
    from payments.models import Subscription

    rows = {row.pk: row for row in Subscription.objects.all()}
    theirs = {row["id"]: row for row in paid["subscription"]}
    resumed = {wish["subject"]: wish["outcome"] for wish in journal if wish["kind"] == "resume"}
    lost = []
    for wish in journal:
        pk = wish["subject"]
        if wish["kind"] != "pause" or wish["outcome"] != "done" or resumed.get(pk, "done") != "done":
            continue
        row, expected = rows.get(pk), "active" if pk in resumed else "paused"
        there = theirs.get(row.processor_id) if row is not None else None
        paused_there = bool(there and there["pause_collection"])
        if row is None or row.status != expected or there is None or paused_there != (expected == "paused"):
            lost.append(
                f"subscription {pk} should be {expected}: it is {row and row.status} here, paused there: {paused_there}"
            )
    findings += lost
    return len(lost)


def _ends(row: Any) -> bool:
    return row is not None and (row.ends_at_period_end or row.status == "ended")


def _paid_bills(paid: Paid) -> list[dict[str, Any]]:
    return [row for row in paid["invoice"] if row["status"] == "paid" and row["amount_paid"]]


def returned_of(paid: Paid) -> dict[str, int]:
    """Minor units that went back, by payment."""
    return _sums(paid["refund"], by="payment_intent")


def _sums(rows: list[dict[str, Any]], *, by: str = "") -> dict[str, int]:
    """Minor units that really moved, by the operation that the object carries, or by another of its fields."""
    total: Counter[str] = Counter()
    for row in rows:
        if row.get("status", "succeeded") == "succeeded":
            total[row[by] if by else (row["metadata"] or {}).get("operation", "")] += row["amount"]
    return total


def _more_than_once(counts: "Counter[Any]", what: str, findings: list[str]) -> int:
    findings += [f"{count} × {what} {name}" for name, count in counts.items() if count > 1]
    return sum(count - 1 for count in counts.values() if count > 1)
