"""Papers as files, with their names. What draws them is loaded on first use: most processes never draw."""

from dataclasses import dataclass

from payments.documents.statements import Statement
from payments.models import Document


@dataclass(frozen=True, slots=True)
class PaperFile:
    name: str
    content: bytes


def statement_file(*, statement: Statement, owner: str) -> PaperFile:
    """The statement as PDF in the active language."""
    from payments.documents.pdf import statement_pdf

    period = statement.period
    return PaperFile(f"statement-{period.first}-{period.last}.pdf", statement_pdf(statement=statement, owner=owner))


def document_file(document: Document) -> PaperFile:
    """An issued act or invoice as PDF."""
    from payments.documents.pdf import document_pdf

    return PaperFile(f"{document.series}-{document.year}-{document.number}.pdf", document_pdf(document))
