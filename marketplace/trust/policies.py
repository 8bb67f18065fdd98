"""Who may review, and reply."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from marketplace.kit.clock import now
from marketplace.kit.policy import Allowed, Decision, Denied
from marketplace.trust.models import Review, ReviewWindow

if TYPE_CHECKING:
    from marketplace.accounts.models import User
    from tasks_app.models import Assignment

NOT_HERE = Denied("not_found", _("We could not find this. It may have been removed."), status=404)


def may_review(deal: "Assignment", window: ReviewWindow | None, user: "User") -> Decision:
    """Each side once, until both have written or the days for it have passed: of accepted work, and of work whose dispute nobody
    decided. Of what else was cancelled the record speaks."""
    if window is None and deal.status == "cancelled":
        return Denied("deal_cancelled", _("This deal was cancelled, so there are no reviews of it."), status=409)
    if window is None:
        return Denied("no_review_yet", _("A review can be written once the work is accepted."), status=409)
    if user.pk not in (window.customer_id, window.executor_id):
        return NOT_HERE
    if window.reviews.filter(author=user).exists():
        return Denied("already_reviewed", _("You have already written a review of this deal."), status=409)
    if window.revealed_at is not None or window.closes_at <= now():
        return Denied("review_window_closed", _("The time for a review is over."), status=409)
    return Allowed()


def may_reply(review: Review, user: "User") -> Decision:
    """The person it is about, once, when it is public."""
    if review.about_id != user.pk or review.revealed_at is None:
        return NOT_HERE
    if review.reply:
        return Denied("already_replied", _("You have already replied to this review."), status=409)
    return Allowed()
