"""The price lists, to look at: models are switched at /desk/tariffs/, where notice and roll-outs are kept."""

from django.contrib import admin
from django.http import HttpRequest

from payments.models import Tariff


@admin.register(Tariff)
class TariffAdmin(admin.ModelAdmin):
    list_display = ("category", "city", "valid_from", "response_fee", "subscription_minor", "commission_bp")
    list_filter = ("city", "category__group")
    list_select_related = ("category", "city")
    ordering = ("category", "city", "-valid_from")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Tariff | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Tariff | None = None) -> bool:
        return False
