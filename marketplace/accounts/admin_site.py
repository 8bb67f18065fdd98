"""The admin is for operators, behind the same sign-in and second factor as everything else."""

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.policies import is_operator


class OperatorSite(AdminSite):
    site_header = site_title = _("Poruchi: operators")
    index_title = _("Reference data and people")

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_authenticated and is_operator(request.user)

    def login(self, request: HttpRequest, extra_context: dict[str, object] | None = None) -> HttpResponse:
        """No passwords here: visitors go to the one sign-in, people who are no operators are refused."""
        if request.user.is_authenticated and not is_operator(request.user):
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next", request.get_full_path()))
