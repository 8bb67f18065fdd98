"""Papers as PDF: a statement in the reader's language, an act and an invoice in Russian."""

from datetime import date

from babel.dates import format_date
from django.utils.timezone import localtime
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from marketplace.kit.clock import now
from marketplace.kit.money import Money
from payments.documents.paper import Paper
from payments.documents.statements import OWED_WHY, Statement
from payments.models import Document

_LOCALES = {"ru": "ru_RU", "en": "en_GB"}


def statement_pdf(*, statement: Statement, owner: str) -> bytes:
    """The statement of `owner`'s wallet, in the active language."""
    period = {"first": _day(statement.period.first), "last": _day(statement.period.last)}
    title = _("Statement of the wallet")
    paper = Paper(title=title, made_at=now(), language=_language())
    paper.heading(title, _("%(first)s – %(last)s, both days included") % period)
    paper.terms(
        [
            (_("Holder"), owner),
            (_("Opening balance"), _sum(statement.opening)),
            (_("Came in"), _sum(statement.came)),
            (_("Went out"), _sum(statement.went)),
            (_("Closing balance"), _sum(statement.closing)),
            *([(_("Owed to the service"), f"{_sum(statement.owed)}. {OWED_WHY}")] if statement.owed.minor else []),
        ]
    )
    if statement.lines:
        head = (_("Date"), _("What and why"), _("Amount"), _("Balance after"))
        lines = [
            (
                localtime(line.at).strftime("%d.%m.%Y\n%H:%M"),
                "\n".join(part for part in (_what(line.title, line.task_title), line.why) if part),
                _sum(line.amount, signed=True),
                _sum(balance),
            )
            for line, balance in zip(statement.lines, statement.balances, strict=True)
        ]
        paper.rows(head, lines, widths=(16, 54, 18, 18), right={2, 3})
    else:
        paper.text_block(_("Nothing moved in this period."))
    _past_the_wallet(paper, statement)
    paper.small(
        _("Made from the journal of the wallet, whose lines are never changed: a mistake is corrected by a new one.")
    )
    return paper.done()


def _past_the_wallet(paper: Paper, statement: Statement) -> None:
    """What cards paid and accounts for payouts received, in a table of its own: it is in no balance."""
    if not statement.by_card:
        return
    paper.ln(3)
    paper.text_block(_("Outside the wallet, in no balance: by card and to the account for payouts"), bold=True)
    lines = [
        (
            localtime(line.at).strftime("%d.%m.%Y\n%H:%M"),
            "\n".join((_what(line.title, line.about), line.why)),
            _sum(line.amount, signed=True),
        )
        for line in statement.by_card
    ]
    paper.rows((_("Date"), _("What and why"), _("Amount")), lines, widths=(16, 72, 18), right={2})
    paper.terms(
        [
            (_("Paid by card"), _sum(statement.card_paid)),
            (_("Back to the card"), _sum(statement.card_back)),
            (_("To the account for payouts"), _sum(statement.paid_out)),
        ]
    )


def document_pdf(document: Document) -> bytes:
    """An issued act or invoice, drawn from its frozen row; always in Russian, as the papers' law wants it."""
    with override("ru"):
        return _act(document) if document.series == Document.Series.ACT else _invoice(document)


def _act(document: Document) -> bytes:
    number, day = document.title_number, _day(date.fromisoformat(document.content["date"]))
    paper = Paper(title=f"Акт № {number}", made_at=document.issued_at, language="ru")
    paper.heading(f"Акт об оказании услуг № {number}", f"от {day}")
    _sides(paper, document)
    _lines(paper, document)
    if any(line.get("in_part") for line in document.content["lines"]):
        paper.text_block(_IN_PART)
    else:
        paper.text_block("Услуги оказаны полностью и в срок. Претензий по объёму, качеству и срокам заказчик не имеет.")
    paper.ln(2)
    paper.small(_HOW_ACT)
    paper.signatures("Исполнитель", "Заказчик")
    return paper.done()


def _invoice(document: Document) -> bytes:
    number, day = document.title_number, _day(date.fromisoformat(document.content["date"]))
    paper = Paper(title=f"Счёт № {number}", made_at=document.issued_at, language="ru")
    paper.heading(f"Счёт на оплату № {number}", f"от {day}")
    _sides(paper, document)
    _lines(paper, document)
    paper.small(_HOW_INVOICE)
    paper.signatures("Исполнитель", "")
    return paper.done()


# Papers that a Russian accountant files are Russian in every language of the site, so these texts are not translated.
_IN_PART = "Где сумма меньше цены сделки, услуга оплачена в части, о которой стороны договорились или которую определил сервис."
_HOW_ACT = (
    "Составлено сервисом «Поручи» по данным завершённых сделок. Сервис — посредник и не является стороной "
    "договора об оказании услуг."
)
_HOW_INVOICE = (
    "Составлено сервисом «Поручи» по данным сделок. Оплата — исполнителю, как стороны договорились; по безопасной сделке — "
    "через сервис. Сервис — посредник и не является стороной договора об оказании услуг."
)


def _sides(paper: Paper, document: Document) -> None:
    content = document.content
    sellers = list(dict.fromkeys((line["seller"], line["seller_inn"]) for line in content["lines"]))
    named = ", ".join(name + (f", ИНН {inn}" if inn else "") for name, inn in sellers)
    buyer = content["buyer"]
    numbers = f"ИНН {buyer['inn']}" + (f", КПП {buyer['kpp']}" if buyer["kpp"] else "")
    paper.terms(
        [
            ("Исполнитель" if len(sellers) == 1 else "Исполнители", named),
            ("Заказчик", "\n".join(part for part in (buyer["name"], numbers, buyer["address"]) if part)),
        ]
    )


def _lines(paper: Paper, document: Document) -> None:
    many = len({line["seller"] for line in document.content["lines"]}) > 1
    rows = [
        (
            str(place),
            line["title"] + f"\nСделка № {line['deal']}" + (f", {line['seller']}" if many else ""),
            date.fromisoformat(line["date"]).strftime("%d.%m.%Y"),
            _sum(Money(line["minor"], document.currency)),
        )
        for place, line in enumerate(document.content["lines"], 1)
    ]
    paper.rows(("№", "Услуга", "Дата", "Сумма"), rows, widths=(6, 60, 16, 20), right={3})
    paper.text_block(f"Итого: {_sum(Money(document.total_minor, document.currency))}. Без НДС.", bold=True)
    paper.text_block(document.content["in_words"])
    if told := commission_words(document):
        paper.text_block(told)
    paper.ln(3)


def commission_words(document: Document) -> str:
    """What the customer paid the service itself, so that paper and card agree; empty when nothing."""
    kept = {line["deal"]: line.get("commission_minor", 0) for line in document.content["lines"]}
    total = Money(sum(kept.values()), document.currency)
    if not total.minor:
        return ""
    deals = ", ".join(f"№ {deal}" for deal, minor in kept.items() if minor)
    return f"Сверх этой суммы, комиссия сервиса «Поручи» по безопасным сделкам ({deals}): {_sum(total)}."


def _what(title: str, task: str) -> str:
    return f"{title}: {task}" if task else title


def _sum(amount: Money, *, signed: bool = False) -> str:
    """Two digits of fraction always: papers line up."""
    text = f"{amount.amount:,.2f}"
    if _language() == "ru":
        text = text.replace(",", "\N{NO-BREAK SPACE}").replace(".", ",")
    return f"{'+' if signed and amount.minor > 0 else ''}{text} ₽"


def _day(when: date) -> str:
    return str(format_date(when, "d MMMM y", locale=_LOCALES[_language()]))


def _language() -> str:
    return (get_language() or "ru")[:2]
