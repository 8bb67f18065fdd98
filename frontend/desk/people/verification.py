"""The queue of executors to verify: documents, facts, a decision, all by keyboard."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from django.views.decorators.http import require_http_methods, require_safe

from marketplace.accounts import selectors, services
from marketplace.accounts.requests import SignedIn
from marketplace.kit.errors import DomainError, NotFound

REASONS = {
    "blurred": gettext_lazy("The photo of the document is blurred, cut off or has glare."),
    "face": gettext_lazy("The face is not clearly seen next to the document."),
    "name": gettext_lazy("The name differs from the one in the document."),
    "expired": gettext_lazy("The document has expired."),
    "other_person": gettext_lazy("The document belongs to somebody else."),
    "altered": gettext_lazy("The picture has been altered."),
}


@require_safe
@login_required
def queue(request: SignedIn) -> HttpResponse:
    """The request that has waited longest, or an empty desk."""
    page = selectors.verification_queue(reader=request.user, after=request.GET.get("after"))
    if page.rows:
        return redirect("desk:verification_case", page.rows[0].pk)
    return render(request, "desk/people/verification_empty.html")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def case(request: SignedIn, request_id: int) -> HttpResponse:
    chosen = selectors.verification_case(request_id, reader=request.user)
    sentence, refused_field = "", ""
    if request.method == "POST":
        try:
            services.decide_verification(
                request_id=chosen.pk,
                by=request.user,
                outcome=request.POST.get("outcome", ""),
                reason=_reason(request, chosen.profile.user.language),
            )
            messages.success(request, _("Decided: %(name)s") % {"name": chosen.profile.user.public_name})
            return redirect("desk:verification")
        except DomainError as error:
            sentence, refused_field = error.sentence, getattr(error, "field", "")
    rows = selectors.verification_queue(reader=request.user).rows
    ids = [row.pk for row in rows]
    at = ids.index(chosen.pk) if chosen.pk in ids else -1
    context = {
        "rows": rows,
        "waiting": selectors.verification_count(),
        "chosen": chosen,
        "person": chosen.profile.user,
        "kind": services.DOCUMENT_KINDS.get(chosen.document_kind, chosen.document_kind),
        "earlier": selectors.earlier_requests(chosen),
        "namesakes": selectors.same_name(chosen)[:5],
        "strikes": selectors.strikes_of(chosen.profile.user_id),
        "next_id": ids[at + 1] if at + 1 < len(ids) else None,
        "previous_id": ids[at - 1] if at > 0 else None,
        "reasons": [{"code": code, "text": text, "key": key} for key, (code, text) in enumerate(REASONS.items(), 1)],
        "sentence": sentence,
        "refused_field": refused_field,
        "tried": request.POST,
    }
    return render(request, "desk/people/verification.html", context, status=422 if sentence else 200)


@require_safe
@login_required
def document(request: SignedIn, public_id: UUID) -> HttpResponse | FileResponse:
    """A private picture, for a moderator's eyes; the look is on record and nothing keeps a copy."""
    chosen = services.look_at_document(public_id=public_id, by=request.user)
    try:
        file = services.open_document(chosen)
    except FileNotFoundError as error:
        raise NotFound from error
    response = FileResponse(file, content_type="image/jpeg")
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _reason(request: SignedIn, language: str) -> str:
    """A ready sentence in the person's language, and what the moderator adds."""
    with override(language):
        ready = str(REASONS.get(request.POST.get("ready", ""), ""))
    return " ".join(filter(None, [ready, request.POST.get("reason", "").strip()]))
