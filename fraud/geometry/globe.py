"""Distances anywhere on Earth, by unit vectors: no projection, so neither the antimeridian nor a pole is special."""

import numpy as np
from numpy.typing import NDArray

from tasks_app.geometry import EARTH_M as EARTH_M

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


def unit(lat: Floats, lon: Floats) -> Floats:
    """Degrees → (n, 3) points on the unit sphere."""
    phi, lam = np.radians(lat), np.radians(lon)
    across = np.cos(phi)
    return np.stack([across * np.cos(lam), across * np.sin(lam), np.sin(phi)], axis=-1)


def degrees(vectors: Floats) -> tuple[Floats, Floats]:
    """(n, 3) vectors of any length → latitude and longitude in degrees."""
    flat = np.hypot(vectors[..., 0], vectors[..., 1])
    return np.degrees(np.arctan2(vectors[..., 2], flat)), np.degrees(np.arctan2(vectors[..., 1], vectors[..., 0]))


def metres(a: Floats, b: Floats) -> Floats:
    """Great-circle metres between unit vectors."""
    return arc(np.sqrt(np.sum((a - b) ** 2, axis=-1)))


def arc(chord: Floats) -> Floats:
    """Straight-line distance on the unit sphere → metres along the ground."""
    return np.asarray(2 * EARTH_M * np.arcsin(np.minimum(1.0, chord / 2)))


def plane(lat: Floats, lon: Floats) -> tuple[Floats, Floats]:
    """Unit vectors to the east and to the north at the places; a dot product with them gives local offsets."""
    phi, lam = np.radians(lat), np.radians(lon)
    zero = np.zeros_like(phi)
    east = np.stack([-np.sin(lam), np.cos(lam), zero], axis=-1)
    north = np.stack([-np.sin(phi) * np.cos(lam), -np.sin(phi) * np.sin(lam), np.cos(phi)], axis=-1)
    return east, north


def moved(lat: Floats, lon: Floats, east_m: Floats, north_m: Floats) -> tuple[Floats, Floats]:
    """Places `east_m`, `north_m` metres away over the ground, in degrees; made for offsets within a city."""
    east, north = plane(lat, lon)
    here = unit(lat, lon)
    return degrees(here + (east * east_m[..., None] + north * north_m[..., None]) / EARTH_M)
