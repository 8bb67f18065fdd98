"""A roll-out's two arms side by side: those whom the new terms reached, and those whom they did not."""

from dataclasses import dataclass

from marketplace.kit.clock import now
from marketplace.kit.money import Money
from marketplace.kit.rows import rows
from payments.models import TariffRollout

# A response belongs to the arm whose terms it was charged under: the charge keeps its tariff, so widening a roll-out moves
# nobody's past. Parameters: tariff, category, city, start, end.
_RESPONSES = """
SELECT CASE WHEN charge.tariff_id = %s THEN 'new' ELSE 'old' END AS arm,
       count(*), count(DISTINCT charge.user_id),
       COALESCE(sum(charge.amount_minor), 0)::bigint,
       COALESCE(sum(charge.amount_minor) FILTER (WHERE charge.status = 'refunded'), 0)::bigint,
       count(*) FILTER (WHERE charge.status = 'refunded'),
       count(deal.id)
FROM payments_charge AS charge
JOIN tasks_app_response AS response ON response.id = charge.response_id
JOIN tasks_app_task AS task ON task.id = response.task_id
LEFT JOIN tasks_app_assignment AS deal ON deal.response_id = response.id
WHERE task.category_id = %s AND task.city_id = %s AND charge.charged_at >= %s AND charge.charged_at < %s
GROUP BY 1
"""
_MONTHS = """
SELECT CASE WHEN payment.tariff_id = %s THEN 'new' ELSE 'old' END, sum(payment.amount_minor)::bigint,
       COALESCE(sum(refund.given), 0)::bigint
FROM payments_subscriptionpayment AS payment
JOIN payments_subscription AS subscription ON subscription.id = payment.subscription_id
LEFT JOIN (SELECT payment_id, sum(amount_minor) AS given FROM payments_subscriptionrefund
           WHERE paid_at IS NOT NULL GROUP BY 1) AS refund ON refund.payment_id = payment.id
WHERE subscription.category_id = %s AND subscription.city_id = %s AND payment.paid_at >= %s AND payment.paid_at < %s
GROUP BY 1
"""
_COMMISSION = """
SELECT CASE WHEN deal.tariff_id = %s THEN 'new' ELSE 'old' END, sum(leg.amount_minor)::bigint
FROM payments_entry AS entry
JOIN payments_posting AS leg ON leg.entry_id = entry.id
JOIN payments_account AS account ON account.id = leg.account_id AND account.kind = 'revenue'
JOIN payments_securedeal AS deal ON entry.operation = 'deal:' || deal.id
JOIN payments_tariff AS terms ON terms.id = deal.tariff_id
WHERE entry.kind = 'deal_commission' AND terms.category_id = %s AND terms.city_id = %s AND entry.at >= %s AND entry.at < %s
GROUP BY 1
"""
# Who was active in the 30 days before, and is so since: among those of the new arm from the first day, and those whom it has
# not reached until now. Parameters: roll-out, first share, roll-out, widest share, start, start, category, city, start, end.
_RETENTION = """
SELECT CASE WHEN payments_bucket(person, %s) < %s THEN 'new' WHEN payments_bucket(person, %s) >= %s THEN 'old' END AS arm,
       count(*), count(*) FILTER (WHERE after)
FROM (
    SELECT charge.user_id AS person, bool_or(charge.charged_at < %s) AS before, bool_or(charge.charged_at >= %s) AS after
    FROM payments_charge AS charge
    JOIN tasks_app_response AS response ON response.id = charge.response_id
    JOIN tasks_app_task AS task ON task.id = response.task_id
    WHERE task.category_id = %s AND task.city_id = %s
      AND charge.charged_at >= %s::timestamptz - interval '30 days' AND charge.charged_at < %s
    GROUP BY 1
) AS activity WHERE before GROUP BY 1
"""


@dataclass(slots=True)
class Arm:
    """What one arm did since the roll-out began. `revenue` is after refunds; `retention`: the share (0 to 1) of those active in
    the 30 days before who answered again, None when nobody was."""

    name: str
    revenue: Money
    refunds: Money
    responses: int = 0
    executors: int = 0
    refunded: int = 0
    hires: int = 0
    active_before: int = 0
    active_since: int = 0

    @property
    def retention(self) -> float | None:
        return self.active_since / self.active_before if self.active_before else None

    @property
    def hire_rate(self) -> float | None:
        return self.hires / self.responses if self.responses else None

    @property
    def revenue_per_executor(self) -> Money | None:
        return Money(self.revenue.minor // self.executors, self.revenue.currency) if self.executors else None


def arms(rollout: TariffRollout) -> list[Arm]:
    """The new arm and the old one, in this order."""
    tariff, until = rollout.tariff, now()
    found = {name: Arm(name, Money.zero(tariff.currency), Money.zero(tariff.currency)) for name in ("new", "old")}
    place = [tariff.pk, tariff.category_id, tariff.city_id, tariff.valid_from, until]
    for name, responses, executors, charged, given_back, refunded, hires in rows(_RESPONSES, place):
        arm = found[name]
        arm.responses, arm.executors, arm.refunded, arm.hires = responses, executors, refunded, hires
        arm.revenue += Money(charged - given_back, tariff.currency)
        arm.refunds += Money(given_back, tariff.currency)
    for name, paid, given_back in rows(_MONTHS, place):
        found[name].revenue += Money(paid - given_back, tariff.currency)
        found[name].refunds += Money(given_back, tariff.currency)
    for name, commission in rows(_COMMISSION, place):
        found[name].revenue += Money(commission, tariff.currency)
    if tariff.valid_from > until:
        return [found["new"], found["old"]]
    shares = [step.share_percent for step in rollout.steps.filter(at__lte=until).order_by("at")] or [0]
    start = tariff.valid_from
    params = [
        rollout.pk,
        shares[0],
        rollout.pk,
        max(shares),
        start,
        start,
        tariff.category_id,
        tariff.city_id,
        start,
        until,
    ]
    for name, before, since in rows(_RETENTION, params):
        if name is not None:
            found[name].active_before, found[name].active_since = before, since
    return [found["new"], found["old"]]
