"""The columns of `fraud.features.context` for one live cancellation, from rows, as they were known at the moment."""

from datetime import datetime, timedelta

from fraud.evidence.gather import deal_of, other_jobs
from fraud.features.context import NOBODY, VAGUE, smoothed
from marketplace.chat import selectors as chat
from payments import selectors as payments
from tasks_app import selectors as tasks

PAIR = timedelta(days=60)
REPOST = timedelta(days=7)


def context_of(deal: tasks.CancelledAssignment, *, as_of: datetime, other_job: bool | None = None) -> dict[str, float]:
    """What is not known is left out, which the model reads as unknown. Nothing later than `as_of` counts, and of people's
    and pairs' records nothing later than the cancellation. `other_job`: whether the executor had another one near by, when
    the caller has looked already."""
    fee_minor = payments.charged_minor(deal.response_id)
    return {
        **_what_was_said(deal),
        **({} if fee_minor is None else {"fee_minor": float(fee_minor)}),
        **_records(deal),
        **_talk(deal, as_of),
        "reposted": float(_reposted(deal, as_of)),
        "other_job_near": float(_other_job(deal, as_of) if other_job is None else other_job),
    }


def _what_was_said(deal: tasks.CancelledAssignment) -> dict[str, float]:
    told = {"by_customer": float(deal.by_side == "customer"), "price_minor": float(deal.price_minor)}
    if not deal.reason:
        return told
    return told | {
        "reason_vague": float(deal.reason in VAGUE), "reason_no_show": float(deal.reason in NOBODY),
    }  # fmt: skip


def _records(deal: tasks.CancelledAssignment) -> dict[str, float]:
    known = tasks.records_before(deal, pair_since=deal.cancelled_at - PAIR)
    return {
        "pair_deals": float(known.pair_deals),
        "pair_cancellations": float(known.pair_cancelled),
        "executor_cancel_share": smoothed(known.executor_cancelled, known.executor_deals),
        "customer_cancel_share": smoothed(known.customer_cancelled, known.customer_deals),
    }


def _talk(deal: tasks.CancelledAssignment, as_of: datetime) -> dict[str, float]:
    talk = chat.talk_until(response_id=deal.response_id, until=as_of)
    contacts = {"contacts_in_chat": float(talk.contact_at is not None)}
    if talk.last_at is None:
        return contacts
    return contacts | {"silent_after": float(talk.last_at <= (talk.contact_at or deal.chosen_at))}


def _reposted(deal: tasks.CancelledAssignment, as_of: datetime) -> bool:
    until = min(as_of, deal.cancelled_at + REPOST)
    posted_at = tasks.posted_again(
        customer_id=deal.customer_id, category_id=deal.category_id, title=deal.title, address=deal.address,
        but=deal.task_id, after=deal.cancelled_at, until=until,
    )  # fmt: skip
    return posted_at is not None


def _other_job(deal: tasks.CancelledAssignment, as_of: datetime) -> bool:
    agreed = deal_of(deal)
    return agreed is not None and bool(other_jobs(deal, agreed, as_of))
