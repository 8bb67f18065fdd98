"""Operators change tariffs here: a new row from a date on, never an old one."""

from django.contrib import admin
from django.http import HttpRequest

from payments.models import Tariff


@admin.register(Tariff)
class TariffAdmin(admin.ModelAdmin):
    list_display = ("category", "city", "valid_from", "response_fee", "subscription_minor")
    list_filter = ("city", "category__group")
    autocomplete_fields = ()
    ordering = ("category", "city", "-valid_from")

    def has_change_permission(self, request: HttpRequest, obj: Tariff | None = None) -> bool:
        return obj is None and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Tariff | None = None) -> bool:
        return False
