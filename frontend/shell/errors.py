"""Pages for what went wrong, and the same for callers of the API. A 500 stands alone: it must not need a database or a session."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from marketplace.kit.http import API_ROOT, refusal


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, 400, "unreadable", _("We could not read this request"), _("Go back and try once more."))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(
        request,
        403,
        "forbidden",
        _("This page is not for this account"),
        _("If it should be, log in with the account it belongs to."),
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _page(
        request,
        403,
        "csrf",
        _("The form was open for too long"),
        _("Nothing was sent. Go back, refresh the page and send it again."),
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(
        request,
        404,
        "",  # the API says it by itself (kit.http.ApiSpeaksJson)
        _("There is no such page"),
        _("The task may have been closed, or there is a slip in the address."),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """Django has written the error to the log before it asks for this."""
    if request.path.startswith(API_ROOT):
        return refusal("unexpected", _("Something broke on our side. Try again in a minute."), 500)
    return render(request, "500.html", status=500)


def _page(request: HttpRequest, status: int, code: str, title: str, sentence: str) -> HttpResponse:
    if code and request.path.startswith(API_ROOT):
        return refusal(code, title, status)
    return render(request, "shell/error.html", {"status": status, "title": title, "sentence": sentence}, status=status)
