"""The statement of a period: on the page, as a table, as PDF."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.timezone import localtime
from django.views.decorators.http import require_safe

from frontend.papers.forms import PeriodForm
from frontend.papers.story import story_past_wallet
from frontend.wallet import words
from marketplace.accounts.requests import SignedIn
from marketplace.kit.errors import InvalidInput
from payments import selectors
from payments.documents.statements import Period

SHOWN = 50  # lines of each kind on the page; the files have all


@require_safe
@login_required
def statement(request: SignedIn) -> HttpResponse:
    """Choose a period; see what there was, came, went and is; take it as a file."""
    form = PeriodForm(request.GET or None)
    context: dict[str, object] = {"form": form}
    try:
        period = _period(form)
        made = selectors.make_statement(user_id=request.user.pk, period=period)
        context |= {
            "period": period,
            "statement": made,
            "lines": [(line, words.title_of(line), words.why_of(line)) for line in reversed(made.lines[-SHOWN:])],
            "lines_hidden": max(0, len(made.lines) - SHOWN),
            "past": [(line, words.why_past_wallet(line)) for line in reversed(made.by_card[-SHOWN:])],
            "past_hidden": max(0, len(made.by_card) - SHOWN),
        }
    except InvalidInput as error:
        form.add_error(None, error.sentence)
    if not form.is_bound and "period" in context:
        context["form"] = PeriodForm(initial={"first": period.first, "last": period.last})
    return render(request, "papers/statement.html", context, status=422 if form.errors else 200)


@require_safe
@login_required
def by_card(request: SignedIn, entry_id: int) -> HttpResponse:
    """«What was this charge for?» of money that went past the wallet."""
    line, others = selectors.line_by_card(user_id=request.user.pk, entry_id=entry_id)
    day = localtime(line.at).date()
    context = {"line": line, "story": story_past_wallet(line, others), "first": day.replace(day=1), "last": day}
    return render(request, "papers/by_card.html", context)


@require_safe
@login_required
def table(request: SignedIn) -> HttpResponseBase:
    period = _period(PeriodForm(request.GET))
    lines = selectors.statement_table(user_id=request.user.pk, period=period)
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="statement-{period.first}-{period.last}.csv"'
    return response


@require_safe
@login_required
def pdf(request: SignedIn) -> HttpResponse:
    period = _period(PeriodForm(request.GET))
    made = selectors.make_statement(user_id=request.user.pk, period=period)
    file = selectors.statement_file(statement=made, owner=request.user.name or request.user.public_name)
    return pdf_response(file)


def pdf_response(file: selectors.PaperFile) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{file.name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(file.content, content_type="application/pdf", headers=headers)


def _period(form: PeriodForm) -> Period:
    """Raises InvalidInput."""
    days = form.cleaned_data if form.is_valid() else {}
    if form.is_bound and not form.is_valid():
        field, errors = next(iter(form.errors.items()))
        raise InvalidInput(field=field, reason=str(errors[0]))
    return selectors.make_period(days.get("first"), days.get("last"))
