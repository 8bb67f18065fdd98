"""A small drawing board: flat shapes on a warm ground, drawn twice as large and brought down, so that edges are smooth."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw

Colour = str
Box = tuple[float, float, float, float]
TWICE = 2

# Quiet palettes: wall, floor, the main thing, its second colour, a light touch, dark lines.
PALETTES: tuple[tuple[Colour, ...], ...] = (
    ("#efe6d8", "#d8c4a8", "#c8694a", "#e9b44c", "#fbf7ef", "#4a3b32"),
    ("#dfe8e4", "#b9cfc4", "#3f7d6e", "#e7a15c", "#f8fbf9", "#2c3f3a"),
    ("#e4e6f0", "#c3c8de", "#5566a6", "#f0b5a0", "#fafafd", "#2e3350"),
    ("#f3e3df", "#e0c0b8", "#a6505b", "#f2c879", "#fffaf6", "#4b2c31"),
    ("#e8ecd9", "#cbd3ab", "#6f8040", "#d98e53", "#fcfcf4", "#3a4126"),
    ("#e3ecf1", "#bcd2de", "#3b7793", "#f4c15d", "#f9fcfd", "#263d49"),
)


class Canvas:
    """Coordinates are 0…100 across and 0…75 down, whatever the size in pixels."""

    def __init__(self, palette: tuple[Colour, ...], width: int = 640, height: int = 480) -> None:
        self.wall, self.floor, self.main, self.second, self.light, self.dark = palette
        self._unit = width * TWICE / 100
        self.image = Image.new("RGB", (width * TWICE, height * TWICE), self.wall)
        self._pen = ImageDraw.Draw(self.image)

    def _at(self, box: Box) -> list[float]:
        return [value * self._unit for value in box]

    def room(self, horizon: float = 56) -> Canvas:
        self.rect((0, horizon, 100, 75), self.floor)
        self.rect((0, horizon, 100, horizon + 0.8), self.light)
        return self

    def rect(self, box: Box, colour: Colour, radius: float = 0) -> Canvas:
        self._pen.rounded_rectangle(self._at(box), radius * self._unit, colour)
        return self

    def oval(self, box: Box, colour: Colour) -> Canvas:
        self._pen.ellipse(self._at(box), colour)
        return self

    def disc(self, x: float, y: float, radius: float, colour: Colour) -> Canvas:
        return self.oval((x - radius, y - radius, x + radius, y + radius), colour)

    def ring(self, x: float, y: float, radius: float, colour: Colour, width: float = 1) -> Canvas:
        box = self._at((x - radius, y - radius, x + radius, y + radius))
        self._pen.ellipse(box, outline=colour, width=int(width * self._unit))
        return self

    def line(self, points: list[tuple[float, float]], colour: Colour, width: float = 0.8) -> Canvas:
        scaled = [(x * self._unit, y * self._unit) for x, y in points]
        self._pen.line(scaled, colour, int(width * self._unit), joint="curve")
        return self

    def shape(self, points: list[tuple[float, float]], colour: Colour) -> Canvas:
        self._pen.polygon([(x * self._unit, y * self._unit) for x, y in points], colour)
        return self

    def arc(self, box: Box, start: float, end: float, colour: Colour, width: float = 0.8) -> Canvas:
        self._pen.arc(self._at(box), start, end, colour, int(width * self._unit))
        return self

    def slice(self, box: Box, start: float, end: float, colour: Colour) -> Canvas:
        self._pen.pieslice(self._at(box), start, end, colour)
        return self

    def shadow(self, x: float, y: float, half: float) -> Canvas:
        return self.oval((x - half, y - 1.2, x + half, y + 1.2), _darker(self.floor))

    def finished(self) -> Image.Image:
        return self.image.reduce(TWICE)


def jpeg(image: Image.Image, quality: int = 84) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality)
    return out.getvalue()


def _darker(colour: Colour) -> Colour:
    parts = (int(colour[n : n + 2], 16) for n in (1, 3, 5))
    return "#" + "".join(f"{int(part * 0.86):02x}" for part in parts)
