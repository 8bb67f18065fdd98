"""Terms, previews and arms as the operator's pages show them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from frontend import words
from frontend.desk.tariffs.forms import PAYERS
from marketplace.kit.clock import now
from marketplace.kit.money import Money
from payments import selectors

MODELS = {
    "response_fee": lambda: _("Fees of responses"),
    "subscription": lambda: _("Subscriptions"),
    "commission": lambda: _("Commission of secure deals"),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """Terms in short: one line for each model that holds. `planned`: when other terms begin; `share`: of a roll-out."""

    lines: list[str]
    planned: str = ""
    share: int | None = None


def cells(places: Iterable[tuple[int, int]]) -> dict[tuple[int, int], Cell]:
    """The table's cells in three queries."""
    wanted = list(places)
    held = selectors.tariffs_in_force(wanted)
    planned = {(row.category_id, row.city_id): row.valid_from for row in reversed(selectors.planned_tariffs())}
    shares = {
        (rollout.tariff.category_id, rollout.tariff.city_id): share
        for rollout, share in selectors.rollout_shares(now())
    }
    return {
        place: Cell(
            lines(held[place]) if place in held else [],
            words.day(planned[place]) if place in planned else "",
            shares.get(place),
        )
        for place in wanted
    }


def cell(tariff: Any) -> Cell:
    return Cell(lines(tariff) if tariff else [])


def lines(tariff: Any) -> list[str]:
    """«120 ₽ a response», «1 490 ₽ a month», «5 % of a secure deal, the executor pays»."""
    said = []
    if tariff.response_fee_minor:
        said.append(_("%(fee)s a response") % {"fee": tariff.response_fee.format()})
    if tariff.subscription_minor:
        said.append(_("%(price)s a month") % {"price": tariff.subscription.format()})
    if tariff.commission_bp:
        payer = dict(PAYERS)[tariff.commission_payer]
        said.append(
            _("%(share)s of a secure deal: %(payer)s")
            % {"share": words.percent_of_points(tariff.commission_bp), "payer": payer}
        )
    return said or [_("free of charge")]


def past(tariff: Any) -> dict[str, Any]:
    rollout = getattr(tariff, "rollout", None)
    shares = [f"{step.share_percent} %" for step in sorted(rollout.steps.all(), key=lambda s: s.at)] if rollout else []
    return {
        "from": tariff.valid_from,
        "ahead": tariff.valid_from > now(),
        "lines": lines(tariff),
        "told": tariff.announced_at,
        "shares": " → ".join(shares),
    }


def preview_lines(category_id: int, city_id: int, terms: Any, fee_now: int) -> dict[str, Any]:
    """The preview with the bars' lengths in percent of the longest."""
    found = selectors.preview(category_id=category_id, city_id=city_id, terms=terms, fee_now_minor=fee_now)
    top = max([1, *(line.was.minor for line in found.lines), *(line.would.minor for line in found.lines)])
    return {
        "found": found,
        "lines": [
            {
                "name": MODELS[line.model](),
                "was": line.was,
                "would": line.would,
                "was_part": line.was.minor * 100 // top,
                "would_part": line.would.minor * 100 // top,
            }
            for line in found.lines
        ],
        "change": _signed(found.would - found.was),
    }


def arm_rows(rollout: Any) -> list[tuple[str, str, str]]:
    """(what, in the new arm, in the old arm)."""
    new, old = selectors.arms(rollout)
    said = [
        (_("Executors who responded"), lambda arm: words.number(arm.executors)),
        (_("Responses"), lambda arm: words.number(arm.responses)),
        (_("Revenue after refunds"), lambda arm: arm.revenue.format()),
        (_("Revenue per executor"), lambda arm: _or_dash(arm.revenue_per_executor, Money.format)),
        (_("Refunds"), lambda arm: f"{arm.refunds.format()} ({words.number(arm.refunded)})"),
        (_("Hires"), lambda arm: words.number(arm.hires)),
        (_("Hires per response"), lambda arm: _or_dash(arm.hire_rate, words.percent)),
        (_("Of those active before, still active"), lambda arm: _retention(arm)),
    ]
    return [(name, show(new), show(old)) for name, show in said]


def _retention(arm: Any) -> str:
    if arm.retention is None:
        return "—"
    return _("%(share)s (%(now)s of %(before)s)") % {
        "share": words.percent(arm.retention),
        "now": arm.active_since,
        "before": arm.active_before,
    }


def _or_dash(value: Any, show: Any) -> str:
    return "—" if value is None else str(show(value))


def _signed(money: Money) -> str:
    return f"+{money.format()}" if money.minor >= 0 else f"−{Money(-money.minor, money.currency).format()}"
