"""The processor's own books, copied line by line: what our journal is compared with."""

from django.db import models

from marketplace.kit.clock import now
from marketplace.kit.money import Money


class BalanceLine(models.Model):
    """One movement of our balance at the processor. Never changed: the processor does not change them either."""

    line_id = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=40, help_text="charge, refund, transfer, adjustment… in the processor's words")
    source = models.CharField(max_length=80, blank=True, help_text="the processor's object that moved the money")
    amount_minor = models.BigIntegerField(help_text="positive: money came to us; without the fee")
    fee_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3)
    happened_at = models.DateTimeField()
    seen_at = models.DateTimeField(default=now)

    class Meta:
        indexes = [
            models.Index(fields=["source"], name="balance_line_source"),
            models.Index(fields=["-happened_at", "-id"], name="balance_line_newest"),
        ]

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def fee(self) -> Money:
        return Money(self.fee_minor, self.currency)
