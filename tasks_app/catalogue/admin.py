"""Operators keep the catalogue and the places here: the only tables that the admin writes."""

from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.gis.db.models import GeometryField
from django.contrib.gis.geos import GEOSException, GEOSGeometry
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.forms import ModelForm, Textarea
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tasks_app.catalogue.selectors import is_needed
from tasks_app.catalogue.services import delete_reference, save_reference
from tasks_app.models import Category, CategoryGroup, City, District, Question, Street

if TYPE_CHECKING:
    from marketplace.accounts.models import User


class GeometryText(Textarea):
    """A geometry as GeoJSON or WKT text in degrees (EPSG:4326): a map widget would fetch foreign scripts and tiles."""

    map_srid = 4326

    def format_value(self, value: Any) -> str | None:
        return value.json if isinstance(value, GEOSGeometry) else value

    def deserialize(self, value: str) -> GEOSGeometry | None:
        try:
            return GEOSGeometry(value, srid=None if value.lstrip().startswith("{") else self.map_srid)
        except (GEOSException, ValueError, TypeError):
            return None


class Audited:
    """Every write goes through the service, which records it; the admin's own second log is left out."""

    formfield_overrides = {GeometryField: {"widget": GeometryText}}
    actions = None  # one row at a time: each has its own reason to stay
    needed: ClassVar[str | Promise] = _("Other rows need this one, so it cannot be deleted.")

    def save_model(self, request: HttpRequest, obj: models.Model, form: "ModelForm[Any]", change: bool) -> None:
        changes = {name: form.cleaned_data.get(name) for name in form.changed_data}
        save_reference(row=obj, by=cast("User", request.user), changes=changes)

    def save_formset(
        self, request: HttpRequest, form: Any, formset: "BaseInlineFormSet[Any, Any, Any]", change: bool
    ) -> None:
        formset.save(commit=False)
        by = cast("User", request.user)
        for gone in formset.deleted_objects:
            delete_reference(row=gone, by=by)
        for row, fields in formset.changed_objects:
            save_reference(row=row, by=by, changes={name: getattr(row, name) for name in fields})
        for row in formset.new_objects:
            save_reference(row=row, by=by, changes={"text": str(row)})

    def delete_model(self, request: HttpRequest, obj: models.Model) -> None:
        delete_reference(row=obj, by=cast("User", request.user))

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """What other rows need is not deleted: the page says why and offers to make it inactive."""
        page = cast("admin.ModelAdmin[Any]", self)
        row = page.get_object(request, unquote(object_id))
        if row is None or not is_needed(row):
            return cast(HttpResponse, super().delete_view(request, object_id, extra_context))  # type: ignore[misc]
        if not page.has_delete_permission(request, row):
            raise PermissionDenied
        if request.method == "POST" and "inactive" in request.POST and hasattr(row, "is_active"):
            return self._retire(request, row)
        context = {
            **page.admin_site.each_context(request),
            "title": _("Cannot be deleted"), "subtitle": None, "opts": page.opts, "object": row, "reason": self.needed,
            "can_retire": getattr(row, "is_active", False),
        }  # fmt: skip
        return TemplateResponse(request, "admin/needed.html", context, status=409 if request.method == "POST" else 200)

    def _retire(self, request: HttpRequest, row: Any) -> HttpResponse:
        row.is_active = False
        try:
            save_reference(row=row, by=cast("User", request.user), changes={"is_active": False})
        except ValidationError as wrong:  # the row is from before its checks: it has to be put right first
            messages.error(request, " ".join(wrong.messages))
            return redirect(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", row.pk)
        messages.success(request, _("“%(name)s” is not active any more: it is offered nowhere.") % {"name": row})
        return redirect(f"admin:{row._meta.app_label}_{row._meta.model_name}_changelist")

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> None:
        return None

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> None:
        return None

    def log_deletions(self, request: HttpRequest, queryset: Any) -> None:
        return None


@admin.register(CategoryGroup)
class GroupAdmin(Audited, admin.ModelAdmin):  # type: ignore[misc]
    list_display = ("name_ru", "name_en", "slug", "icon", "position")
    prepopulated_fields = {"slug": ("name_en",)}
    needed = _("Categories belong to this group. Give them another group first, then it can be deleted.")


class QuestionInline(admin.StackedInline):
    model = Question
    extra = 0
    fields = (("key", "position"), ("kind", "required"), ("text_ru", "text_en"), "options")
    formfield_overrides = {models.JSONField: {"widget": Textarea({"rows": 3, "class": "vLargeTextField"})}}


@admin.register(Category)
class CategoryAdmin(Audited, admin.ModelAdmin):  # type: ignore[misc]
    list_display = ("name_ru", "group", "place", "max_responses", "is_active")
    list_filter = ("group", "place", "is_active")
    list_select_related = ("group",)
    search_fields = ("name_ru", "name_en", "slug")
    prepopulated_fields = {"slug": ("name_en",)}
    inlines = (QuestionInline,)
    needed = _(
        "Tasks, prices or subscriptions belong to this category, and they stay. It can be made inactive instead."
    )


@admin.register(City)
class CityAdmin(Audited, admin.ModelAdmin):  # type: ignore[misc]
    list_display = ("name_ru", "name_en", "time_zone", "currency", "verification_per_day", "is_active", "position")
    needed = _("Tasks, executors or prices belong to this city, and they stay. It can be made inactive instead.")


@admin.register(District)
class DistrictAdmin(Audited, admin.ModelAdmin):  # type: ignore[misc]
    list_display = ("name_ru", "name_en", "city")
    list_filter = ("city",)
    search_fields = ("name_ru", "name_en")
    list_select_related = ("city",)


@admin.register(Street)
class StreetAdmin(Audited, admin.ModelAdmin):  # type: ignore[misc]
    list_display = ("name_ru", "name_en", "city", "district", "last_house")
    list_filter = ("city",)
    search_fields = ("name_ru", "name_en")
    list_select_related = ("city", "district")
    raw_id_fields = ("district",)
