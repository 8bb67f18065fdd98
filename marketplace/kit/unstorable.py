"""The character U+0000 has no place in a column of text. What carries it is refused at the edge, on pages and by the API;
services never meet it."""

from collections.abc import Callable, Iterator
from typing import Any, Final

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from ninja.errors import ValidationError
from ninja.parser import Parser

from marketplace.kit.http import API_ROOT

NUL: Final = "\x00"
KIND: Final = "nul_character"  # of an error, beside those of the checker of shapes


class StorableParser(Parser):
    """Bodies, forms and queries of the API. Raises ValidationError with the places of what cannot be kept."""

    def parse_body(self, request: HttpRequest) -> Any:
        return _storable(super().parse_body(request))

    def parse_querydict(self, data: Any, list_fields: list[str], request: HttpRequest) -> Any:
        return _storable(super().parse_querydict(data, list_fields, request))


class StorableAddressesAndForms:
    """An address with U+0000 leads nowhere; a query or a form of a page with it is not read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        if NUL in request.path_info:
            raise Http404
        if request.path_info.startswith(API_ROOT) or getattr(view, "csrf_exempt", False):
            return  # the API's parser reads, once it is known who calls; a webhook reads its body by itself
        for values in (request.GET, request.POST):
            if next(_places(dict(values.lists())), None) is not None:
                raise BadRequest


def _storable(data: Any) -> Any:
    lines = [{"type": KIND, "loc": place} for place in _places(data)]
    if lines:
        raise ValidationError(lines)
    return data


def _places(data: Any, place: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Where in a tree of objects, lists and texts the character stands. A name with it is not said again."""
    if isinstance(data, str):
        if NUL in data:
            yield place
    elif isinstance(data, dict):
        for name, value in data.items():
            yield from [place] if NUL in name else _places(value, (*place, name))
    elif isinstance(data, list):
        for number, value in enumerate(data):
            yield from _places(value, (*place, number))
