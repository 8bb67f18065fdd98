"""After a soak: is each acknowledged operation there once, and does everybody's money agree? Reads rows, the processor's own
books and the journal of what people were told: `python -m tests.soak.oracle <world> <journal> <answer>`."""

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import django

from tests.soak import promises
from tests.soak.doctored import noticed


def judge(world: dict[str, Any], journal: list[dict[str, Any]], simulator: str) -> dict[str, Any]:
    """The figures of soak.json, and the first findings in words."""
    from tests.simulator import Simulator

    paid = Simulator(simulator).dump()
    return {**judged(world, journal, paid), "controls_of_the_judge": noticed(world, journal, paid)}


def judged(world: dict[str, Any], journal: list[dict[str, Any]], paid: dict[str, Any]) -> dict[str, Any]:
    findings: list[str] = []
    lost = _lost_responses(journal, findings) + _lost_money(journal, findings) + _lost_cancellations(journal, findings)
    figures = {
        "lost": lost + promises.lost_promises(journal, paid, findings),
        "charged_twice": promises.moved_twice(paid, findings) + _charged_twice(findings),
        "booked_twice": _booked_twice(findings),
        "wrong_wallets": _wrong_wallets(world, findings),
        "wrong_deals": promises.wrong_deals(paid, findings),
        "wrong_subscriptions": promises.wrong_subscriptions(journal, paid, findings),
        "wrong_payouts": promises.wrong_payouts(paid, findings),
        "ghosts": _ghosts(journal, findings),
        "unsettled": _unsettled(findings),
        "reconciliation_mismatches": _mismatches(findings),
    }
    return {**figures, "findings": findings[:40]}


def _lost_responses(journal: list[dict[str, Any]], findings: list[str]) -> int:
    """Acknowledged, but no response, no charge or no entry of its fee."""
    from payments.models import Charge
    from tasks_app.models import Response

    wanted = {wish["answer_id"]: wish for wish in journal if wish["kind"] == "respond" and wish["outcome"] == "done"}
    there = dict(Response.objects.filter(pk__in=wanted).values_list("pk", "executor_id"))
    charged = set(
        Charge.objects.filter(response_id__in=wanted, entry__isnull=False).values_list("response_id", flat=True)
    )
    missing = [pk for pk, wish in wanted.items() if there.get(pk) != wish["person"] or pk not in charged]
    findings += [f"response {pk} was acknowledged and is not there, or not charged" for pk in missing]
    return len(missing)


def _lost_money(journal: list[dict[str, Any]], findings: list[str]) -> int:
    """Top-ups and returns that were acknowledged and did not end as settled."""
    from payments.models import Intent

    wanted = {w["answer_id"]: w for w in journal if w["kind"] in ("top_up", "return") and w["outcome"] == "done"}
    rows = Intent.objects.filter(pk__in=wanted).values_list("pk", "status", "refusal_code")
    bad = [(pk, status, code) for pk, status, code in rows if status != "settled"]
    findings += [f"intent {pk} was acknowledged and ended as {status} {code}" for pk, status, code in bad]
    return len(bad) + len(wanted) - len(rows)


def _lost_cancellations(journal: list[dict[str, Any]], findings: list[str]) -> int:
    """Acknowledged, but the task is still open, or a fee of it was not returned."""
    from payments.models import Charge
    from tasks_app.models import Task

    tasks = [wish["subject"] for wish in journal if wish["kind"] == "cancel" and wish["outcome"] == "done"]
    standing = set(Task.objects.filter(pk__in=tasks).exclude(status="cancelled").values_list("pk", flat=True))
    unpaid = Charge.objects.filter(response__task_id__in=tasks, amount_minor__gt=0).exclude(status="refunded")
    kept = list(unpaid.values_list("response_id", flat=True))
    findings += [f"task {pk} was cancelled and is not" for pk in standing]
    findings += [f"the fee of response {pk} of a cancelled task did not come back" for pk in kept]
    return len(standing) + len(kept)


def _charged_twice(findings: list[str]) -> int:
    """A second fee for one task."""
    from payments.models import Charge

    pairs = Counter(Charge.objects.values_list("response__executor_id", "response__task_id"))
    doubled_fees = [pair for pair, count in pairs.items() if count > 1]
    findings += [f"executor and task {pair} were charged more than once" for pair in doubled_fees]
    return len(doubled_fees)


def _booked_twice(findings: list[str]) -> int:
    """Entries that tell of one thing more than once, by what they are about and not by their operation."""
    from payments.models import Entry

    told: Counter[tuple[str, str]] = Counter()
    for kind, memo in Entry.objects.exclude(kind="reversal").values_list("kind", "memo"):
        about = memo.get("response_id") or memo.get("source") or memo.get("intent_id")
        if kind == "deal_commission":
            about = memo["deal_id"]
        if about:
            told[kind, str(about)] += 1
    doubled = {name: count for name, count in told.items() if count > 1}
    findings += [f"{count} entries of {kind} about {about}" for (kind, about), count in doubled.items()]
    return sum(count - 1 for count in doubled.values())


def _wrong_wallets(world: dict[str, Any], findings: list[str]) -> int:
    """Each wallet against what was in it before, what the processor has of the person, and the fees of their responses."""
    from django.db.models import Sum

    from payments.models import Charge, Intent
    from payments.selectors import wallet_balance

    wrong = 0
    for person in world["executors"]:
        settled = Intent.objects.filter(user_id=person["id"], status="settled", pk__gt=world["last_intent"])
        total = settled.filter(kind="top_up_card").aggregate(total=Sum("amount_minor"))["total"] or 0
        back = settled.filter(kind="top_up_refund").aggregate(total=Sum("amount_minor"))["total"] or 0
        kept = Charge.objects.filter(user_id=person["id"]).exclude(status="refunded")
        fees = kept.aggregate(total=Sum("amount_minor"))["total"] or 0
        expected, held = person["minor"] + total - back - fees, wallet_balance(person["id"]).minor
        if expected != held:
            wrong += 1
            findings.append(f"wallet of {person['id']}: {held} held, {expected} expected")
    return wrong


def _ghosts(journal: list[dict[str, Any]], findings: list[str]) -> int:
    """Refused operations that happened all the same."""
    from payments.models import Intent
    from tasks_app.models import Response

    refused = {wish["key"] for wish in journal if wish["kind"] == "respond" and wish["outcome"] == "refused"}
    ghosts = list(Response.objects.filter(operation__in=refused).values_list("operation", flat=True))
    names = [
        f"top_up:{wish['person']}:{wish['key']}"
        for wish in journal
        if wish["kind"] == "top_up" and wish["outcome"] == "refused"
    ]
    ghosts += list(Intent.objects.filter(operation__in=names, status="settled").values_list("operation", flat=True))
    findings += [f"{name} was refused and happened" for name in ghosts]
    return len(ghosts)


def _unsettled(findings: list[str]) -> int:
    """Money that is decided and has not moved: intents, calls about subscriptions, deals."""
    from payments.models import Intent, SecureDeal, SubscriptionCall

    intents = Intent.objects.filter(status__in=("created", "waiting")).values_list("pk", "kind", "status", "attempts")
    calls = SubscriptionCall.objects.filter(status="due").values_list("pk", "verb", "attempts")
    deals = SecureDeal.objects.filter(status__in=("settling", "awaiting_payment")).values_list("pk", "status")
    findings += [f"intent {row} is unsettled" for row in intents]
    findings += [f"the call {row} about a subscription is not answered" for row in calls]
    findings += [f"deal {row} has not moved" for row in deals]
    return len(intents) + len(calls) + len(deals)


def _mismatches(findings: list[str]) -> int:
    """Four ways: the processor's books, our copy of them, the journal, what people were charged and given."""
    from payments.ledger.reconciliation import mismatches
    from payments.reconciliation.checks import compare_with_processor
    from payments.reconciliation.lines import copy_lines

    copy_lines(all_of_them=True)
    found = [f"{one.check}: {one.subject}: {one.detail}" for one in (*mismatches(), *compare_with_processor())]
    findings += found
    return len(found)


def main() -> None:
    django.setup()
    world, journal = (json.loads(Path(name).read_text()) for name in sys.argv[1:3])
    Path(sys.argv[3]).write_text(json.dumps(judge(world, journal, sys.argv[4]), ensure_ascii=False))


if __name__ == "__main__":
    main()
