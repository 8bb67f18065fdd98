"""Distances on the ground, in plain Python; the same formula stands in SQL where evidence is recomputed."""

import math

EARTH_M = 6_371_008.8  # mean radius (IUGG)


def distance_m(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """Great-circle metres (haversine); right across the antimeridian and at the poles."""
    phi1, phi2 = math.radians(lat1), math.radians(lat2)
    half = math.sin((phi2 - phi1) / 2) ** 2
    half += math.cos(phi1) * math.cos(phi2) * math.sin(math.radians(lon2 - lon1) / 2) ** 2
    return 2 * EARTH_M * math.asin(min(1.0, math.sqrt(half)))


def offset_m(lon: float, lat: float, from_lon: float, from_lat: float) -> tuple[float, float]:
    """Metres east and north of a near point; right across the antimeridian."""
    turn = (lon - from_lon + 180) % 360 - 180
    return (
        math.radians(turn) * EARTH_M * math.cos(math.radians(from_lat)),
        math.radians(lat - from_lat) * EARTH_M,
    )
