"""Opening an executor's account at the processor, and keeping what we know of it true. Calls to the processor are made
outside transactions: the row is there first, and the key makes a repeated call harmless."""

import hashlib
from datetime import timedelta

from django.conf import settings
from django.db import transaction

from marketplace.accounts.selectors import confirmed_email
from marketplace.kit import jobs
from marketplace.kit.clock import now
from marketplace.kit.policy import require
from marketplace.notifications.services import notify
from payments.models import Intent, Payout, PayoutAccount, SecureDeal
from payments.payouts import words
from payments.secure_deals.errors import ProcessorAway
from payments.stripe_gateway import connect
from payments.stripe_gateway.errors import ProcessorError
from payments.topups.policies import may_use_cards

Status = PayoutAccount.Status
REMIND_EVERY = timedelta(days=3)
STALE = timedelta(hours=6)


def start_onboarding(*, user_id: int, return_url: str, refresh_url: str) -> str:
    """Open the person's account if there is none, and answer where they fill in what is asked. Raises PolicyDenied when
    card payments are off, ProcessorAway."""
    require(may_use_cards())
    row, _created = PayoutAccount.objects.get_or_create(user_id=user_id, defaults={"created_at": now()})
    try:
        if not row.processor_id:
            row = _open(row)
        return connect.onboarding_link(account_id=row.processor_id, return_url=return_url, refresh_url=refresh_url)
    except ProcessorError as error:
        raise ProcessorAway from error


def refresh_account(*, user_id: int) -> PayoutAccount | None:
    """Ask the processor how the account stands; None when there is none. What waited for it is paid."""
    row = PayoutAccount.objects.filter(user_id=user_id).exclude(processor_id="").first()
    if row is None:
        return None
    return _take_over(row.pk, connect.account(row.processor_id))


def refresh_account_now(*, user_id: int) -> PayoutAccount | None:
    """The same for a person who waits at the page. Raises ProcessorAway."""
    try:
        return refresh_account(user_id=user_id)
    except ProcessorError as error:
        raise ProcessorAway from error


def refresh_by_account(*, account_id: str) -> None:
    """For a hint about an account of ours; others are ignored."""
    user_id = PayoutAccount.objects.filter(processor_id=account_id).values_list("user_id", flat=True).first()
    if account_id and user_id is not None:
        refresh_account(user_id=user_id)


def refresh_payouts(*, account_id: str) -> int:
    """Take over the latest payouts of an account; the person hears of one that failed. How many are new or changed."""
    row = PayoutAccount.objects.filter(processor_id=account_id).first() if account_id else None
    if row is None:
        return 0
    return sum(_take_payout(row, state) for state in connect.payouts_of(account_id))


def refresh_stale(*, limit: int = 50) -> int:
    """Without any hint: accounts that wait for something or lately got money are looked at again now and then."""
    lately = Intent.objects.filter(
        kind=Intent.Kind.DEAL_TRANSFER, status=Intent.Status.SETTLED, settled_at__gt=now() - timedelta(days=14)
    )
    rows = PayoutAccount.objects.exclude(processor_id="").filter(checked_at__lt=now() - STALE)
    unready = rows.exclude(status=Status.ENABLED).filter(created_at__gt=now() - timedelta(days=100))
    due = list(unready[:limit]) + list(rows.filter(user_id__in=lately.values("user_id"))[:limit])
    for row in {row.pk: row for row in due}.values():
        try:
            _take_over(row.pk, connect.account(row.processor_id))
            refresh_payouts(account_id=row.processor_id)
        except ProcessorError:
            return 0
    return len(due)


def remind_of_accounts() -> int:
    """Whose money waits for an account hears so every few days, with what is missing."""
    waiting = SecureDeal.objects.filter(status=SecureDeal.Status.SETTLING, to_executor_minor__gt=0)
    due = PayoutAccount.objects.filter(user_id__in=waiting.values("executor_id")).exclude(status=Status.ENABLED)
    told = 0
    for row in due:
        if (row.reminded_at or row.created_at) <= now() - REMIND_EVERY:
            told += 1
            with transaction.atomic():
                PayoutAccount.objects.filter(pk=row.pk).update(reminded_at=now())
                _tell_missing(row, turn=f"{now():%Y%m%d}")
    return told


def _open(row: PayoutAccount) -> PayoutAccount:
    key = hashlib.sha256(f"poruchi:payout-account:{row.user_id}".encode()).hexdigest()[:48]
    state = connect.open_account(
        key=key,
        country=settings.STRIPE_CONNECT_COUNTRY,
        email=confirmed_email(row.user_id) or "",
        metadata={"user": str(row.user_id)},
    )
    PayoutAccount.objects.filter(pk=row.pk, processor_id="").update(processor_id=state.id)
    return _take_over(row.pk, state)


def _take_over(row_id: int, state: connect.AccountState) -> PayoutAccount:
    with transaction.atomic():
        row = PayoutAccount.objects.select_for_update(of=("self",)).get(pk=row_id)
        before = row.status
        row.status, row.missing = status_of(state, was=before), list(state.missing)
        row.problem, row.bank_last4, row.checked_at = state.problem[:80], state.bank_last4, now()
        row.save(update_fields=["status", "missing", "problem", "bank_last4", "checked_at"])
        if row.status != before:
            _tell_change(row)
    return row


def status_of(state: connect.AccountState, *, was: str) -> str:
    """The processor's many facts as one of our four states."""
    if state.can_receive and state.can_pay_out:
        return Status.ENABLED
    if state.problem.startswith("rejected") or was in (Status.ENABLED, Status.RESTRICTED):
        return Status.RESTRICTED
    if state.missing or not state.submitted:
        return Status.INCOMPLETE
    return Status.PENDING


def _tell_change(row: PayoutAccount) -> None:
    if row.status == Status.ENABLED:
        key = f"payout-account:ready:{now():%Y%m%d%H%M}"
        notify(user_id=row.user_id, kind="payout_account_ready", params={}, path="/account/payouts/", key=key)
        jobs.nudge("payments.drive_secure_deals")
    elif row.status == Status.RESTRICTED:
        _tell_missing(row, turn=f"{now():%Y%m%d%H%M}")


def _tell_missing(row: PayoutAccount, *, turn: str) -> None:
    what = {"msgid": words.source_of(row.missing)}
    key = f"payout-account:asks:{turn}"
    notify(user_id=row.user_id, kind="payout_account_asks", params={"what": what}, path="/account/payouts/", key=key)


def _take_payout(row: PayoutAccount, state: connect.PayoutState) -> bool:
    values = {
        "account": row,
        "amount_minor": state.amount.minor,
        "currency": state.amount.currency,
        "status": state.status,
        "failure_code": state.failure_code,
        "created_at": state.created_at,
        "arrives_at": state.arrives_at,
    }
    with transaction.atomic():
        known = Payout.objects.select_for_update(of=("self",)).filter(processor_id=state.id).first()
        if known is not None and (known.status, known.failure_code) == (state.status, state.failure_code):
            return False
        Payout.objects.update_or_create(processor_id=state.id, defaults=values)
        if state.status == "failed":
            _tell_failed(row, state)
    return True


def _tell_failed(row: PayoutAccount, state: connect.PayoutState) -> None:
    notify(
        user_id=row.user_id,
        kind="payout_failed",
        params={
            "amount": {"minor": state.amount.minor, "currency": state.amount.currency},
            "why": {"msgid": words.failure_source(state.failure_code)},
        },
        path="/account/payouts/",
        key=f"payout-failed:{state.id}",
    )
