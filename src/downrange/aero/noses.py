"""Measured nose drag at transonic and low supersonic speeds: Stoney, NASA TR R-100 (1961), fineness ratio 3.

Pressure drag less friction and base, on the frontal area, read off the report's graphs. A shape without its own curve takes that
between its neighbours in the family; a tangent ogive of usual fineness is a parabola to within a percent of its radius (both arcs
meet the tube smoothly), a secant one lies between parabola and cone, and a cone beside the parabolic half.
"""

from __future__ import annotations

import numpy as np

__all__ = ["CURVES", "has_curve", "rise", "tr_r100"]

CURVES: dict[tuple[str, float], tuple[list[float], list[float]]] = {
    ("ellipsoid", 0.0): ([1.2, 1.25, 1.3, 1.4, 1.6, 2.0, 2.4], [0.110, 0.128, 0.140, 0.148, 0.152, 0.159, 0.162]),
    ("power", 0.25): (
        [1.2, 1.3, 1.4, 1.6, 1.8, 2.2, 2.6, 3.0, 3.6],
        [0.140, 0.156, 0.169, 0.192, 0.206, 0.227, 0.241, 0.249, 0.252],
    ),
    ("power", 0.5): (
        [0.925, 0.95, 1.0, 1.05, 1.1, 1.2, 1.3, 1.7, 2.0],
        [0.0, 0.014, 0.050, 0.060, 0.059, 0.081, 0.084, 0.085, 0.078],
    ),
    ("power", 0.75): (
        [0.8, 0.9, 1.0, 1.06, 1.2, 1.4, 1.6, 2.0, 2.8, 3.4],
        [0.0, 0.015, 0.078, 0.121, 0.110, 0.098, 0.090, 0.084, 0.078, 0.074],
    ),
    ("haack", 0.0): (
        [0.9, 0.95, 1.0, 1.05, 1.1, 1.2, 1.4, 1.6, 2.0, 3.0],
        [0.0, 0.010, 0.027, 0.055, 0.070, 0.081, 0.095, 0.097, 0.091, 0.083],
    ),
    ("haack", 1 / 3): (
        [0.9, 0.95, 1.0, 1.05, 1.1, 1.2, 1.4, 1.6, 2.0],
        [0.0, 0.010, 0.024, 0.066, 0.084, 0.100, 0.114, 0.117, 0.113],
    ),
    ("parabolic", 0.5): (
        [0.8, 0.9, 0.95, 1.0, 1.05, 1.1, 1.3, 1.5, 1.8],
        [0.0, 0.016, 0.042, 0.100, 0.126, 0.125, 0.100, 0.090, 0.088],
    ),
    ("parabolic", 0.75): (
        [0.9, 0.95, 1.0, 1.05, 1.1, 1.2, 1.4, 1.7],
        [0.0, 0.023, 0.073, 0.098, 0.107, 0.106, 0.089, 0.082],
    ),
    ("parabolic", 1.0): (
        [0.95, 0.975, 1.0, 1.05, 1.1, 1.2, 1.4, 1.7],
        [0.0, 0.016, 0.041, 0.092, 0.109, 0.119, 0.113, 0.108],
    ),
}
_RISE = ([0.9, 0.95, 0.975, 1.0, 1.05, 1.1, 1.2], [0.0, 0.04, 0.13, 0.34, 0.77, 0.92, 1.0])  # as the full parabola's
_DEFAULT = {"power": 0.5, "haack": 1 / 3, "parabolic": 1.0, "ogive": 1.0}


def has_curve(shape: str, parameter: float | None) -> bool:
    """Whether the report measured this family of shapes near this parameter."""
    if shape in ("ellipsoid", "von karman"):
        return True
    p = _DEFAULT.get(shape, -1.0) if parameter is None else parameter
    return (
        (shape == "power" and 0.2 <= p <= 0.8)
        or (shape == "haack" and p <= 0.36)
        or (shape == "parabolic" and p >= 0.45)
    )


def rise(mach: np.ndarray) -> np.ndarray:
    """Share of the drag at Mach 1.2 that a smooth fore body has below it."""
    return np.asarray(np.interp(mach, *_RISE))


def _curve(key: tuple[str, float], mach: np.ndarray) -> np.ndarray:
    x, y = CURVES[key]
    value = np.interp(mach, x, y)
    return np.where(mach < x[0], y[0] * rise(mach), value) if x[0] >= 1.2 else np.asarray(value)


def tr_r100(shape: str, parameter: float | None, mach: np.ndarray) -> tuple[np.ndarray, float]:
    """Pressure drag at fineness 3 at `mach` (n,), and the Mach number where the report's curve ends.

    Beyond its end the last value is held: callers go on with theory there.
    """
    m = np.asarray(mach, float)
    family = {"ogive": "parabolic", "conical": "parabolic", "von karman": "haack"}.get(shape, shape)
    p = _DEFAULT.get(shape, 0.0) if parameter is None else parameter
    if shape == "von karman":
        p = 0.0
    if shape == "conical" or (family == "power" and p > 0.75):
        p, family = 0.0, "parabolic"
    if family == "ellipsoid":
        return _curve(("ellipsoid", 0.0), m), 2.4
    known = sorted(k for f, k in CURVES if f == family)
    p = float(np.clip(p, known[0], known[-1]))
    high = next(k for k in known if k >= p)
    low = max(k for k in known if k <= p)
    w = (p - low) / (high - low) if high > low else 0.0
    ends = min(CURVES[family, low][0][-1], CURVES[family, high][0][-1])
    return (1 - w) * _curve((family, low), m) + w * _curve((family, high), m), ends
