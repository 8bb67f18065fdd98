"""What a person agreed to, in which wording; giving and taking back are rows, never overwritten."""

from typing import TYPE_CHECKING

from django.db import transaction

from marketplace.accounts.models import Consent
from marketplace.kit.clock import now

if TYPE_CHECKING:
    from marketplace.accounts.models import User


@transaction.atomic
def give_consent(*, user: "User", kind: str, version: str) -> Consent:
    """Agree to this wording; agreeing to what already stands changes nothing."""
    standing = Consent.objects.filter(user=user, kind=kind, withdrawn_at=None).order_by("-given_at").first()
    if standing and standing.version == version:
        return standing
    withdraw_consent(user=user, kind=kind)
    return Consent.objects.create(user=user, kind=kind, version=version, given_at=now())


def withdraw_consent(*, user: "User", kind: str) -> None:
    Consent.objects.filter(user=user, kind=kind, withdrawn_at=None).update(withdrawn_at=now())


def standing_consent(*, user_id: int, kind: str) -> str | None:
    """The version agreed to and not taken back."""
    rows = Consent.objects.filter(user_id=user_id, kind=kind, withdrawn_at=None).order_by("-given_at")
    return rows.values_list("version", flat=True).first()
