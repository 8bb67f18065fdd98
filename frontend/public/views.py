"""Pages for everybody: home, services, cities."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "public/home.html")


@require_GET
def categories(request: HttpRequest) -> HttpResponse:
    return render(request, "public/categories.html")
