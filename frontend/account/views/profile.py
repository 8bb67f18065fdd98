"""A person's own page, and what they say of themselves."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from frontend.account.forms import PersonForm, PhotoForm, refuse
from marketplace.accounts import selectors, services
from marketplace.accounts.requests import SignedIn
from marketplace.kit.errors import DomainError


@require_safe
@login_required
def profile(request: SignedIn) -> HttpResponse:
    person = request.user
    return render(
        request,
        "account/profile.html",
        {
            "person": person,
            "executor": selectors.executor_profile(person),
            "restrictions": selectors.standing_restrictions(person.pk),
            "photo_form": PhotoForm(),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def edit(request: SignedIn) -> HttpResponse:
    return _person_page(request, "account/edit.html", reverse("account:profile"))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def welcome(request: SignedIn) -> HttpResponse:
    """The first page after the first code: what to call the person."""
    return _person_page(request, "account/welcome.html", _next(request))


def _person_page(request: SignedIn, template: str, then: str) -> HttpResponse:
    form = PersonForm(request.POST or None, person=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            services.edit_person(
                user=request.user,
                name=form.cleaned_data["name"],
                language=form.cleaned_data["language"],
                city_id=form.city_id,
            )
            return HttpResponseRedirect(then)
        except DomainError as error:
            refuse(form, error)
    status = 422 if form.errors else 200
    return render(request, template, {"form": form, "next": request.GET.get("next", "")}, status=status)


@require_POST
@login_required
def photo(request: SignedIn) -> HttpResponse:
    if "remove" in request.POST:
        services.remove_photo(user=request.user)
        return redirect("account:profile")
    form = PhotoForm(request.POST, request.FILES)
    try:
        if form.is_valid():
            services.set_photo(user=request.user, photo=form.cleaned_data["photo"])
        else:
            messages.error(request, _("Choose a photo first."))
    except DomainError as error:
        messages.error(request, error.sentence)
    return redirect("account:profile")


def _next(request: SignedIn) -> str:
    """Where the person was going; never to another site."""
    home = reverse("public:home")
    wanted = request.GET.get("next") or home
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe else home
