"""Requisites, acts and invoices of a business customer, the receipt data of a self-employed executor."""

from datetime import date

from babel.dates import format_date
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from frontend import words
from frontend.account.forms import refuse
from frontend.papers.forms import KINDS, MonthForm, RequisitesForm
from frontend.papers.views.statements import pdf_response
from marketplace.accounts.requests import SignedIn
from marketplace.kit.errors import DomainError, NotFound
from payments import selectors as payments
from payments.services import save_requisites
from tasks_app import selectors, services


@require_safe
@login_required
def overview(request: SignedIn) -> HttpResponse:
    """The person's papers, newest first; a paper for a month that is over."""
    page = payments.documents_page(user_id=request.user.pk, after=request.GET.get("after"))
    months = _months(request)
    business = payments.business_of(request.user.pk)
    context = {
        "requisites": payments.requisites_of(request.user.pk),
        "rows": page.rows,
        "next_key": page.next_key,
        "month_form": MonthForm(months=months) if months and business else None,
    }
    return render(request, "papers/documents.html", context)


@require_POST
@login_required
def issue_month(request: SignedIn) -> HttpResponse:
    form = MonthForm(request.POST, months=_months(request))
    if not form.is_valid():
        messages.error(request, _("Choose a month."))
        return redirect("papers:overview")
    try:
        services.issue_month_paper(by=request.user, **form.cleaned_data)
        messages.success(request, _("The paper is ready."))
    except DomainError as error:
        messages.error(request, error.sentence)
    return redirect("papers:overview")


@require_POST
@login_required
def issue(request: SignedIn, assignment_id: int) -> HttpResponse:
    try:
        services.issue_deal_paper(assignment_id=assignment_id, by=request.user, series=request.POST.get("series", ""))
        messages.success(request, _("The paper is ready."))
    except NotFound:
        raise
    except DomainError as error:
        messages.error(request, error.sentence)
    return redirect("papers:overview")


@require_safe
@login_required
def pdf(request: SignedIn, document_id: int) -> HttpResponse:
    document = payments.document_of(user_id=request.user.pk, document_id=document_id)
    return pdf_response(payments.document_file(document))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def requisites(request: SignedIn) -> HttpResponse:
    kept = payments.requisites_of(request.user.pk)
    initial = {name: getattr(kept, name) for name in ("kind", "name", "inn", "kpp", "address")} if kept else {}
    form = RequisitesForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            save_requisites(user_id=request.user.pk, typed=form.typed())
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("The requisites are saved. Papers issued before stay as they are."))
            return redirect("papers:overview")
    return render(request, "papers/requisites.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
@login_required
def receipt(request: SignedIn, assignment_id: int) -> HttpResponse:
    """What a self-employed executor copies into the tax service's app."""
    data = selectors.receipt_data(assignment_id=assignment_id, user=request.user)
    kinds = {**dict(KINDS), "person": _("Private person")}
    return render(request, "papers/receipt.html", {"data": data, "customer_kind": kinds[data.customer_kind]})


def _months(request: SignedIn) -> list[tuple[str, str]]:
    """Months a paper can be made for: value and name, «октябрь 2026»."""
    found = selectors.months_for_papers(request.user)
    return [(month, format_date(date.fromisoformat(f"{month}-01"), "LLLL y", locale=words.locale())) for month in found]
