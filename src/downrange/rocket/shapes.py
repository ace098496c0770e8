"""Radius over length of nose cones and transitions.

Source: G. A. Crowell, The Descriptive Geometry of Nose Cones (1996); Haack series: Stoney, NASA TR R-100 (1961).
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from downrange.errors import InputError

__all__ = ["Shape", "profile", "transition_profile"]

Shape = Literal["conical", "ogive", "ellipsoid", "power", "parabolic", "haack", "von karman"]
_DEFAULTS = {"ogive": 1.0, "power": 0.5, "parabolic": 1.0, "haack": 1.0 / 3.0}


def _ogive(s: np.ndarray, length: float, radius: float, parameter: float) -> np.ndarray:
    """Ogive of relative curvature `parameter`: 1 tangent, 0 a cone, between secant (arc of larger radius).

    No arc that starts on the axis and meets a tube smoothly is shorter than its radius (that one is a hemisphere): a shorter nose is
    the ogive of length `radius`, pressed together along the axis.
    """
    length = max(length, radius)
    if parameter < 1e-3:
        return radius * s
    rho_tangent = (length**2 + radius**2) / (2 * radius)
    rho = rho_tangent / parameter  # 1/rho scales linearly from a cone to the tangent arc
    alpha = np.arccos(np.clip(np.hypot(length, radius) / (2 * rho), -1, 1)) - np.arctan2(radius, length)
    xc, yc = rho * np.cos(alpha), -rho * np.sin(alpha)  # centre of the arc through the tip and (length, radius)
    x = s * length  # shares of the length, so that pressing together is nothing else
    return np.maximum(np.sqrt(np.maximum(rho**2 - (x - xc) ** 2, 0)) + yc, 0)


def profile(shape: str, s: np.ndarray, *, length: float, radius: float, parameter: float | None = None) -> np.ndarray:
    """Radius in metres at the fractions `s` (0 tip, 1 base) of a nose of `length` and base `radius`, metres.

    `parameter`: ogive 0 (cone) to 1 (tangent); power 0 to 1 (exponent); parabolic 0 (cone) to 1 (full);
    haack C (0 von Kármán, 1/3 Lutz-Haack).

    shape: word of the shape. Raises `InputError` for an unknown word, and for a parameter outside 0 to 1.
    """
    s = np.clip(np.asarray(s, float), 0.0, 1.0)
    p = _DEFAULTS.get(shape, 0.0) if parameter is None else parameter
    if not 0 <= p <= 1:
        raise InputError(f"shape parameter {p:g} is not between 0 and 1")
    if shape == "conical":
        return radius * s
    if shape == "ogive":
        return _ogive(s, length, radius, p)
    if shape == "ellipsoid":
        return radius * np.sqrt(1 - (1 - s) ** 2)
    if shape == "power":
        return radius * s**p
    if shape == "parabolic":
        return radius * (2 * s - p * s * s) / (2 - p)
    if shape in ("haack", "von karman"):
        c = 0.0 if shape == "von karman" else p
        theta = np.arccos(1 - 2 * s)
        return radius / np.sqrt(np.pi) * np.sqrt(np.maximum(theta - np.sin(2 * theta) / 2 + c * np.sin(theta) ** 3, 0))
    raise InputError(f"unknown shape {shape!r}")


def transition_profile(
    shape: str, s: np.ndarray, *, length: float, fore: float, aft: float, parameter: float | None = None, clipped: bool = False
) -> np.ndarray:  # fmt: skip
    """Radius in metres at the fractions `s` (0 front, 1 rear) of a transition of `length` between the radii `fore` and `aft`, metres.

    The shape is that of a nose whose tip points to the smaller end. `clipped`: of a nose longer than the transition, cut off where
    it has the smaller radius; else its curve rises from the smaller radius to the larger over the transition's length.

    parameter: of the shape; None: its usual one.
    """
    s = np.clip(np.asarray(s, float), 0.0, 1.0)
    low, high = min(fore, aft), max(fore, aft)
    if high == low:
        return np.full_like(s, high)
    along = s if aft > fore else 1 - s
    if low == 0:
        return profile(shape, along, length=length, radius=high, parameter=parameter)
    if not clipped or shape == "conical":
        return low + profile(shape, along, length=length, radius=high - low, parameter=parameter)
    cut = _cut(shape, length, low, high, parameter)
    whole = length + cut
    return profile(shape, (cut + along * length) / whole, length=whole, radius=high, parameter=parameter)


def _cut(shape: str, length: float, low: float, high: float, parameter: float | None) -> float:
    """How long a tip is cut off a nose, m, so that it has the radius `low` there and `length` is left (bisection)."""

    def radius(cut: float) -> float:
        whole = length + cut
        return float(profile(shape, np.array([cut / whole]), length=whole, radius=high, parameter=parameter)[0])

    a, b = 0.0, length
    while radius(b) < low:
        b *= 2
    for _ in range(100):
        middle = 0.5 * (a + b)
        a, b = (a, middle) if radius(middle) >= low else (middle, b)
    return b
