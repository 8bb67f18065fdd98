"""The admin is for operators, behind the same sign-in and second factor as everything else."""

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.policies import is_operator


class OperatorSite(AdminSite):
    site_header = site_title = _("Poruchi: operators")
    index_title = _("Reference data and people")
    # Secrets and sessions of people are nobody's to look at; groups and single permissions do not exist here.
    hidden_apps = frozenset({"account", "auth", "mfa", "usersessions"})

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        models = model_or_iterable if isinstance(model_or_iterable, list | tuple) else [model_or_iterable]
        shown = [model for model in models if model._meta.app_label not in self.hidden_apps]
        super().register(shown, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_authenticated and is_operator(request.user)

    def login(self, request: HttpRequest, extra_context: dict[str, object] | None = None) -> HttpResponse:
        """No passwords here: visitors go to the one sign-in, people who are no operators are refused."""
        if request.user.is_authenticated and not is_operator(request.user):
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next", request.get_full_path()))
