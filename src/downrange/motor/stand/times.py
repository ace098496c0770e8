"""How long a motor burns: three definitions that are in use, and which is which."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

__all__ = ["BurnTimes", "burn_times"]

_ACTION = 0.1  # of the peak: action time; Sutton & Biblarz, RPE 9th ed., section 12.1 and figure 12-13


@dataclass(frozen=True)
class BurnTimes:
    """Times of a burn, s from the first sample. NaN where a curve has no such point.

    nfpa: from 5 % of the peak to 5 % (NFPA 1125). action: from 10 % to 10 % (RPE section 12.1). tangent: from 10 % to the web's
    end by the bisector of the aft tangents (RPE figure 12-13). web_end: when that is.
    """

    nfpa: float
    action: float
    tangent: float
    begins: float
    web_end: float


def burn_times(time: np.ndarray, value: np.ndarray) -> BurnTimes:
    """Burn times of a curve: time (n,) s, increasing; value (n,) N or Pa above its zero.

    The aft tangents are those of the plateau (least squares over the middle of the action time) and of the steepest fall in
    its last half. The line that bisects the angle between them, both axes scaled by peak and action time, cuts the curve
    where the web is through. A curve that falls evenly to its end has no such angle: `tangent` is NaN.
    """
    t, v = np.asarray(time, float), np.asarray(value, float)
    a5, b5 = _between(t, v, 0.05)
    a10, b10 = _between(t, v, _ACTION)
    end = _web_end(t, v, a10, b10)
    return BurnTimes(b5 - a5, b10 - a10, end - a10, a5, end)


def _between(t: np.ndarray, v: np.ndarray, share: float) -> tuple[float, float]:
    """First and last time at which the curve crosses a share of its peak."""
    level = share * v.max()
    above = np.flatnonzero(v >= level)
    i, j = int(above[0]), int(above[-1])
    first = t[i] if i == 0 else t[i - 1] + (level - v[i - 1]) / (v[i] - v[i - 1]) * (t[i] - t[i - 1])
    last = t[j] if j == v.size - 1 else t[j] + (v[j] - level) / (v[j] - v[j + 1]) * (t[j + 1] - t[j])
    return float(first), float(last)


def _web_end(t: np.ndarray, v: np.ndarray, begin: float, end: float) -> float:
    """Where the bisector of the aft tangents cuts the curve, s; NaN without an angle between them."""
    length, peak = end - begin, float(v.max())
    if length <= 0 or t.size < 12:
        return math.nan
    x = np.linspace(0, 1, 401)
    y = np.interp(begin + x * length, t, v) / peak
    width = 16  # of 400: slopes over a twenty-fifth of the burn, so that noise does not choose the steepest
    slope = (y[2 * width :] - y[: -2 * width]) / (x[2 * width :] - x[: -2 * width])
    centre = x[width:-width]
    late = centre > 0.5
    k = int(np.argmin(np.where(late, slope, np.inf)))
    fall, at = float(slope[k]), float(centre[k])
    flat = (x > 0.25) & (x < min(0.75, at - 0.05))
    if flat.sum() < 20:
        return math.nan
    even, height = np.polyfit(x[flat], y[flat], 1)
    if fall > min(even, 0.0) - 0.5:  # no knee: the fall is hardly steeper than the plateau
        return math.nan
    at_fall = float(np.interp(at, x, y))
    meet = (at_fall - fall * at - height) / (even - fall)
    if not 0.3 < meet < 1.0:
        return math.nan
    top = even * meet + height
    # half way between the direction of the fall and that back along the plateau: it points down and back, across the knee
    down, back = np.array([1.0, fall]) / math.hypot(1, fall), np.array([-1.0, -even]) / math.hypot(1, even)
    way = down + back
    reach = np.linspace(-0.3, 0.3, 2401)
    px, py = meet + reach * way[0] / np.hypot(*way), top + reach * way[1] / np.hypot(*way)
    apart = np.interp(px, x, y) - py
    cross = np.flatnonzero(np.diff(np.sign(apart)) != 0)
    if not cross.size:
        return math.nan
    nearest = cross[np.argmin(np.abs(reach[cross]))]
    return float(begin + px[nearest] * length)
