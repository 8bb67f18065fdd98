"""What a page says after an action, on the next page."""

from django.contrib import messages
from django.http import HttpRequest

from marketplace.kit.errors import DomainError


def done(request: HttpRequest, sentence: str) -> None:
    messages.success(request, sentence)


def refused(request: HttpRequest, error: DomainError) -> None:
    messages.error(request, error.sentence)
