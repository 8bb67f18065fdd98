"""The two pictures of a case, drawn on the server in the page's colours: where somebody was, and when.

Both work without a script and without a tile server; a small script adds the moving of time over them.
"""

import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from statistics import median
from zoneinfo import ZoneInfo

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from fraud.evidence.shown import Gap, Stay
from fraud.evidence.situation import Deal, Fix
from fraud.model.fact_words import span
from fraud.model.facts import BESIDE_M, NEAR_M
from frontend import words
from frontend.shell.drawing import HEIGHT, METRES_PER_DEGREE, WIDTH, draw
from tasks_app.geometry import distance_m

BAND_WIDTH = 760
LABEL = 150  # room for the words of the cancellation


def where(fix: Fix, deal: Deal) -> str:
    """«32 m from the address, ±18 m»."""
    metres = distance_m(fix.lon, fix.lat, deal.lon, deal.lat)
    text = _("%(metres)s from the address") % {"metres": words.distance(metres)}
    if fix.accuracy_m is None:
        return text
    return f"{text}, ±{round(fix.accuracy_m)} {pgettext('metres', 'm')}"


STEPS_M = (300, 500, 800, 1200, 2000, 3000, 5000, 8000, 15000)  # few, so that drawn maps can be kept


def near_half(place: tuple[float, float], fixes: Sequence[Fix], stay: Stay | None) -> int:
    """Metres from the middle of the picture to its side: the stay fills it, or the nearest position is just inside."""
    away = [distance_m(fix.lon, fix.lat, *place) for fix in fixes if stay is None or stay.start <= fix.at <= stay.end]
    return _step(max(away, default=0) * 2 if stay else min(away, default=0) * 1.8)


def whole_half(place: tuple[float, float], fixes: Sequence[Fix]) -> int:
    """The same for a picture with all positions in it."""
    return _step(max((distance_m(fix.lon, fix.lat, *place) for fix in fixes), default=0) * 1.7)


def _step(wanted: float) -> int:
    return next((step for step in STEPS_M if wanted <= step), STEPS_M[-1])


class TrackMap:
    """Positions around the task's place. `zone` is the city's; `small`: for a phone, with one word in the picture."""

    def __init__(
        self, city: str, deal: Deal, fixes: Sequence[Fix], stay: Stay | None, zone: ZoneInfo, *, whole: bool = False,
        small: bool = False,
    ) -> None:  # fmt: skip
        self.city, self.deal, self.fixes, self.stay, self.zone, self.small = city, deal, fixes, stay, zone, small
        place = (deal.lon, deal.lat)
        self.half = whole_half(place, fixes) if whole else near_half(place, fixes, stay)
        self.scale = WIDTH / 2 / self.half
        beside = stay is not None and stay.metres > NEAR_M
        self.near_m = BESIDE_M if beside else NEAR_M

    def base(self) -> SafeString:
        drawn = draw(self.city, round(self.deal.lon, 4), round(self.deal.lat, 4), self.half, words.language())
        return SafeString(drawn)

    def overlay(self) -> SafeString:
        parts = [self._near_zone(), self._stay_zone(), self._accuracies(), self._line(), self._dots(), self._place()]
        return SafeString(
            f'<svg class="track" viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="xMidYMid slice" role="img" '
            f'aria-label="{escape(_("The track and the task’s place"))}">{"".join(parts)}</svg>'
        )

    def _at(self, lon: float, lat: float) -> tuple[float, float]:
        turn = (lon - self.deal.lon + 180) % 360 - 180
        east = turn * METRES_PER_DEGREE * math.cos(math.radians(self.deal.lat))
        north = (lat - self.deal.lat) * METRES_PER_DEGREE
        return WIDTH / 2 + east * self.scale, HEIGHT / 2 - north * self.scale

    def _near_zone(self) -> str:
        return f'<circle class="track-near" cx="{WIDTH / 2}" cy="{HEIGHT / 2}" r="{self.near_m * self.scale:.1f}"/>'

    def _stay_zone(self) -> str:
        """The middle of the stay and how far half of its positions lie from it."""
        if self.stay is None:
            return ""
        part = [self._at(fix.lon, fix.lat) for fix in self.fixes if self.stay.start <= fix.at <= self.stay.end]
        x, y = median(x for x, _y in part), median(y for _x, y in part)
        radius = max(6.0, median(math.hypot(a - x, b - y) for a, b in part) * 2)
        return f'<circle class="track-stay" cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}"/>'

    def _accuracies(self) -> str:
        drawn = []
        for fix in self.fixes:
            x, y = self._at(fix.lon, fix.lat)
            radius = max(3.0, (fix.accuracy_m or 50) * self.scale)
            drawn.append(
                f'<circle class="track-accuracy" {self._when(fix)} cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}"/>'
            )
        return "".join(drawn)

    def _line(self) -> str:
        points = [self._at(fix.lon, fix.lat) for fix in self.fixes]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        return f'<polyline class="track-line" points="{path}"/>' if len(points) > 1 else ""

    def _dots(self) -> str:
        return "".join(self._dot(fix) for fix in self.fixes)

    def _dot(self, fix: Fix) -> str:
        x, y = self._at(fix.lon, fix.lat)
        near = distance_m(fix.lon, fix.lat, self.deal.lon, self.deal.lat) <= self.near_m
        kind = "track-dot--here" if near and fix.at >= self.deal.cancelled_at else "track-dot--near" if near else ""
        title = f"{words.clock(fix.at, self.zone)}: {where(fix, self.deal)}"
        return (
            f'<circle class="track-dot {kind}" {self._when(fix)} data-says="{escape(where(fix, self.deal))}" '
            f'cx="{x:.1f}" cy="{y:.1f}" r="4.5"><title>{escape(title)}</title></circle>'
        )

    def _place(self) -> str:
        x, y = WIDTH / 2, HEIGHT / 2
        label = _("the task")
        if self.stay is not None and not self.small:
            label = _("the task, %(metres)s m to the middle of the stay") % {"metres": round(self.stay.metres)}
        return (
            f'<g class="track-place"><circle cx="{x}" cy="{y}" r="6"/><path d="M{x} {y}v-34"/>'
            f'<text x="{x + 8}" y="{y - 30}">{escape(label)}</text></g>'
        )

    def _when(self, fix: Fix) -> str:
        return f'data-at="{int(fix.at.timestamp())}"'


class TimeBand:
    """The agreed window, the cancellation, the stays and the silences on one line of time."""

    width, height, marks, hours_y = BAND_WIDTH, 104, 12, 100

    def __init__(
        self, deal: Deal, start: datetime, end: datetime, stays: Sequence[Stay], gaps: Sequence[Gap], zone: ZoneInfo
    ) -> None:
        self.deal, self.stays, self.gaps, self.zone = deal, stays, gaps, zone
        margin = timedelta(minutes=20)
        self.start = min(start, deal.window_start, max(deal.cancelled_at, start - timedelta(hours=2))) - margin
        self.end = max(end, deal.window_end) + margin

    def drawn(self) -> SafeString:
        parts = [
            self._window(),
            self._hours(),
            *map(self._gap, self.gaps),
            *map(self._stay, self.stays),
            self._cancelled(),
        ]
        return SafeString(
            f'<svg class="band" viewBox="0 0 {self.width} {self.height}" role="img" '
            f'aria-label="{escape(_("Time"))}">{"".join(parts)}</svg>'
        )

    def x(self, moment: datetime) -> float:
        share = (moment - self.start) / (self.end - self.start)
        return max(0.0, min(1.0, share)) * self.width

    def _window(self) -> str:
        left, right = self.x(self.deal.window_start), self.x(self.deal.window_end)
        text = self._window_text()
        box = f'<rect class="band-window" x="{left:.1f}" y="20" width="{right - left:.1f}" height="44" rx="8"/>'
        cut = self.x(self.deal.cancelled_at)
        if left - LABEL < cut < right:  # the words of the cancellation stand left of its mark
            return box + self._label("band-soft", max(left, cut) + 8, 14, text, anchor="start")
        return box + self._label("band-soft", left + 8, 14, text, anchor="start")

    def _window_text(self) -> str:
        return _("agreed time %(span)s") % {"span": self._span(self.deal.window_start, self.deal.window_end)}

    def _span(self, start: datetime, end: datetime) -> str:
        return f"{words.clock(start, self.zone)}–{words.clock(end, self.zone)}"

    def _hours(self) -> str:
        """The axis, with at most `marks` marks however long the window is."""
        step = timedelta(hours=max(1, math.ceil((self.end - self.start) / timedelta(hours=self.marks))))
        mark = self.start.astimezone(self.zone).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        drawn = [f'<path class="band-axis" d="M0 64H{self.width}"/>']
        while mark < self.end:
            x = self.x(mark)
            drawn.append(f'<path class="band-axis" d="M{x:.1f} 64v5"/>')
            inside = max(16.0, min(self.width - 16.0, x))
            hour = f'x="{inside:.1f}" y="{self.hours_y}" text-anchor="middle">{mark:%H:%M}'
            drawn.append(f'<text class="band-hour" {hour}</text>')
            mark += step
        return "".join(drawn)

    def _stay(self, stay: Stay) -> str:
        left, right = self.x(stay.start), self.x(stay.end)
        bar = f'<rect class="band-stay" x="{left:.1f}" y="34" width="{max(4, right - left):.1f}" height="16" rx="8"/>'
        return bar + self._label("band-strong", (left + right) / 2, 82, self._stay_text(stay))

    def _stay_text(self, stay: Stay) -> str:
        length = span(*(round(time / timedelta(minutes=1)) for time in (stay.low, stay.high)))
        if stay.metres > NEAR_M:
            return _("was %(metres)s m away %(span)s") % {"metres": round(stay.metres), "span": length}
        return _("was here %(span)s") % {"span": length}

    def _gap(self, gap: Gap) -> str:
        left, right = self.x(gap.start), self.x(gap.end)
        bar = f'<rect class="band-gap" x="{left:.1f}" y="39" width="{right - left:.1f}" height="6" rx="3"/>'
        if right - left < 70:
            return bar
        return bar + self._label("band-soft", (left + right) / 2, 58, self._gap_text(gap))

    def _gap_text(self, gap: Gap) -> str:
        return _("no positions %(minutes)s min") % {"minutes": round(gap.length / timedelta(minutes=1))}

    def _cancelled(self) -> str:
        x, text = self.x(self.deal.cancelled_at), self._cancelled_text()
        mark = f'<path class="band-cut" d="M{x:.1f} 8v58"/>'
        if x < LABEL:
            return mark + self._label("band-ink", x, 82, text)
        return mark + self._label("band-ink", x - 6, 14, text, anchor="end")

    def _cancelled_text(self) -> str:
        said = words.clock if self.deal.cancelled_at >= self.start else words.moment
        return _("cancelled %(time)s") % {"time": said(self.deal.cancelled_at, self.zone)}

    def _label(self, kind: str, x: float, y: int, text: str, *, anchor: str = "") -> str:
        """Kept inside the picture: at its sides the text starts or ends at the point."""
        anchor = anchor or ("start" if x < 70 else "end" if x > self.width - 70 else "middle")
        return f'<text class="{kind}" x="{x:.1f}" y="{y}" text-anchor="{anchor}">{escape(text)}</text>'


class SmallBand(TimeBand):
    """The same for a phone: the words stand below the picture (`told`), only the hours are in it."""

    width, height, marks, hours_y = 340, 86, 5, 84

    def told(self) -> list[tuple[str, str]]:
        """What each colour means, with its time: (kind, words)."""
        lines = [("cut", self._cancelled_text()), ("window", self._window_text())]
        lines += [("here", f"{self._span(stay.start, stay.end)}: {self._stay_text(stay)}") for stay in self.stays]
        wide = [gap for gap in self.gaps if gap.length >= timedelta(minutes=10)]
        return lines + [("gap", f"{self._span(gap.start, gap.end)}: {self._gap_text(gap)}") for gap in wide]

    def _label(self, kind: str, x: float, y: int, text: str, *, anchor: str = "") -> str:
        return ""
