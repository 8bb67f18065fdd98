"""News of a person's standing: handlers of the hooks of accounts."""

from marketplace.accounts import selectors as people
from marketplace.notifications.services import notify


def tell_of_verification(*, request_id: int) -> None:
    request = people.decided_verification(request_id)
    kind = {"approved": "verification_approved", "more": "verification_more", "rejected": "verification_rejected"}
    notify(
        user_id=request.profile.user_id,
        kind=kind[request.status],
        params={"reason": request.reason},
        path="/account/verification/",
        key=f"verification:{request.pk}:{request.status}",
    )


def tell_of_restriction(*, restriction_id: int) -> None:
    restriction = people.restriction(restriction_id)
    notify(
        user_id=restriction.user_id,
        kind="restricted",
        params={"reason": restriction.reason},
        path="/account/restrictions/",
        key=f"restriction:{restriction.pk}",
    )


def tell_of_lifting(*, restriction_id: int) -> None:
    restriction = people.restriction(restriction_id)
    notify(
        user_id=restriction.user_id,
        kind="restriction_lifted",
        params={},
        path="/account/",
        key=f"restriction:{restriction.pk}:lifted",
    )


def tell_of_appeal(*, appeal_id: int) -> None:
    """The outcome for the person, with the way to what was appealed."""
    appeal = people.decided_appeal(appeal_id)
    about, _colon, number = appeal.subject.partition(":")
    paths = {"case": f"/my/cases/{number}/", "verification": "/account/verification/"}
    reopened = about == "verification" and appeal.outcome == "upheld"
    notify(
        user_id=appeal.user_id,
        kind="verification_reopened" if reopened else f"appeal_{appeal.outcome}",
        params={"reason": appeal.reason},
        path=paths.get(about, "/account/restrictions/"),
        key=f"appeal:{appeal.pk}:decided",
    )
