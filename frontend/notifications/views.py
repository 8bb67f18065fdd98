"""What happened: news newest first, and whether e-mails are wanted."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from marketplace.accounts.requests import SignedIn
from marketplace.notifications import selectors, services


@login_required
@require_GET
def news(request: SignedIn) -> HttpResponse:
    page = selectors.notifications_page(user_id=request.user.pk, after=request.GET.get("after"))
    context = {
        "rows": page.rows,
        "next_key": page.next_key,
        "prefix": "" if get_language() == "ru" else "/en",
        "unread": selectors.unread_count(request.user.pk),
        "email": selectors.wants_email(request.user.pk),
    }
    return render(request, "notifications/list.html", context)


@login_required
@require_POST
def mark_read(request: SignedIn) -> HttpResponse:
    services.mark_all_read(user_id=request.user.pk)
    return redirect("notifications:list")


@login_required
@require_POST
def preferences(request: SignedIn) -> HttpResponse:
    services.set_preference(user_id=request.user.pk, email=request.POST.get("email") == "on")
    messages.success(request, _("Saved."))
    return redirect("notifications:list")
