"""Who comes back from the processor's pages reads on in the language they read last, whichever it was when they left."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import translate_url
from django.utils.translation import get_language

View = Callable[..., HttpResponse]
LAST = "language"
MARKS = ("from", "left")  # what the addresses given to the processor carry


def in_the_readers_language(view: View) -> View:
    """For pages that lead to the processor's and that it leads back to: its address keeps the language of the first try."""

    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        here, last = (get_language() or settings.LANGUAGE_CODE)[:2], request.session.get(LAST)
        came_back = request.method == "GET" and any(mark in request.GET for mark in MARKS)
        if came_back and last != here and last in dict(settings.LANGUAGES):
            return redirect(translate_url(request.get_full_path(), last))
        if last != here:
            request.session[LAST] = here
        return view(request, *args, **kwargs)

    return page
