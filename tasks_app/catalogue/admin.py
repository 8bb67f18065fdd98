"""Operators keep the catalogue and the places here: the only tables that the admin writes."""

from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin
from django.contrib.gis.db.models import GeometryField
from django.contrib.gis.geos import GEOSException, GEOSGeometry
from django.db import models
from django.forms import ModelForm, Textarea
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest

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

    def delete_queryset(self, request: HttpRequest, queryset: "models.QuerySet[Any]") -> None:
        for row in queryset:
            delete_reference(row=row, by=cast("User", request.user))

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


class QuestionInline(admin.TabularInline):
    model = Question
    extra = 0


@admin.register(Category)
class CategoryAdmin(Audited, admin.ModelAdmin):  # type: ignore[misc]
    list_display = ("name_ru", "name_en", "group", "place", "max_responses", "is_active", "position")
    list_filter = ("group", "place", "is_active")
    list_select_related = ("group",)
    search_fields = ("name_ru", "name_en", "slug")
    prepopulated_fields = {"slug": ("name_en",)}
    inlines = (QuestionInline,)


@admin.register(City)
class CityAdmin(Audited, admin.ModelAdmin):  # type: ignore[misc]
    list_display = ("name_ru", "name_en", "time_zone", "currency", "verification_per_day", "is_active", "position")


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
