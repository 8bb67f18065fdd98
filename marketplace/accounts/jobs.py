"""Housekeeping of accounts."""

from celery import shared_task

from marketplace.accounts import services


@shared_task(name="accounts.forget_unconfirmed")
def forget_unconfirmed() -> int:
    """Accounts opened by a code that nobody typed."""
    return services.forget_unconfirmed_accounts()


@shared_task(name="accounts.destroy_old_documents")
def destroy_old_documents() -> int:
    """Identity documents a month after the decision."""
    return services.destroy_old_documents()


@shared_task(name="accounts.uphold_unanswered_appeals")
def uphold_unanswered_appeals() -> int:
    """Against restrictions and refused verifications; after 72 hours they end for the person."""
    return services.uphold_unanswered_appeals()


SCHEDULE = {
    "accounts.forget_unconfirmed": 3600,
    "accounts.destroy_old_documents": 3600,
    "accounts.uphold_unanswered_appeals": 300,
}
