"""The form of an executor's profile: plain fields, so that it works without JavaScript.

A place of the service area is typed as an address of the person's city and found by the geocoder; with JavaScript it may be
tapped on a map instead, which fills two hidden fields.
"""

from typing import Any

from django import forms
from django.contrib.gis.geos import Point
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from marketplace.accounts import selectors
from marketplace.accounts.services import LANGUAGES, MAX_POINTS, AreaPoint
from tasks_app import selectors as tasks

RADII = [(1000, _("1 km")), (2000, _("2 km")), (3000, _("3 km")), (5000, _("5 km")), (10000, _("10 km")), (20000, _("20 km")), (50000, _("50 km"))]  # fmt: skip
ON_MAP = _("Place on the map")
OUTSIDE = _("This place is outside your city.")
NOT_FOUND = _("We cannot find this address in your city. Write a street and a house number.")


class ExecutorForm(forms.Form):
    about = forms.CharField(
        label=_("About you"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Experience, tools, how you work. Contacts are shown to the customer who chooses you."),
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages you speak"),
        choices=list(LANGUAGES.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    categories = forms.MultipleChoiceField(label=_("What you do"), required=False)
    districts = forms.MultipleChoiceField(
        label=_("Districts where you work"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, person: Any, **kwargs: Any) -> None:
        self.city = person.city
        profile = selectors.executor_profile(person)
        self._points = list(profile.points.order_by("pk")) if profile else []
        area = selectors.service_area(person)
        initial: dict[str, Any] = {
            "about": profile.about if profile else "",
            "languages": profile.languages if profile else [person.language],
            "categories": [str(pk) for pk in selectors.executor_categories(person)],
            "districts": [str(pk) for pk in area.district_ids],
        }
        kwargs["initial"] = initial
        super().__init__(*args, **kwargs)
        self.groups = list(tasks.groups_with_categories())
        self._fill_choices()
        self._add_places()

    def _fill_choices(self) -> None:
        every = [(str(line.pk), line.name) for group in self.groups for line in group.categories.all()]
        self.fields["categories"].choices = every  # type: ignore[attr-defined]
        districts = sorted((d.name, str(d.pk)) for d in self.city.districts.all()) if self.city else []
        self.fields["districts"].choices = [(pk, name) for name, pk in districts]  # type: ignore[attr-defined]

    def _add_places(self) -> None:
        for number in range(MAX_POINTS):
            point = self._points[number] if number < len(self._points) else None
            self.fields[f"place_{number}"] = forms.CharField(
                label=_("Street and house"), max_length=80, required=False, initial=point.label if point else ""
            )
            self.fields[f"radius_{number}"] = forms.TypedChoiceField(
                label=_("How far from it"),
                choices=RADII,
                coerce=int,
                required=False,
                initial=point.radius_m if point else 5000,
            )
            for axis, value in (("lon", point and point.point.x), ("lat", point and point.point.y)):
                self.fields[f"{axis}_{number}"] = forms.FloatField(
                    required=False, initial=value and round(value, 6), widget=forms.HiddenInput
                )

    @property
    def places(self) -> list[dict[str, Any]]:
        """Address and radius side by side; those filled in and one more."""
        rows = [self._row(number) for number in range(MAX_POINTS)]
        filled = [n for n, row in enumerate(rows) if row["place"].value()]
        return rows[: max(filled, default=-1) + 2]

    def _row(self, number: int) -> dict[str, Any]:
        lon, lat = self[f"lon_{number}"], self[f"lat_{number}"]
        centre = self.city.centre if self.city else None
        return {
            "place": self[f"place_{number}"],
            "radius": self[f"radius_{number}"],
            "lon": lon,
            "lat": lat,
            "at": (lon.value(), lat.value())
            if lon.value() and lat.value()
            else (centre.x, centre.y)
            if centre
            else None,
        }

    @property
    def category_groups(self) -> list[dict[str, Any]]:
        """For a page of groups that open: the categories of each, which are on, how many."""
        on = set(self["categories"].value() or [])
        return [
            {
                "group": group,
                "lines": [{"category": line, "on": str(line.pk) in on} for line in group.categories.all()],
                "count": sum(str(line.pk) in on for line in group.categories.all()),
            }
            for group in self.groups
        ]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        self.points = []
        for number in range(MAX_POINTS):
            typed, radius = (data.get(f"place_{number}") or "").strip(), data.get(f"radius_{number}") or 5000
            try:
                if tapped := self._tapped(number, data):
                    self.points.append(self._named(*tapped, radius))
                elif typed:
                    self.points.append(self._located(typed, radius))
            except ValidationError as error:
                self.add_error(f"place_{number}", error)
        return data

    def _tapped(self, number: int, data: dict[str, Any]) -> tuple[float, float] | None:
        """The place chosen on the map, when it is another one than before."""
        lon, lat = data.get(f"lon_{number}"), data.get(f"lat_{number}")
        if lon is None or lat is None or not {f"lon_{number}", f"lat_{number}"} & set(self.changed_data):
            return None
        return float(lon), float(lat)

    def _named(self, lon: float, lat: float, radius_m: int) -> AreaPoint:
        if self.city is None or not self.city.outline.contains(Point(lon, lat, srid=4326)):
            raise ValidationError(OUTSIDE)
        near = tasks.geocoder().reverse(longitude=lon, latitude=lat, city=self.city)
        return AreaPoint(lon, lat, radius_m, near.address[:80] if near else str(ON_MAP))

    def _located(self, typed: str, radius_m: int) -> AreaPoint:
        """A place that stands already keeps its point; a new one is looked up."""
        for point in self._points:
            if point.label == typed:
                return AreaPoint(point.point.x, point.point.y, radius_m, typed)
        found = tasks.geocoder().suggest(typed, city=self.city, limit=1) if self.city else []
        if not found:
            raise ValidationError(NOT_FOUND)
        return AreaPoint(found[0].longitude, found[0].latitude, radius_m, found[0].address[:80])

    def profile(self) -> dict[str, Any]:
        """What services.edit_executor_profile takes."""
        data = self.cleaned_data
        return {
            "about": data["about"],
            "languages": data["languages"],
            "category_ids": [int(pk) for pk in data["categories"]],
            "district_ids": [int(pk) for pk in data["districts"]],
            "points": self.points,
        }
