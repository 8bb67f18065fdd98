"""May these terms be published from that moment on?"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from marketplace.kit.policy import Allowed, Decision, Denied
from payments.models import Tariff, TariffRollout
from payments.tariff_plans.selectors import running_rollouts, tariff_in_force

MAX_COMMISSION_BP = 1500
_SLACK = timedelta(minutes=1)  # “now” of a form is not the service's “now”


@dataclass(frozen=True, slots=True)
class Terms:
    """What an operator wants to hold: prices in minor units, 0 switches a model off; the commission in hundredths of a
    percent of a secure deal's price."""

    response_fee_minor: int
    subscription_minor: int
    commission_bp: int = 0
    commission_payer: str = Tariff.Payer.EXECUTOR
    currency: str = "RUB"


def is_dearer(terms: Terms, before: Tariff | None) -> bool:
    """Whether an executor can pay more under the new terms than under those before, by any of the models."""
    if before is None:
        return False
    responses_dearer = terms.response_fee_minor > before.response_fee_minor
    month_dearer = terms.subscription_minor > before.subscription_minor > 0
    month_withdrawn = before.subscription_minor > 0 and terms.subscription_minor == 0
    response_withdrawn = before.response_fee_minor > 0 == terms.response_fee_minor and terms.subscription_minor > 0
    free_before = before.response_fee_minor == 0 and before.subscription_minor == 0
    no_longer_free = free_before and terms.subscription_minor > 0
    part = executors_part(terms.commission_bp, terms.commission_payer)
    share_dearer = part > executors_part(before.commission_bp, before.commission_payer)
    withdrawn = month_withdrawn or response_withdrawn
    return responses_dearer or month_dearer or withdrawn or no_longer_free or share_dearer


def executors_part(commission_bp: int, payer: str) -> int:
    """What of the commission the executor pays, in hundredths of a percent, doubled to stay whole."""
    return commission_bp * {"customer": 0, "both": 1, "executor": 2}[payer]


def notice_days(terms: Terms, before: Tariff | None) -> int:
    """How many days ahead executors have to be told."""
    if before is None or not is_dearer(terms, before):
        return 0
    dearer_month = terms.subscription_minor > before.subscription_minor > 0
    rule = "subscription_price_notice_days" if dearer_month else "tariff_notice_days"
    return int(settings.RULES[rule])


def may_publish(
    *, category_id: int, city_id: int, terms: Terms, valid_from: datetime, share: int, at: datetime
) -> Decision:
    """The numbers make sense, it begins late enough for executors to be told, and no roll-out runs there."""
    if not _sensible(terms, share):
        return Denied("bad_terms", gettext_lazy("Prices cannot be negative; the commission is 0 to 15 %."), status=422)
    if valid_from < at - _SLACK:
        return Denied(
            "tariff_in_the_past", gettext_lazy("Terms begin now or later: what was agreed stays."), status=422
        )
    if running_rollouts(category_id, city_id).exists():
        reason = gettext_lazy("A roll-out runs here. Stop it or give it to everybody first.")
        return Denied("rollout_runs", reason, status=409)
    if Tariff.objects.filter(category_id=category_id, city_id=city_id, valid_from__gte=valid_from).exists():
        reason = gettext_lazy("Other terms are already announced for that day or later.")
        return Denied("later_tariff_stands", reason, status=409)
    before = tariff_in_force(category_id=category_id, city_id=city_id, at=valid_from)
    return _told_in_time(notice_days(terms, before), valid_from, at)


def may_widen(*, rollout: TariffRollout, share: int, begins: datetime, at: datetime) -> Decision:
    """Only to more executors than now; those who join are told before if it costs them more."""
    if not running_rollouts().filter(pk=rollout.pk).exists():
        return Denied("rollout_ended", gettext_lazy("This roll-out has ended."), status=409)
    last = rollout.steps.order_by("-at").first()
    reached = last.share_percent if last else 0
    if not reached < share <= 100:
        wider = _("Choose a share above %(share)s %% and up to 100 %%.") % {"share": reached}
        return Denied("share_not_wider", wider, status=422)
    if begins < at - _SLACK or (last is not None and begins <= last.at):
        reason = gettext_lazy("The next step begins after the one before and not in the past.")
        return Denied("step_in_the_past", reason, status=422)
    tariff = rollout.tariff
    terms = Terms(tariff.response_fee_minor, tariff.subscription_minor, tariff.commission_bp, tariff.commission_payer)
    before = tariff_in_force(category_id=tariff.category_id, city_id=tariff.city_id, at=begins)
    return _told_in_time(notice_days(terms, before), begins, at)


def _sensible(terms: Terms, share: int) -> bool:
    return (
        terms.response_fee_minor >= 0
        and terms.subscription_minor >= 0
        and 0 <= terms.commission_bp <= MAX_COMMISSION_BP
        and terms.commission_payer in Tariff.Payer.values
        and 1 <= share <= 100
    )


def _told_in_time(days: int, begins: datetime, at: datetime) -> Decision:
    earliest = at + timedelta(days=days)
    if begins >= earliest - _SLACK:
        return Allowed()
    sentence = ngettext(
        "Executors pay more under these terms, so they are told %(days)s day before. The earliest beginning is %(when)s.",
        "Executors pay more under these terms, so they are told %(days)s days before. The earliest beginning is %(when)s.",
        days,
    )
    when = date_format(localtime(earliest), "DATETIME_FORMAT")
    return Denied("notice_too_short", sentence % {"days": days, "when": when}, status=422)
