"""The price lists, to look at: models are switched at /desk/tariffs/, where notice and roll-outs are kept."""

from decimal import Decimal

from django.contrib import admin
from django.http import HttpRequest
from django.utils.formats import number_format
from django.utils.translation import pgettext_lazy

from payments.models import Tariff


@admin.register(Tariff)
class TariffAdmin(admin.ModelAdmin):
    list_display = ("category", "city", "valid_from", "response", "month", "share")
    list_filter = ("city", "category__group")
    list_select_related = ("category", "city")
    ordering = ("category", "city", "-valid_from")

    @admin.display(description=pgettext_lazy("admin", "price of a response"), ordering="response_fee_minor")
    def response(self, tariff: Tariff) -> str:
        return tariff.response_fee.format()

    @admin.display(description=pgettext_lazy("admin", "price of a subscription"), ordering="subscription_minor")
    def month(self, tariff: Tariff) -> str:
        return tariff.subscription.format()

    @admin.display(description=pgettext_lazy("admin", "commission"), ordering="commission_bp")
    def share(self, tariff: Tariff) -> str:
        return f"{number_format(Decimal(tariff.commission_bp) / 100)}\N{NO-BREAK SPACE}%"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Tariff | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Tariff | None = None) -> bool:
        return False
