"""Minutes near the point, weighted by how likely each position lies within a radius, along the way between positions."""

from dataclasses import dataclass

import numpy as np

from fraud.features.look import Look
from fraud.geometry import globe, ragged
from fraud.geometry.globe import EARTH_M, Flags, Floats, Ints

RADII_M = (60, 100, 150, 250, 400)
SILENCE_S = 1800.0  # a longer silence says nothing about where somebody was
COARSE_S = 60.0  # longer steps are followed along the straight line, at four places


def nearness(metres: Floats, accuracy_m: Floats, radius_m: float) -> Floats:
    """How likely the true place lies within `radius_m`, 0–1. The reported accuracy is taken as
    the radius that holds half of true places (it is optimistic indoors): at the very point the chance is 1 − 2^−(R/a)²; it
    falls off as a logistic around the radius, with the scale a/1.7."""
    at_centre = 1 - np.exp2(-((radius_m / accuracy_m) ** 2))
    away = np.minimum(60.0, (metres - radius_m) / (accuracy_m / 1.7))
    return np.asarray(at_centre / (1 + np.exp(away)))


@dataclass(frozen=True, slots=True)
class Steps:
    """From one position to the next of the same row. `seconds`: what counts of the time between: all of it, but of a long
    silence only its first 30 minutes, and only when both ends are near (`silent`)."""

    row: Ints
    first: Ints
    start: Floats
    end: Floats
    seconds: Floats
    silent: Flags


def steps_of(look: Look) -> Steps:
    first = np.flatnonzero(look.row[1:] == look.row[:-1]) if len(look.row) else np.zeros(0, dtype=np.int64)
    start, end = look.at[first], look.at[first + 1]
    seconds = end - start
    return Steps(look.row[first], first, start, end, np.minimum(seconds, SILENCE_S), seconds > SILENCE_S)


def dwell(look: Look, steps: Steps) -> dict[str, Floats]:
    """Minutes within each radius over the time looked at; within the window; before and after the cancellation."""
    deals, rows = look.deals, look.rows
    near = _near(look, steps)
    minutes = {radius: steps.seconds / 60 * share for radius, share in near.items()}
    found = {f"dwell_{radius}": ragged.sums(steps.row, value, rows) for radius, value in minutes.items()}
    whole = np.maximum(steps.end - steps.start, 1e-9)
    after = np.clip(steps.end - np.maximum(steps.start, deals.cancelled_at[steps.row]), 0, None) / whole
    begin = np.maximum(steps.start, deals.window_start[steps.row])
    inside = np.clip(np.minimum(steps.end, deals.window_end[steps.row]) - begin, 0, None) / whole
    for radius in (100, 150, 250, 400):
        found[f"after_{radius}"] = ragged.sums(steps.row, minutes[radius] * after, rows)
    found["before_150"] = np.maximum(found["dwell_150"] - found["after_150"], 0)
    found["window_150"] = ragged.sums(steps.row, minutes[150] * inside, rows)
    likely = nearness(look.metres, look.accuracy_m, 150)
    near_by = ragged.sums(look.row, likely, rows)
    found["near_fixes"] = np.minimum(near_by, 100.0)
    found["near_share"] = near_by / np.maximum(ragged.counts(look.row, rows), 1.0)
    usual = np.maximum(deals.expected_min, 5.0)
    found["dwell_ratio"] = found["dwell_150"] / usual
    found["after_ratio"] = found["after_150"] / usual
    return found


def _near(look: Look, steps: Steps) -> dict[int, Floats]:
    accuracy = (look.accuracy_m[steps.first] + look.accuracy_m[steps.first + 1]) / 2
    fine = steps.end - steps.start <= COARSE_S
    metres = _along(look, steps)
    out: dict[int, Floats] = {}
    for radius in RADII_M:
        middle = nearness((look.metres[steps.first] + look.metres[steps.first + 1]) / 2, accuracy, radius)
        coarse = np.mean([nearness(part, accuracy[~fine], radius) for part in metres], axis=0)
        middle[~fine] = coarse
        ends = np.minimum(
            nearness(look.metres[steps.first], look.accuracy_m[steps.first], radius),
            nearness(look.metres[steps.first + 1], look.accuracy_m[steps.first + 1], radius),
        )
        out[radius] = np.where(steps.silent, np.where(ends >= 0.5, ends, 0.0), middle)
    return out


def _along(look: Look, steps: Steps) -> list[Floats]:
    """Metres to the point at four places of each coarse step, on the straight line between its ends."""
    coarse = steps.first[steps.end - steps.start > COARSE_S]
    centre = globe.unit(look.deals.lat, look.deals.lon)[look.row[coarse]]
    a, b = look.vectors[coarse] - centre, look.vectors[coarse + 1] - look.vectors[coarse]
    aa, ab, bb = np.sum(a * a, axis=1), np.sum(a * b, axis=1), np.sum(b * b, axis=1)
    return [EARTH_M * np.sqrt(np.maximum(aa + 2 * f * ab + f * f * bb, 0)) for f in (0.125, 0.375, 0.625, 0.875)]


def closest(look: Look, steps: Steps) -> dict[str, Floats]:
    """Metres at the nearest position (its accuracy taken as half), and the speed there, m/s: who passes is fast."""
    soft = look.metres + look.accuracy_m / 2
    best = ragged.first_largest(look.row, -soft, look.rows)
    met = best >= 0
    place = np.maximum(best, 0)
    out = np.full(look.rows, np.nan)
    speed = np.full(look.rows, np.nan)
    if len(look.row):
        out[met] = look.metres[place[met]]
        pace = np.full(len(look.row), np.nan)
        gone = globe.metres(look.vectors[steps.first], look.vectors[steps.first + 1]) / np.maximum(
            steps.end - steps.start, 1.0
        )
        pace[steps.first + 1] = gone
        pace[steps.first] = np.fmin(pace[steps.first], gone)
        speed[met] = np.minimum(pace[place[met]], 60.0)
    return {"closest_m": out, "closest_speed": speed}
