"""One-click log-ins to the demo world, and its time. Outside demo mode these pages do not exist."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from fraud.selectors import flag_waits
from frontend.demo.cast import CAST, CastMember
from frontend.demo.passing import PERIODS, let_pass
from marketplace.accounts.models import User
from marketplace.accounts.second_factor import sign_in_without_codes
from marketplace.kit.clock import now
from marketplace.kit.demo_clock import demo_clock
from payments.selectors import processor_keeps_own_time


@never_cache
@require_GET
def people(request: HttpRequest) -> HttpResponse:
    _only_in_demo()
    known = {user.phone: user for user in User.objects.filter(phone__in=[member.phone for member in CAST])}
    rows = [(member, known.get(member.phone)) for member in CAST]
    time = {
        "at": now(),
        "days_ahead": demo_clock().passed().days,
        "periods": [] if processor_keeps_own_time() else [(key, words) for key, (words, _) in PERIODS.items()],
    }
    old = bool(known) and not flag_waits()
    return render(request, "demo/people.html", {"rows": rows, "is_empty": not known, "desk_is_old": old, "time": time})


@never_cache
@require_POST
def pass_time(request: HttpRequest) -> HttpResponse:
    """`period`: a key of PERIODS."""
    _only_in_demo()
    period = request.POST.get("period", "")
    if period not in PERIODS or processor_keeps_own_time():
        raise Http404
    let_pass(period=period)
    return HttpResponseRedirect(f"{reverse('demo:people')}#time")


@never_cache
@require_POST
def enter(request: HttpRequest, key: str) -> HttpResponse:
    _only_in_demo()
    member = _member(key)
    user = get_object_or_404(User, phone=member.phone)
    sign_in_without_codes(request, user)
    return HttpResponseRedirect(_in_language(member.start))


def _only_in_demo() -> None:
    if not settings.DEMO:
        raise Http404


def _member(key: str) -> CastMember:
    for member in CAST:
        if member.key == key:
            return member
    raise Http404


def _in_language(path: str) -> str:
    """The page in the language in which the demo page was read; the admin has no languages."""
    return f"/en{path}" if get_language() == "en" and not path.startswith("/admin/") else path
