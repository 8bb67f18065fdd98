"""The columns of `fraud.features.context` for one live cancellation, from rows, as they were known at the moment."""

from datetime import datetime, timedelta

from fraud.evidence.rule import NEIGHBOUR_M
from fraud.features.context import NOBODY, VAGUE, smoothed
from marketplace.chat import selectors as chat
from payments import selectors as payments
from tasks_app import selectors as tasks

PAIR = timedelta(days=60)
REPOST = timedelta(days=7)


def context_of(deal: tasks.CancelledAssignment, *, as_of: datetime) -> dict[str, float]:
    """What is not known is left out, which the model reads as unknown. Nothing later than `as_of` counts, and of people's
    and pairs' records nothing later than the cancellation."""
    charge = payments.charge_for(deal.response_id)
    return {
        **_what_was_said(deal),
        **({} if charge is None else {"fee_minor": float(charge.amount.minor)}),
        **_records(deal),
        **_talk(deal, as_of),
        "reposted": float(_reposted(deal, as_of)),
        "other_job_near": float(_other_job(deal, as_of)),
    }


def _what_was_said(deal: tasks.CancelledAssignment) -> dict[str, float]:
    """By whoever cancelled; the other side's answer comes at a time that is not kept."""
    facts = tasks.cancellation_facts(deal.cancellation_id)
    told = {"by_customer": float(deal.by_side == "customer"), "price_minor": float(facts.price_minor)}
    if not facts.reason:
        return told
    return told | {
        "reason_vague": float(facts.reason in VAGUE), "reason_no_show": float(facts.reason in NOBODY),
    }  # fmt: skip


def _records(deal: tasks.CancelledAssignment) -> dict[str, float]:
    pair = {"executor_id": deal.executor_id, "customer_id": deal.customer_id}
    start, end = deal.cancelled_at - PAIR, deal.cancelled_at
    known = {
        "pair_deals": float(tasks.assignments_of_pair(**pair, before=deal.chosen_at).count()),
        "pair_cancellations": float(tasks.pair_cancellations(**pair, start=start, end=end)),
    }
    for side, person_id in (("executor", deal.executor_id), ("customer", deal.customer_id)):
        deals, cancelled = tasks.cancel_record(person_id=person_id, side=side, before=end, but=deal.assignment_id)
        known[f"{side}_cancel_share"] = smoothed(cancelled, deals)
    return known


def _talk(deal: tasks.CancelledAssignment, as_of: datetime) -> dict[str, float]:
    talk = chat.talk_until(response_id=deal.response_id, until=as_of)
    contacts = {"contacts_in_chat": float(talk.contact_at is not None)}
    if talk.last_at is None:
        return contacts
    return contacts | {"silent_after": float(talk.last_at <= (talk.contact_at or deal.chosen_at))}


def _reposted(deal: tasks.CancelledAssignment, as_of: datetime) -> bool:
    until = min(as_of, deal.cancelled_at + REPOST)
    return tasks.reposted_at(cancellation_id=deal.cancellation_id, until=until) is not None


def _other_job(deal: tasks.CancelledAssignment, as_of: datetime) -> bool:
    if deal.lon is None or deal.lat is None:
        return False
    jobs = tasks.other_jobs_near(
        executor_id=deal.executor_id,
        lon=deal.lon,
        lat=deal.lat,
        metres=NEIGHBOUR_M,
        start=deal.window_start,
        end=deal.window_end,
        but=deal.assignment_id,
        as_of=as_of,
    )
    return bool(jobs)
