"""How the money of a deal stands, in one heading and one or two sentences for each side."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from frontend import words
from payments import selectors

if TYPE_CHECKING:
    from payments.models import SecureDeal


@dataclass(frozen=True, slots=True)
class Told:
    """`kind` and `icon` of the note; `to_account`: the way on is the page of the account for payouts."""

    title: str
    text: str
    kind: str = ""
    icon: str = "shield"
    to_account: bool = False


def told(deal: "SecureDeal", *, is_customer: bool, zone: str) -> Told:
    """What the page of the deal says about the money."""
    by_status = {
        "held": _held,
        "settling": _settling,
        "settled": _settled,
        "charged_back": _charged_back,
    }
    return by_status[deal.status](deal, is_customer, zone)


def percent_words(bp: int) -> str:
    """Basis points as a share: "5 %"."""
    return words.percent_of_points(bp)


def line_title(kind: str) -> str:
    """What a movement of the money is called on the person's own list."""
    return {
        "deal_payment": pgettext("money", "Paid by card"),
        "deal_refund": pgettext("money", "Back to your card"),
        "deal_refund_failed": pgettext("money", "Your bank sent it back to us"),
        "chargeback": pgettext("money", "Taken back by your bank"),
        "chargeback_won": pgettext("money", "Given back by your bank"),
        "deal_transfer": pgettext("money", "Paid to you"),
        "transfer_reversal": pgettext("money", "Taken back from your account"),
    }[kind]


def payment_refusal(code: str) -> str:
    """Why the last try to pay did not work; empty when it did not fail."""
    return selectors.decline_sentence(code) if code else ""


def _held(deal: "SecureDeal", is_customer: bool, zone: str) -> Told:
    if is_customer:
        sums = {"paid": deal.paid.format(), "sum": deal.executor_gets.format(), "commission": deal.commission.format()}
        text = _("%(paid)s is held by the service. The executor gets it when you accept the work.")
        if deal.commission.minor:
            text = _(
                "%(paid)s is held by the service. When you accept the work, the executor gets %(sum)s; %(commission)s is the "
                "service's commission."
            )
        return Told(_("Your money is held"), text % sums, "good")
    text = _("You get %(sum)s when the work is accepted. Until then the service holds the money.")
    ready = selectors.account_is_ready(deal.executor_id)
    return Told(_("The customer has paid"), text % {"sum": deal.executor_gets.format()}, "good", to_account=not ready)


def _settling(deal: "SecureDeal", is_customer: bool, zone: str) -> Told:
    shares = _("%(executor)s to the executor, %(customer)s back to the customer's card.") % {
        "executor": deal.to_executor.format(),
        "customer": deal.to_customer.format(),
    }
    waits = selectors.waits_for(deal)
    if waits == "appeal" and deal.pay_after:
        until = words.moment(deal.pay_after, zone)
        return Told(
            _("The money is divided"), f"{shares} " + _("It moves after %(when)s.") % {"when": until}, "warm", "scales"
        )
    if waits in ("appeal", "appealed", "approval"):
        text = _("The money stays held until a second staff member has looked.")
        return Told(_("The decision is looked at once more"), f"{shares} {text}", "warm", "scales")
    if waits == "account":
        if is_customer:
            waiting = _("The money waits for the executor's account for payouts.")
            if deal.to_customer_minor:
                return Told(_("The money is divided"), f"{shares} {waiting}", "good", "scales")
            return Told(_("The work is accepted"), waiting, "good")
        text = _("%(sum)s is yours. It is paid as soon as your account for payouts is ready.")
        return Told(
            _("The money waits for your account"), text % {"sum": deal.to_executor.format()}, "warm", "wallet", True
        )
    return Told(_("The money is on its way"), shares, "good")


def _settled(deal: "SecureDeal", is_customer: bool, zone: str) -> Told:
    parts = []
    if deal.to_executor_minor:
        sentence = _("%(sum)s was paid to the executor.") if is_customer else _("%(sum)s was paid to your account.")
        parts.append(sentence % {"sum": deal.to_executor.format()})
    if deal.to_customer_minor:
        sentence = _("%(sum)s went back to your card.") if is_customer else _("%(sum)s went back to the customer.")
        parts.append(sentence % {"sum": deal.to_customer.format()})
    return Told(_outcome(deal.outcome), " ".join(parts), "", "check-circle")


def _charged_back(deal: "SecureDeal", is_customer: bool, zone: str) -> Told:
    if is_customer:
        text = _("Your bank disputes the payment. Until it decides, the service holds no money for this deal.")
    else:
        text = _("The customer's bank disputes the payment. Do not go on with the work without agreeing on the money.")
    return Told(_("The bank took the payment back"), text, "danger", "alert")


def _outcome(code: str) -> str:
    return {
        "accepted": _("The work is accepted and paid"),
        "accepted_by_time": _("Nobody objected in time: accepted and paid"),
        "part_agreed": _("The two agreed on a part"),
        "moderator": _("A moderator divided the money"),
        "cancelled": _("Cancelled: the money went back"),
        "not_chosen": _("The money went back: the response could not be chosen"),
        "too_old_returned": _("The money could not be held longer and went back"),
        "too_old_paid": _("The money could not be held longer and was paid"),
        "staff": _("The service returned money after the payout"),
    }.get(code, _("The money is settled"))
