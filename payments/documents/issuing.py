"""Acts and invoices: issued once, numbered without gaps, never changed."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.kit.clock import now
from marketplace.kit.errors import DomainError, NotFound
from marketplace.kit.money import Money
from marketplace.kit.pagination import Page, key_page
from payments.documents.requisites import business_of
from payments.documents.words import in_words
from payments.models import Document, DocumentSeries


class RequisitesMissing(DomainError):
    code = "requisites_missing"
    status = 409
    message = _("Fill in your company's requisites first: the paper is made out to them.")


class NothingToPutDown(DomainError):
    code = "nothing_to_put_down"
    status = 409
    message = _("There is no accepted deal to put into this paper, or each stands in one already.")


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One deal on a paper: what was done, when (ISO date), by whom, for how much. `deal` is its number; `in_part`: less than
    the agreed price is paid; `commission_minor`: paid to the service beside it, in no sum of the paper."""

    deal: int
    title: str
    date: str
    seller: str
    seller_inn: str
    minor: int
    in_part: bool = False
    commission_minor: int = 0


@transaction.atomic
def issue_document(*, user_id: int, series: str, subject: str, lines: Sequence[PaperLine]) -> Document:
    """The act or invoice of a customer about `subject`; issuing it again gives the first one. A deal that stands in a
    paper of the series already is left out.

    Raises RequisitesMissing, NothingToPutDown. The series' row is locked to the end of the transaction: a rollback
    gives the number back.
    """
    buyer = business_of(user_id)
    if buyer is None:
        raise RequisitesMissing
    today = timezone.localdate(now())
    count = _lock_series(series, today.year)
    issued = Document.objects.filter(user_id=user_id, series=series, subject=subject).first()
    if issued is not None:
        return issued
    taken = deals_on_paper(user_id=user_id, series=series, deals=[line.deal for line in lines])
    lines = [line for line in lines if line.deal not in taken]
    if not lines:
        raise NothingToPutDown
    total = Money(sum(line.minor for line in lines))
    DocumentSeries.objects.filter(pk=count.pk).update(last_number=F("last_number") + 1)
    return Document.objects.create(
        user_id=user_id,
        series=series,
        year=today.year,
        number=count.last_number + 1,
        subject=subject,
        issued_at=now(),
        total_minor=total.minor,
        currency=total.currency,
        content={
            "date": today.isoformat(),
            "buyer": {name: getattr(buyer, name) for name in ("kind", "name", "inn", "kpp", "address")},
            "lines": [asdict(line) for line in lines],
            "in_words": in_words(total),
        },
    )


def deals_on_paper(*, user_id: int, series: str, deals: Iterable[int]) -> dict[int, str]:
    """Which of these deals stand in a paper of the series already, and in which: deal → «17/2026»."""
    wanted = set(deals)
    found: dict[int, str] = {}
    for document in documents_of(user_id).filter(series=series):
        found |= {line["deal"]: document.title_number for line in document.content["lines"] if line["deal"] in wanted}
    return found


def documents_of(user_id: int) -> "QuerySet[Document]":
    return Document.objects.filter(user_id=user_id)


def documents_page(*, user_id: int, after: str | None = None, size: int = 20) -> Page[Document]:
    """The person's papers, newest first."""
    return key_page(documents_of(user_id), order=["id"], after=after, size=size)


def document_of(*, user_id: int, document_id: int) -> Document:
    """Raises NotFound: a paper of somebody else does not exist."""
    found = documents_of(user_id).filter(pk=document_id).first()
    if found is None:
        raise NotFound
    return found


def _lock_series(series: str, year: int) -> DocumentSeries:
    row, _created = DocumentSeries.objects.get_or_create(series=series, year=year)
    return DocumentSeries.objects.select_for_update(of=("self",)).get(pk=row.pk)
