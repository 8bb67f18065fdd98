"""The fields of the screens. They only carry what was typed: the rules stand in tasks_app.posting.parts."""

import datetime as dt
from typing import Any

from babel.numbers import get_currency_symbol
from django import forms
from django.conf import settings
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from frontend.words import day as day_words
from frontend.words import number, weekday
from marketplace.kit.clock import now
from payments.selectors import card_payments_on
from tasks_app.models import City, Question
from tasks_app.posting.content import DraftContent, Values
from tasks_app.posting.errors import AnswersRefused
from tasks_app.posting.parts import budget as prices
from tasks_app.posting.parts import questions
from tasks_app.posting.parts.place import is_route, may_be_remote, most_stops, only_remote
from tasks_app.posting.parts.when import EXACT
from tasks_app.selectors import well_written

OTHER_DAY = "other"
DAYS_SHOWN = 4
EMPTY_STOPS = 2
_SIGNS = "ru_RU"  # other locales write roubles as letters


class PartForm(forms.Form):
    """A screen's form. `values` is what the service gets; its refusals are shown at the fields."""

    def __init__(self, content: DraftContent, saved: Values, data: Any = None) -> None:
        self.content = content
        super().__init__(data, initial=self.initial_of(saved))

    def initial_of(self, saved: Values) -> Values:
        return dict(saved)

    @property
    def values(self) -> Values:
        return dict(self.cleaned_data)

    def show(self, refused: AnswersRefused) -> None:
        for field, sentence in refused.errors.items():
            self.add_error(field if field in self.fields else None, str(sentence))


class QuestionsForm(PartForm):
    def __init__(self, content: DraftContent, saved: Values, data: Any = None) -> None:
        super().__init__(content, saved, data)
        if content.category is not None:
            for question in content.category.questions.all():
                self.fields[question.key] = _question_field(question)


def _question_field(question: Question) -> forms.Field:
    label = question.text
    if question.kind == questions.CHOICE:
        english = question.text == question.text_en
        options = [(option["key"], option["en" if english else "ru"]) for option in question.options]
        return forms.ChoiceField(label=label, choices=options, widget=forms.RadioSelect, required=False)
    if question.kind == questions.YES_NO:
        answers = [("yes", _("Yes")), ("no", _("No"))]
        return forms.ChoiceField(label=label, choices=answers, widget=forms.RadioSelect, required=False)
    attributes = {"inputmode": "numeric"} if question.kind == questions.NUMBER else {}
    return forms.CharField(label=label, required=False, widget=forms.TextInput(attrs=attributes))


class DetailsForm(PartForm):
    title = forms.CharField(label=_("In a few words: what is to be done?"), required=False)
    details = forms.CharField(label=_("Details"), required=False, widget=forms.Textarea(attrs={"rows": 5}))

    def initial_of(self, saved: Values) -> Values:
        """The text of the search, unless it is misspelt: other people will read the title."""
        return saved or {"title": capfirst(well_written(self.content.part("typed").get("text", "")))}


class PlaceForm(PartForm):
    """The first address; further ones of a route are rows `points-N-…` (see `stops`)."""

    remote = forms.BooleanField(label=_("It can be done remotely"), required=False)
    city = forms.ChoiceField(label=_("City"), required=False)
    address = forms.CharField(label=_("Street and house"), required=False)
    flat = forms.CharField(label=_("Flat, entrance, floor"), required=False)
    lon = forms.CharField(required=False, widget=forms.HiddenInput)
    lat = forms.CharField(required=False, widget=forms.HiddenInput)
    known = forms.CharField(required=False, widget=forms.HiddenInput)  # the address that lon and lat belong to

    def __init__(self, content: DraftContent, saved: Values, data: Any = None, *, cities: list[City]) -> None:
        super().__init__(content, saved, _with_pick(data))
        self.initial.setdefault("known", saved.get("address", ""))
        self.initial.setdefault("city", content.part("typed").get("city", ""))
        category = content.category
        self.cities = cities
        self.is_route = category is not None and is_route(category)
        self.only_remote = category is not None and only_remote(category)
        self.most_stops = most_stops()
        self.may_be_remote = category is not None and may_be_remote(category)
        self.fields["city"].choices = [(city.slug, city.name) for city in cities]  # type: ignore[attr-defined]
        self.fields["city"].widget.attrs.update(
            {"hx-get": reverse("posting:map"), "hx-target": "#picker", "hx-trigger": "change"}
        )

    @property
    def map_city(self) -> City:
        """The city that is chosen, else the first of the list."""
        return next((city for city in self.cities if city.slug == self["city"].value()), self.cities[0])

    @property
    def map_lon(self) -> float:
        """Where the map opens: at the place that was found, else in the middle of the city."""
        return self._degrees("lon", self.map_city.centre.x)

    @property
    def map_lat(self) -> float:
        return self._degrees("lat", self.map_city.centre.y)

    def _degrees(self, name: str, otherwise: float) -> float:
        try:
            return float(self[name].value() or otherwise)
        except ValueError:
            return otherwise

    @property
    def stops(self) -> list[dict[str, Any]]:
        """The rows of a route after the first address, with what was typed and what is wrong."""
        typed = self._typed_stops() if self.is_bound else list(self.initial.get("points", []))
        rows = [*typed, *([{}] * max(1, EMPTY_STOPS - len(typed)))][: most_stops()]
        empty = dict.fromkeys(("address", "lon", "lat", "known", "note"), "")
        wrong = getattr(self, "stop_errors", {})
        return [
            {**empty, "known": row.get("address", ""), **row, "index": i, "error": wrong.get(f"points-{i}-address", "")}
            for i, row in enumerate(rows)
        ]

    @property
    def values(self) -> Values:
        return {**_placed(self.cleaned_data), "points": [_placed(row) for row in self._typed_stops()]}

    def show(self, refused: AnswersRefused) -> None:
        self.stop_errors = {name: str(text) for name, text in refused.errors.items() if name.startswith("points-")}
        self.candidates = [
            {
                "address": found.address,
                "district": found.district,
                "pick": f"{refused.field.removesuffix('address')}|{found.longitude:.6f}|{found.latitude:.6f}|{found.address}",
            }
            for found in getattr(refused, "candidates", [])
        ]
        super().show(refused)

    def _typed_stops(self) -> list[Values]:
        names = ("address", "lon", "lat", "known", "note")
        rows = [{name: str(self.data.get(f"points-{i}-{name}", "")) for name in names} for i in range(most_stops() + 5)]
        return [row for row in rows if row["address"].strip() or row["lon"]]


def _placed(row: Values) -> Values:
    """Coordinates count only with the address they were found for: without scripts an edited address keeps the old."""
    changed = row.get("known", "") != row.get("address", "")
    return {**row, "lon": "", "lat": ""} if changed and row.get("address") else row


def _with_pick(data: Any) -> Any:
    """One of several addresses was chosen: `pick` is "prefix|longitude|latitude|address"."""
    parts = str(data.get("pick", "")).split("|", 3) if data is not None else []
    if len(parts) != 4:
        return data
    prefix, longitude, latitude, address = parts
    picked = data.copy()
    for name, value in (("address", address), ("known", address), ("lon", longitude), ("lat", latitude)):
        picked[f"{prefix}{name}"] = value
    return picked


class WhenForm(PartForm):
    day = forms.ChoiceField(label=_("Day"), required=False, widget=forms.RadioSelect)
    date = forms.DateField(
        label=_("Date"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    slot = forms.ChoiceField(
        label=_("Time"),
        required=False,
        widget=forms.RadioSelect,
        choices=[
            ("any", _("During the day")),
            ("morning", _("Morning")),
            ("midday", "12:00–15:00"),
            ("afternoon", "15:00–18:00"),
            ("evening", "18:00–21:00"),
            (EXACT, _("Exact time")),
        ],
    )
    time = forms.CharField(
        label=_("What time?"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    flexible = forms.BooleanField(label=_("The time can be discussed"), required=False)

    def __init__(self, content: DraftContent, saved: Values, data: Any = None) -> None:
        super().__init__(content, saved, data)
        first = self._today()
        days = [first + dt.timedelta(days=n) for n in range(DAYS_SHOWN)]
        shown = [(day.isoformat(), capfirst(_day_words(day, content.zone))) for day in days]
        self.fields["day"].choices = [*shown, (OTHER_DAY, _("Another date"))]  # type: ignore[attr-defined]
        last = first + dt.timedelta(days=int(settings.RULES["task_ahead_days"]))
        self.fields["date"].widget.attrs.update({"min": first.isoformat(), "max": last.isoformat()})

    def initial_of(self, saved: Values) -> Values:
        day = saved.get("day")
        if not day:
            return saved
        beyond = dt.date.fromisoformat(day) - self._today()
        near = dt.timedelta(0) <= beyond < dt.timedelta(days=DAYS_SHOWN)
        return saved if near else {**saved, "day": OTHER_DAY, "date": dt.date.fromisoformat(day)}

    @property
    def values(self) -> Values:
        values = dict(self.cleaned_data)
        chosen = values.pop("date", None)
        if values.get("day") == OTHER_DAY:
            values["day"] = chosen.isoformat() if chosen else ""
            if not chosen and not values["flexible"]:
                self.add_error("date", _("Choose a day."))
        return values

    def show(self, refused: AnswersRefused) -> None:
        errors = dict(refused.errors)
        if self.cleaned_data.get("day") == OTHER_DAY and "day" in errors:
            sentence = errors.pop("day")
            if "date" not in self.errors:
                errors["date"] = sentence
        for field, text in errors.items():
            self.add_error(field, str(text))

    def _today(self) -> dt.date:
        return now().astimezone(self.content.zone).date()


def _day_words(day: dt.date, zone: dt.tzinfo) -> str:
    """«today», «tomorrow», «tue, 24 Nov»."""
    near = (day - now().astimezone(zone).date()).days < 2
    return day_words(day, zone) if near else f"{weekday(day)}, {day_words(day, zone, short=True)}"


class BudgetForm(PartForm):
    @property
    def currency_sign(self) -> str:
        return get_currency_symbol(self.content.city.currency if self.content.city else "RUB", locale=_SIGNS)

    budget = forms.ChoiceField(
        label=_("How is the price set?"),
        required=False,
        widget=forms.RadioSelect,
        choices=[
            (prices.FIXED, _("My price")),
            (prices.RANGE, _("From and to")),
            (prices.OFFER, _("Executors offer")),
        ],
    )
    price = forms.CharField(label=_("Price"), required=False, widget=forms.TextInput(attrs={"inputmode": "numeric"}))
    price_high = forms.CharField(
        label=_("Up to"), required=False, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )

    @property
    def secure_on(self) -> bool:
        return card_payments_on()

    secure_deal = forms.BooleanField(
        label=_("Secure deal"),
        help_text=_(
            "You pay by card when you choose. The service holds the money until you accept the work; cancelled before "
            "the work begins, it all comes back."
        ),
        required=False,
    )

    def initial_of(self, saved: Values) -> Values:
        if not saved:
            return {"budget": prices.FIXED}
        return {**saved, **{name: number(saved[name]) for name in ("price", "price_high") if saved.get(name)}}
