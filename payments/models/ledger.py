"""Double entry, append-only. The guards live in the database (migration 0002): see docs/decisions/0002-ledger-guards.md."""

from django.db import models
from django.db.models import Q
from django.db.models.fields.json import KT

from marketplace.kit.clock import now


class Account(models.Model):
    """One side of the books. A wallet's `balance_minor` is kept by a trigger on postings, nothing else may write it;
    the platform's own accounts are summed when asked (payments.selectors.account_total)."""

    class Kind(models.TextChoices):
        WALLET = "wallet"  # a person's prepaid balance
        REVENUE = "revenue"  # fees the platform earned
        PROMOTIONS = "promotions"  # credit given away
        CLEARING = "clearing"  # money at the card processor
        HELD_DEALS = "held_deals"  # customers' money until the work is accepted
        RECEIVABLES = "receivables"  # owed to the platform
        COSTS = "costs"  # what the processor keeps, and losses

    kind = models.CharField(max_length=12, choices=Kind.choices)
    owner = models.ForeignKey("accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    balance_minor = models.BigIntegerField(default=0, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "currency", "owner"], condition=Q(owner__isnull=False), name="one_account_per_owner"
            ),
            models.UniqueConstraint(
                fields=["kind", "currency"], condition=Q(owner=None), name="one_platform_account_per_kind"
            ),
            models.CheckConstraint(condition=~Q(kind="wallet") | Q(balance_minor__gte=0), name="wallet_not_negative"),
            models.CheckConstraint(
                condition=Q(kind="wallet", owner__isnull=False) | (~Q(kind="wallet") & Q(owner=None)),
                name="wallets_have_owners",
            ),
        ]


class Entry(models.Model):
    """One journal entry. `operation` and `kind` together are unique: the same thing is never booked twice."""

    class Kind(models.TextChoices):
        PROMOTION = "promotion"
        RESPONSE_FEE = "response_fee"
        FEE_REFUND = "fee_refund"
        REVERSAL = "reversal"
        TOP_UP = "top_up"
        TOP_UP_REFUND = "top_up_refund"
        PROCESSOR_FEE = "processor_fee"
        CHARGEBACK = "chargeback"
        CHARGEBACK_WON = "chargeback_won"
        DEBT_PAID = "debt_paid"
        SUBSCRIPTION = "subscription"
        SUBSCRIPTION_REFUND = "subscription_refund"
        DEAL_PAYMENT = "deal_payment"
        DEAL_TRANSFER = "deal_transfer"
        DEAL_COMMISSION = "deal_commission"
        DEAL_REFUND = "deal_refund"
        DEAL_REFUND_FAILED = "deal_refund_failed"
        TRANSFER_REVERSAL = "transfer_reversal"

    operation = models.CharField(max_length=100)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    at = models.DateTimeField(default=now)
    memo = models.JSONField(default=dict, help_text="what the statement says: title, task id, rule, reason")
    reverses = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="reversed_by")
    by = models.ForeignKey("accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    # The transaction that wrote the entry; a trigger fills it, and refuses postings from any other.
    written_in = models.BigIntegerField(null=True, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["operation", "kind"], name="entry_booked_once")]
        indexes = [
            # Whose debt it is: receivables have no owner of their own.
            models.Index(
                KT("memo__user_id"),
                condition=Q(kind__in=("chargeback", "chargeback_won", "debt_paid")),
                name="entry_of_debtor",
            )
        ]


class Posting(models.Model):
    """One signed leg of an entry: positive adds to the account."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="postings")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="postings")
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(amount_minor=0), name="posting_moves_something")]
        indexes = [models.Index(fields=["account", "-id"])]
