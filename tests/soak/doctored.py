"""Controls of the judge: the same soak with one thing made wrong in what it reads. Each has to change its figure."""

from collections.abc import Callable
from typing import Any

from tests.soak import promises

Journal = list[dict[str, Any]]
Paid = dict[str, Any]
KINDS = (*promises.MOVED, "invoice")


def noticed(world: dict[str, Any], journal: Journal, paid: Paid) -> dict[str, bool]:
    """Name of the damage → was it seen? Damage to a kind of thing that did not happen in this soak is left out."""
    seen = {}
    for name, (damage, judge) in CONTROLS.items():
        changed_journal, changed = list(journal), {kind: list(paid[kind]) for kind in KINDS}
        if damage(changed_journal, changed):
            seen[name] = judge(changed_journal, changed) > judge(journal, paid)
    return seen


def _twice(kind: str) -> Callable[[Journal, Paid], bool]:
    """The processor did it a second time, under another number."""

    def damage(journal: Journal, paid: Paid) -> bool:
        done = [row for row in paid[kind] if promises.MOVED[kind](row) and (row["metadata"] or {}).get("operation")]
        if done:
            paid[kind].append({**done[0], "id": f"{done[0]['id']}_again"})
        return bool(done)

    return damage


def _never(kind: str) -> Callable[[Journal, Paid], bool]:
    """The processor does not know of it."""

    def damage(journal: Journal, paid: Paid) -> bool:
        return bool(paid[kind]) and paid[kind].pop() is not None

    return damage


def _invented(kind: str, field: str) -> Callable[[Journal, Paid], bool]:
    """It was acknowledged, and nothing is there."""

    def damage(journal: Journal, paid: Paid) -> bool:
        journal.append({"kind": kind, "outcome": "done", "answer_id": 0, "subject": 0, "key": "", field: -1})
        return True

    return damage


def _no_bill(journal: Journal, paid: Paid) -> bool:
    """The processor does not know of one that was paid."""
    bills = [row for row in paid["invoice"] if row["status"] == "paid" and row["amount_paid"]]
    if bills:
        paid["invoice"].remove(bills[-1])
    return bool(bills)


def _second_bill(journal: Journal, paid: Paid) -> bool:
    bills = [row for row in paid["invoice"] if row["status"] == "paid" and row["amount_paid"]]
    if bills:
        paid["invoice"].append({**bills[0], "id": f"{bills[0]['id']}_again"})
    return bool(bills)


def _not_paused_there(journal: Journal, paid: Paid) -> bool:
    """The processor goes on charging what was paused here."""
    paused = [row for row in paid["subscription"] if row["pause_collection"]]
    for row in paused:
        paid["subscription"][paid["subscription"].index(row)] = {**row, "pause_collection": None}
    return bool(paused)


def _paid_while_paused(journal: Journal, paid: Paid) -> bool:
    """A month was charged that nobody was to pay for: the journal knows of one month less."""
    paused = {wish["subject"] for wish in journal if wish["kind"] == "month_paused"}
    found = promises.ended_months(journal, promises.returned_of(paid))
    exact = {pk for pk, kept, due in found if pk in paused and kept == due}
    renewed = [
        wish for wish in journal if wish["kind"] == "renew" and wish["outcome"] == "done" and wish["subject"] in exact
    ]
    if renewed:
        journal.remove(renewed[0])
    return bool(renewed)


def _lost(journal: Journal, paid: Paid) -> int:
    return promises.lost_promises(journal, paid, [])


def _twice_moved(journal: Journal, paid: Paid) -> int:
    return promises.moved_twice(paid, [])


def _deals(journal: Journal, paid: Paid) -> int:
    return promises.wrong_deals(paid, [])


def _subscriptions(journal: Journal, paid: Paid) -> int:
    return promises.wrong_subscriptions(journal, paid, [])


def _payouts(journal: Journal, paid: Paid) -> int:
    return promises.wrong_payouts(paid, [])


CONTROLS: dict[str, tuple[Callable[[Journal, Paid], bool], Callable[[Journal, Paid], int]]] = {
    "a deal that is not there": (_invented("choose", "answer_id"), _lost),
    "an accepted deal that was not paid out": (_invented("accept", "subject"), _lost),
    "a subscription that is not there": (_invented("subscribe", "answer_id"), _lost),
    "an ended subscription that goes on": (_invented("end_subscription", "subject"), _lost),
    "a divided deal that nobody divided": (_invented("divide", "subject"), _lost),
    "a paused subscription that is not there": (_invented("pause", "subject"), _lost),
    "a pause the processor does not know of": (_not_paused_there, _lost),
    "a month charged while paused": (_paid_while_paused, _subscriptions),
    "a second payment": (_twice("payment_intent"), _twice_moved),
    "a second transfer": (_twice("transfer"), _twice_moved),
    "a second refund": (_twice("refund"), _twice_moved),
    "a second subscription": (_twice("subscription"), _twice_moved),
    "a second bill for one month": (_second_bill, _twice_moved),
    "a transfer that is not there": (_never("transfer"), _deals),
    "a bill that is not there": (_no_bill, _subscriptions),
    "a bill of nobody": (_second_bill, _subscriptions),
    "a payout that is not there": (_never("payout"), _payouts),
}
