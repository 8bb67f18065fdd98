"""Operators change tariffs here: a new row from a date on, never an old one."""

from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest

from payments.fees.tariffs import add_tariff
from payments.models import Tariff

if TYPE_CHECKING:
    from marketplace.accounts.models import User


@admin.register(Tariff)
class TariffAdmin(admin.ModelAdmin):
    list_display = ("category", "city", "valid_from", "response_fee", "subscription_minor")
    list_filter = ("city", "category__group")
    list_select_related = ("category", "city")
    ordering = ("category", "city", "-valid_from")

    def has_change_permission(self, request: HttpRequest, obj: Tariff | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Tariff | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Tariff, form: "ModelForm[Any]", change: bool) -> None:
        add_tariff(tariff=obj, by=cast("User", request.user))

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """The audit log keeps it; a second log of the admin's would only differ."""
        return None
