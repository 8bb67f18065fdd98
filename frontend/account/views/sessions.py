"""Where one is signed in."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from frontend.account.agents import short_name
from marketplace.accounts import selectors, services
from marketplace.accounts.requests import SignedIn


@require_safe
@login_required
def sessions(request: SignedIn) -> HttpResponse:
    lines = [
        {
            "session": session,
            "name": short_name(session.user_agent),
            "here": session.session_key == request.session.session_key,
        }
        for session in selectors.sessions_of(request.user)
    ]
    devices = selectors.devices_of(request.user)
    return render(request, "account/sessions.html", {"lines": lines, "devices": devices})


@require_POST
@login_required
def end_session(request: SignedIn, session_id: int) -> HttpResponse:
    services.end_session(session_id=session_id, by=request.user)
    return redirect("account:sessions")


@require_POST
@login_required
def end_all_sessions(request: SignedIn) -> HttpResponse:
    """All the others, or this one as well."""
    here_too = "here_too" in request.POST
    keep = None if here_too else request.session.session_key
    services.sign_out_everywhere(user=request.user, keep_session=keep)
    if here_too:
        request.session.flush()
        return redirect("public:home")
    messages.success(request, _("You are signed out everywhere else."))
    return redirect("account:sessions")


@require_POST
@login_required
def revoke_device(request: SignedIn, device_id: int) -> HttpResponse:
    services.revoke_device(device_id=device_id, by=request.user)
    return redirect("account:sessions")
