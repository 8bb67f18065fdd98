"""allauth's pages for another phone or address, and the way back to where they were asked for."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import views
from allauth.account.views import _VerifyPhoneChangeView
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from marketplace.accounts.adapter import RETURN_TO

View = Callable[..., HttpResponseBase]


def remembers_next(view: View) -> View:
    """`?next=` is where the page after the right code leads; without it, to the profile. Never to another site."""

    @wraps(view)
    def open_page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "GET" and request.user.is_authenticated:
            wanted = request.GET.get("next", "")
            if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()):
                request.session[RETURN_TO] = wanted
            else:
                request.session.pop(RETURN_TO, None)
        return view(request, *args, **kwargs)

    return open_page


class VerifyPhone(_VerifyPhoneChangeView):
    """Only for people who are signed in: the sign-in confirms the phone by itself."""

    def respond_process_succeeded(self, form: Form) -> HttpResponse:
        return HttpResponseRedirect(self.request.session.pop(RETURN_TO, None) or reverse("account:profile"))


change_email = remembers_next(login_required(views.email))
change_phone = remembers_next(login_required(views.change_phone))
verify_phone = login_required(VerifyPhone.as_view())
