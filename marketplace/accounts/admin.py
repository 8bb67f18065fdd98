"""Operators look people up and give staff roles; everything else about people happens at the desk."""

from typing import Any

from django.contrib import admin, messages
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import pgettext_lazy

from marketplace.accounts.models import User
from marketplace.accounts.services.staff import set_staff_role
from marketplace.kit.errors import DomainError


@admin.register(User)
class PeopleAdmin(admin.ModelAdmin):
    list_display = ("name", "phone", "email", "staff_role", "since")
    list_filter = ("staff_role", "city")
    search_fields = ("name", "phone", "email")
    ordering = ("-date_joined",)
    fields = ("name", "phone", "email", "city", "language", "date_joined", "staff_role")
    readonly_fields = fields[:-1]

    @admin.display(description=pgettext_lazy("admin", "with us since"), ordering="date_joined")
    def since(self, person: User) -> str:
        return date_format(localtime(person.date_joined), "SHORT_DATE_FORMAT")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: User, form: ModelForm, change: bool) -> None:
        """The role changes through the service, which records who did it and signs the person out."""
        try:
            set_staff_role(user=obj, role=form.cleaned_data["staff_role"], by=request.user)  # type: ignore[arg-type]
        except DomainError as error:
            messages.error(request, error.sentence)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """The audit log keeps it; a second log of the admin's would only differ."""
        return None
