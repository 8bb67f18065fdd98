"""What the page of a deal shows to its reader, and which buttons they have."""

from typing import TYPE_CHECKING, Any

from frontend.deal.money_words import fee_story
from frontend.deal.people import photo_of, portrait
from frontend.deal.secure.panel import money_context
from frontend.deal.timeline import timeline
from marketplace.trust.selectors import review_window
from payments.selectors import charge_for
from tasks_app import selectors

if TYPE_CHECKING:
    from marketplace.accounts.models import User
    from tasks_app.models import Assignment, Cancellation


def waits_for_answer(cancellation: "Cancellation | None") -> bool:
    """One side has not said yet how it sees the cancellation, and nobody has decided."""
    if cancellation is None or cancellation.fault_decided_by_id is not None:
        return False
    if cancellation.by_side not in ("customer", "executor"):
        return False
    return not (cancellation.customer_reason and cancellation.executor_reason)


def deal_context(deal: "Assignment", user: "User") -> dict[str, Any]:
    side = selectors.side_of(deal, user)
    other = deal.executor if side == "customer" else deal.customer
    cancellation = getattr(deal, "cancellation", None)
    zone = deal.task.city.time_zone
    return {
        "deal": deal,
        "task": deal.task,
        "side": side,
        "zone": zone,
        "other": other,
        "other_photo": photo_of(other),
        "other_line": portrait(other).line if side == "customer" else "",
        "contacts": selectors.contacts_for(deal, user),
        "place": selectors.exact_place(deal, user),
        "moments": timeline(deal, zone),
        "story": fee_story(charge_for(deal.response_id), zone) if side != "customer" else "",
        "papers": selectors.papers_of_deal(deal, user),
        "cancellation": cancellation,
        "waits_for_answer": waits_for_answer(cancellation),
        "reviews": deal.status == "accepted" or (cancellation is not None and review_window(deal.pk) is not None),
        "may_cancel": bool(selectors.may_cancel(deal, user)),
        "may_dispute": bool(selectors.may_dispute(deal, user)),
        "may_confirm": bool(selectors.may_confirm(deal, user)),
        "may_accept": bool(selectors.may_accept(deal, user)),
        "may_answer": cancellation is not None and bool(selectors.may_answer(cancellation, user)),
        **money_context(deal, user, zone),
        "steps": {name: bool(selectors.may_step(deal, user, name)) for name in ("on_the_way", "started", "done")},
    }
