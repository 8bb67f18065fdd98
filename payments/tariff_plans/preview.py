"""What terms would have earned over the past days: from the responses and deals that really were, by SQL."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from django.conf import settings
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.kit.clock import now
from marketplace.kit.money import Money
from marketplace.kit.rows import rows
from payments.tariff_plans.policies import Terms

# Responses of the place, those of the free day apart, by executor and stretch of 30 days. `kept`: the fee stayed, or, where
# nothing was charged, would have stayed (the customer opened the response, or may still open it).
# Parameters: start, category, city, start, end.
_RESPONSES = """
SELECT charge.user_id AS executor, floor(extract(epoch FROM charge.charged_at - %s) / 2592000)::int AS month,
       count(*) AS sent,
       count(*) FILTER (WHERE charge.status <> 'refunded' AND (charge.covered_by = 'wallet'
           OR charge.opened_at IS NOT NULL OR charge.unopened_until > now())) AS kept,
       COALESCE(sum(charge.amount_minor) FILTER (WHERE charge.status <> 'refunded'), 0) AS earned
FROM payments_charge AS charge
JOIN tasks_app_response AS response ON response.id = charge.response_id
JOIN tasks_app_task AS task ON task.id = response.task_id
WHERE task.category_id = %s AND task.city_id = %s AND charge.charged_at >= %s AND charge.charged_at < %s
  AND charge.covered_by <> 'trial'
GROUP BY 1, 2
"""
# Whoever would have paid more by the response takes the month. Without a fee, whoever sends at least as many responses as
# the month is worth at today's fee. Parameters: the test's, those of _RESPONSES, fee.
_BY_MODEL = """
WITH life AS (
    SELECT executor, sent, kept, earned, {subscribes} AS subscribes FROM ({responses}) AS month_of_one
)
SELECT COALESCE(sum(sent), 0)::bigint, COALESCE(sum(kept), 0)::bigint, COALESCE(sum(earned), 0)::bigint,
       COALESCE(sum(kept * %s) FILTER (WHERE NOT subscribes), 0)::bigint,
       count(*) FILTER (WHERE subscribes), count(DISTINCT executor)
FROM life
"""
# The price, or the part of it that a moderator decided or the two agreed on.
_DEALS = """
SELECT count(*), COALESCE(sum(COALESCE(divided.minor, agreed.minor, response.price_minor)), 0)::bigint
FROM tasks_app_assignment AS deal
JOIN tasks_app_response AS response ON response.id = deal.response_id
JOIN tasks_app_task AS task ON task.id = deal.task_id
LEFT JOIN payments_securedeal AS secure ON secure.assignment_id = deal.id
LEFT JOIN LATERAL (SELECT price_part_minor AS minor FROM payments_split WHERE deal_id = secure.id
                   ORDER BY number DESC LIMIT 1) AS divided ON true
LEFT JOIN LATERAL (SELECT amount_minor AS minor FROM payments_partoffer WHERE deal_id = secure.id AND answer = 'agreed'
                   LIMIT 1) AS agreed ON true
WHERE task.category_id = %s AND task.city_id = %s AND deal.status = 'accepted'
  AND deal.closed_at >= %s AND deal.closed_at < %s
"""
_MONTHS_PAID = """
SELECT COALESCE(sum(payment.amount_minor - COALESCE(refund.given, 0)), 0)::bigint
FROM payments_subscriptionpayment AS payment
JOIN payments_subscription AS subscription ON subscription.id = payment.subscription_id
LEFT JOIN (SELECT payment_id, sum(amount_minor) AS given FROM payments_subscriptionrefund
           WHERE paid_at IS NOT NULL GROUP BY 1) AS refund ON refund.payment_id = payment.id
WHERE subscription.category_id = %s AND subscription.city_id = %s
  AND payment.paid_at >= %s AND payment.paid_at < %s
"""


@dataclass(frozen=True, slots=True)
class Earned:
    """Money of one model: as it was, and as it would have been."""

    model: str
    was: Money
    would: Money


@dataclass(frozen=True, slots=True)
class Preview:
    lines: list[Earned]
    since: datetime
    until: datetime
    responses: int
    kept: int
    executors: int
    months: int  # subscriptions that would have been bought
    deals: int
    deals_worth: Money
    assumptions: list[str]

    @property
    def was(self) -> Money:
        return sum((line.was for line in self.lines), Money.zero(self.deals_worth.currency))

    @property
    def would(self) -> Money:
        return sum((line.would for line in self.lines), Money.zero(self.deals_worth.currency))


def preview(*, category_id: int, city_id: int, terms: Terms, fee_now_minor: int) -> Preview:
    """The past 90 days under other terms, split by model. Nobody knows how people would have behaved: what is assumed is
    said in `assumptions`. `fee_now_minor`: the response fee in force, minor units."""
    until = now()
    since = until - timedelta(days=settings.RULES["preview_days"])
    place = [category_id, city_id, since, until]
    sent, kept, earned, by_response, months, executors = _by_model(place, terms, fee_now_minor)
    deals, worth = rows(_DEALS, place)[0]
    secure = _secure_share(place)
    money = {"currency": terms.currency}
    lines = [
        Earned("response_fee", Money(earned, **money), Money(by_response, **money)),
        Earned(
            "subscription",
            Money(rows(_MONTHS_PAID, place)[0][0], **money),
            Money(months * terms.subscription_minor, **money),
        ),
        Earned(
            "commission",
            Money(commission_earned(place), **money),
            Money(worth * terms.commission_bp * secure.share_bp // 100_000_000, **money),
        ),
    ]
    worth_money = Money(worth, **money)
    return Preview(
        lines,
        since,
        until,
        sent,
        kept,
        executors,
        months,
        deals,
        worth_money,
        _assumptions(terms, fee_now_minor, secure),
    )


def commission_earned(place: list[object]) -> int:
    """Commission of secure deals of a place that was booked in a stretch of time, minor units."""
    return int(rows(_COMMISSION, place)[0][0])


_COMMISSION = """
SELECT COALESCE(sum(leg.amount_minor), 0)::bigint FROM payments_entry AS entry
JOIN payments_posting AS leg ON leg.entry_id = entry.id
JOIN payments_account AS account ON account.id = leg.account_id AND account.kind = 'revenue'
JOIN payments_securedeal AS deal ON entry.operation = 'deal:' || deal.id
JOIN payments_tariff AS terms ON terms.id = deal.tariff_id
WHERE entry.kind = 'deal_commission' AND terms.category_id = %s AND terms.city_id = %s AND entry.at >= %s AND entry.at < %s
"""


def _by_model(place: list[object], terms: Terms, fee_now_minor: int) -> tuple[int, ...]:
    category_id, city_id, since, until = place
    if not terms.subscription_minor:
        subscribes, more = "FALSE", []
    elif terms.response_fee_minor:
        subscribes, more = "kept * %s > %s", [terms.response_fee_minor, terms.subscription_minor]
    else:
        subscribes, more = "kept * %s >= %s", [fee_now_minor or terms.subscription_minor, terms.subscription_minor]
    query = _BY_MODEL.format(subscribes=subscribes, responses=_RESPONSES)
    params = [*more, since, category_id, city_id, since, until, terms.response_fee_minor]
    return tuple(int(value) for value in rows(query, params)[0])


_SHARES: Final[dict[str, str | Promise]] = {
    "place": gettext_lazy(
        "%(share)s %% of the money of accepted deals goes through a secure deal, as it did here in this time; the rest is settled directly."
    ),
    "category": gettext_lazy(
        "%(share)s %% of the money of accepted deals goes through a secure deal, as in this category in other cities: here there was none yet."
    ),
    "": gettext_lazy(
        "Nobody has made a secure deal in this category yet, so it is only assumed that %(share)s %% of the money of accepted deals goes through one."
    ),
}


@dataclass(frozen=True, slots=True)
class _SecureShare:
    """What part of the money of accepted deals goes through a secure deal, in hundredths of a percent, and how that is known:
    "place" (this category in this city), "category" (in all cities), or "" (nowhere: the rule's assumption)."""

    share_bp: int
    known_by: str


def _secure_share(place: list[object]) -> _SecureShare:
    """By the category's own history: here, or else in all cities; an assumption where no secure deal was made yet."""
    category_id, city_id, since, until = place
    for known_by, city in (("place", city_id), ("category", None)):
        ((secured, worth),) = rows(_SECURED, [category_id, city, city, since, until])
        if secured:
            return _SecureShare(secured * 10_000 // worth, known_by)
    return _SecureShare(settings.RULES["preview_secure_share_percent"] * 100, "")


_SECURED = """
SELECT COALESCE(sum(response.price_minor) FILTER (WHERE held.id IS NOT NULL), 0)::bigint,
       COALESCE(sum(response.price_minor), 0)::bigint
FROM tasks_app_assignment AS deal
JOIN tasks_app_response AS response ON response.id = deal.response_id
JOIN tasks_app_task AS task ON task.id = deal.task_id
LEFT JOIN payments_securedeal AS held ON held.assignment_id = deal.id
WHERE task.category_id = %s AND (%s::bigint IS NULL OR task.city_id = %s) AND deal.status = 'accepted'
  AND deal.closed_at >= %s AND deal.closed_at < %s
"""


def _assumptions(terms: Terms, fee_now_minor: int, secure: _SecureShare) -> list[str]:
    said = [
        _("Executors would have sent the same responses, and the same fees would have come back."),
        _("Responses of the free first day are left out."),
    ]
    if terms.subscription_minor and terms.response_fee_minor:
        said.append(_("Whoever would have paid more than a month costs within 30 days is counted as a subscriber."))
    elif terms.subscription_minor and fee_now_minor:
        said.append(_("Whoever paid at least the price of a month within 30 days subscribes; the others leave."))
    elif terms.subscription_minor:
        said.append(_("Everybody who sent a response subscribes: this is the most it could be."))
    if terms.commission_bp:
        said.append(
            _SHARES[secure.known_by] % {"share": number_format(f"{Decimal(secure.share_bp).scaleb(-2).normalize():f}")}
        )
    return said
