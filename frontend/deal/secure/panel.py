"""The money on the page of a deal: how it stands, what it costs, and which buttons its reader has."""

from typing import TYPE_CHECKING, Any

from frontend.deal.secure import words
from payments import selectors as money
from tasks_app import selectors

if TYPE_CHECKING:
    from marketplace.accounts.models import User
    from payments.models import SecureDeal
    from tasks_app.models import Assignment


def money_context(deal: "Assignment", user: "User", zone: str) -> dict[str, Any]:
    """Empty for a deal without held money."""
    found = money.secure_deal_of(deal.pk)
    if found is None:
        return {}
    is_customer = deal.customer_id == user.pk
    offer, split = money.part_offer_of(found), money.split_of(found)
    waiting = offer if offer is not None and offer.answer == "waiting" else None
    refused = offer if offer is not None and offer.answer == "refused" and found.status == "held" else None
    due = money.price_due(found)
    return {
        "money": found,
        "unpaid": found.status == "charged_back" and deal.status not in ("accepted", "disputed", "cancelled"),
        "money_due": due if due != found.price else None,
        "money_gets": found.to_executor if found.outcome else found.executor_gets,
        "money_commission": due - found.to_executor if found.outcome else found.executor_commission,
        "money_told": words.told(found, is_customer=is_customer, zone=zone),
        "money_is_customers": is_customer,
        "money_percent": words.percent_words(found.commission_bp),
        "money_lines": lines(found, user.pk),
        "part": waiting,
        "part_gets": money.part_brings(found, waiting) if waiting else None,
        "part_refused": refused,
        "may_offer_part": bool(selectors.may_offer_part(deal, user)),
        "may_answer_part": waiting is not None and bool(selectors.may_answer_part(deal, user)),
        "split": split if found.outcome == "moderator" else None,
        "may_appeal_split": bool(money.may_appeal_split(found, split, user)),
    }


def lines(deal: "SecureDeal", user_id: int) -> list[dict[str, Any]]:
    """What moved for this side, oldest first."""
    return [{"title": words.line_title(row.kind), "row": row} for row in money.movements_of_deal(deal, user_id)]
