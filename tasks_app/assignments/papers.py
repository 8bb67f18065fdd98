"""What a deal gives to those who keep books: acts and invoices for a business, the data of a receipt for the self-employed."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.selectors import contact_card
from marketplace.kit.clock import now
from marketplace.kit.errors import DomainError, InvalidInput, NotFound
from marketplace.kit.money import Money
from payments import selectors as papers
from payments import services as payments
from payments.selectors import PaperLine
from tasks_app.assignments.selectors.deals import assignment_visible_to, assignments_visible_to
from tasks_app.models import Assignment

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from marketplace.accounts.models import User
    from payments.models import Document

ACT, INVOICE = "act", "invoice"


class TooEarlyForPaper(DomainError):
    code = "too_early_for_paper"
    status = 409
    message = _(
        "The act is made once the work is accepted, the invoice from the choice on. A cancelled deal has neither."
    )


@dataclass(frozen=True, slots=True)
class ReceiptData:
    """What a self-employed executor enters into the tax service's app for one deal. `customer_inn` is empty for a private
    person. `paid_on`: when the service paid, for a secure deal (None: not yet; `secure` tells), else when the work was
    accepted. Nothing is sent anywhere: the executor makes the receipt."""

    deal: int
    service: str
    amount: Money
    paid_on: date | None
    customer_kind: str
    customer_name: str
    customer_inn: str
    secure: bool = False


def issue_deal_paper(*, assignment_id: int, series: str, by: "User") -> "Document":
    """The customer's act or invoice for one deal; again gives the same paper.

    Raises NotFound for anybody but the customer, TooEarlyForPaper, and what payments raises.
    """
    deal = assignment_visible_to(by, assignment_id)
    if deal.customer_id != by.pk:
        raise NotFound
    _checked(series)
    if not _stands(deal, series):
        raise TooEarlyForPaper
    return payments.issue_document(user_id=by.pk, series=series, subject=f"deal:{deal.pk}", lines=[_line(deal)])


def issue_month_paper(*, month: str, series: str, by: "User") -> "Document":
    """One act or invoice for all deals of a month that is over (`2026-10`), those with a paper of their own left out."""
    _checked(series)
    first = _first_day(month)
    deals = _accepted(by).filter(closed_at__gte=_midnight(first), closed_at__lt=_midnight(_next_month(first)))
    return payments.issue_document(
        user_id=by.pk,
        series=series,
        subject=f"month:{month}",
        lines=[_line(deal) for deal in deals.order_by("closed_at", "pk") if _stands(deal, series)],
    )


def months_for_papers(user: "User") -> list[str]:
    """Months that are over and in which the customer accepted work, newest first, two years back."""
    this_month = timezone.localdate(now()).replace(day=1)
    closed = _accepted(user).filter(closed_at__lt=_midnight(this_month)).order_by("-closed_at")
    days = (timezone.localdate(moment) for moment in closed.values_list("closed_at", flat=True)[:2000])
    return list(dict.fromkeys(f"{day:%Y-%m}" for day in days))[:24]


def receipt_data(*, assignment_id: int, user: "User") -> ReceiptData:
    """For the executor of an accepted deal. Raises NotFound for others, TooEarlyForPaper before the acceptance."""
    deal = assignment_visible_to(user, assignment_id)
    if deal.executor_id != user.pk:
        raise NotFound
    if not _stands(deal, ACT) or deal.closed_at is None:
        raise TooEarlyForPaper
    buyer, money = papers.business_of(deal.customer_id), papers.secure_deal_of(deal.pk)
    paid_at = papers.paid_out_at(money) if money is not None else deal.closed_at
    return ReceiptData(
        deal=deal.pk,
        service=deal.task.title,
        amount=_amount(deal),
        paid_on=timezone.localdate(paid_at) if paid_at else None,
        customer_kind=buyer.kind if buyer else "person",
        customer_name=buyer.name if buyer else "",
        customer_inn=buyer.inn if buyer else "",
        secure=money is not None,
    )


def papers_of_deal(deal: Assignment, user: "User") -> dict[str, bool]:
    """Which papers this reader may ask for on the page of the deal."""
    business = deal.customer_id == user.pk and papers.business_of(user.pk) is not None
    return {
        "act": business and _stands(deal, ACT),
        "invoice": business and _stands(deal, INVOICE),
        "receipt": deal.executor_id == user.pk and _stands(deal, ACT),
    }


def _stands(deal: Assignment, series: str) -> bool:
    """Money that may still be divided otherwise is put on no paper: papers never change."""
    money = papers.secure_deal_of(deal.pk)
    if money is not None and papers.waits_for(money) in ("appeal", "appealed", "approval"):
        return False
    if series == ACT:
        return deal.status == Assignment.Status.ACCEPTED
    return deal.status not in (Assignment.Status.CANCELLED, Assignment.Status.DISPUTED)


def _accepted(user: "User") -> "QuerySet[Assignment]":
    return assignments_visible_to(user).filter(customer=user, status=Assignment.Status.ACCEPTED)


def _amount(deal: Assignment) -> Money:
    """The price, or the part of it that was agreed or decided."""
    money = papers.secure_deal_of(deal.pk)
    return papers.price_due(money) if money is not None else deal.response.price


def _commission(deal: Assignment) -> Money:
    """What the customer pays the service beside the price."""
    money = papers.secure_deal_of(deal.pk)
    return papers.commission_due(money) if money is not None else Money.zero(deal.response.currency)


def _line(deal: Assignment) -> PaperLine:
    seller = papers.requisites_of(deal.executor_id)
    return PaperLine(
        deal=deal.pk,
        title=deal.task.title,
        date=timezone.localdate(deal.closed_at or deal.chosen_at).isoformat(),
        seller=seller.name if seller else contact_card(deal.executor_id).name,
        seller_inn=seller.inn if seller else "",
        minor=_amount(deal).minor,
        in_part=_amount(deal) != deal.response.price,
        commission_minor=_commission(deal).minor,
    )


def _checked(series: str) -> None:
    if series not in (ACT, INVOICE):
        raise InvalidInput(field="series", reason=_("Choose an act or an invoice."))


def _first_day(month: str) -> date:
    """Raises InvalidInput unless it is a month that is over."""
    try:
        first = date.fromisoformat(f"{month}-01")
    except ValueError as error:
        raise InvalidInput(field="month", reason=_("Choose a month.")) from error
    if _next_month(first) > timezone.localdate(now()):
        raise InvalidInput(field="month", reason=_("This month is not over yet: its paper would change."))
    return first


def _next_month(first: date) -> date:
    return first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
