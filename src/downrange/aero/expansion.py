"""Supersonic pressure and normal force along a body of revolution: second-order shock expansion.

Syvertson and Dennis, NACA TN 3527 / TR 1328 (1957). The outline is a row of frusta. Round each corner the flow turns by
Prandtl and Meyer; behind it the pressure and the normal-force loading relax towards those of the cone of equal slope.
Small differences of large
numbers can turn the relaxation's sign: its rate is kept between 0.5 and 3 over the Mach lines' distance β r, between which it runs on
cylinders and noses where they do not.
Cones are exact (`downrange.aero.cones`). Where the slope is too steep for an attached shock with supersonic flow behind it
(blunt tips, and all tips just above Mach 1) the march starts with the steepest cone that has one, and the pressure on
the cap runs with the square of the sine from that cone's to the stagnation point's (modified Newton). Behind a flare the
flow is compressed without loss. Where the flow turns away by more than it can follow, the pressure is never below 70 % of the way to
a vacuum, Cp = -1/M² (Mayer, J. Aero. Sci. 15, 1948).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from downrange.aero.cones import cone_flow, largest_attached_angle
from downrange.constants import HEAT_RATIO_AIR as G

__all__ = ["Loading", "march", "stagnation_pressure", "turned_mach", "turning_response"]

_K = (G - 1) / 2
_STARTING_SHARE = 0.7  # of the detachment angle: the flow behind such a cone's shock is still supersonic


@dataclass(frozen=True, eq=False)
class Loading:
    """Per frustum (columns) and Mach number (rows): mean Cp, and 2Λ: the change of -Cp with α on the leeward line."""

    pressure: np.ndarray
    lift: np.ndarray


def stagnation_pressure(mach: np.ndarray) -> np.ndarray:
    """Cp at the stagnation point behind a normal shock; isentropic below Mach 1 (NACA Report 1135, eqs. 44 and 100)."""
    m = np.asarray(mach, float)
    low = np.minimum(m, 1.0)
    small = 1 + low**2 / 4 + low**4 / 40 + low**6 / 1600
    n2 = np.maximum(m, 1.0) ** 2
    ratio = ((G + 1) / 2 * n2) ** (G / (G - 1)) * ((G + 1) / (2 * G * n2 - (G - 1))) ** (1 / (G - 1))
    return np.where(m < 1, small, (ratio - 1) / (0.5 * G * n2))


def _turning(mach: np.ndarray) -> np.ndarray:
    """Prandtl-Meyer angle, rad."""
    b = np.sqrt(np.maximum(mach**2 - 1, 0))
    c = np.sqrt((G + 1) / (G - 1))
    return np.asarray(c * np.arctan(b / c) - np.arctan(b))


_MACHS = 1 + np.linspace(0.02, 6, 1500) ** 2
_ANGLES = _turning(_MACHS)


def _omega(m: np.ndarray) -> np.ndarray:
    return np.asarray(((1 + _K * m * m) / (1 + _K)) ** ((G + 1) / (2 * (G - 1))) / m)


def _isentropic(m: np.ndarray) -> np.ndarray:
    """p over total p."""
    return np.asarray((1 + _K * m * m) ** (-G / (G - 1)))


def turned_mach(mach: np.ndarray, angle: float) -> np.ndarray:
    """Mach number after an expansion by `angle` (rad)."""
    return np.interp(np.interp(mach, _MACHS, _ANGLES) + angle, _ANGLES, _MACHS)


def turning_response(mach: np.ndarray) -> np.ndarray:
    """p M²/√(M² - 1) over total pressure: how the pressure answers to a small turn."""
    return np.asarray(_isentropic(mach) * mach**2 / np.sqrt(mach**2 - 1))


def march(x: np.ndarray, r: np.ndarray, mach: np.ndarray) -> Loading:
    """The flow over the outline (x, r) (k + 1,), from a pointed or blunt tip, at each `mach` (n,) above 1.

    Steps in radius are steep frusta. CNα on an area S is Σ π r Δx lift / S. The last outlines are kept: designs that differ in
    their fins share one, and it costs a fifth of their tables. The arrays cannot be written.
    """
    return _march(*(np.ascontiguousarray(v, float).tobytes() for v in (x, r, mach)))


@lru_cache(maxsize=64)
def _march(*given: bytes) -> Loading:
    x, r, mach = (np.frombuffer(v) for v in given)
    n, k = mach.size, x.size - 1
    top = _STARTING_SHARE * largest_attached_angle(mach)
    true = np.arctan2(np.diff(r), np.diff(x))
    length = np.hypot(np.diff(x), np.diff(r))
    stagnation = stagnation_pressure(mach)
    q = 0.5 * G * mach**2
    slopes = np.clip(true[None, :], -0.5, top[:, None])
    cone_cp, cone_mach, cone_slope = cone_flow(mach[:, None], np.maximum(slopes, 1e-4))
    cone_cp = np.where(slopes > 1e-4, cone_cp, 0.0)
    cone_slope = np.where(slopes > 0, cone_slope, 2 * np.cos(slopes) ** 2)
    cone_lift = 2 * np.tan(slopes) * cone_slope
    cp, lift = np.empty((n, k)), np.empty((n, k))
    m, p, grad, load = np.maximum(cone_mach[:, 0], 1.05), 1 + q * cone_cp[:, 0], np.zeros(n), cone_lift[:, 0]
    cp[:, 0], lift[:, 0] = cone_cp[:, 0], load
    total = p / _isentropic(m)
    for i in range(1, k):
        d1, d2 = slopes[:, i - 1], slopes[:, i]
        before = m
        angle = np.maximum(np.interp(before, _MACHS, _ANGLES) + d1 - d2, _ANGLES[0])
        m2 = np.interp(angle, _ANGLES, _MACHS)
        p2 = total * _isentropic(m2)
        b1, b2 = (G * w * v * v / (2 * (v * v - 1)) for w, v in ((p, before), (p2, m2)))
        o1, o2 = _omega(before), _omega(m2)
        radius = max(0.5 * (r[i] + r[i + 1]), 1e-6)
        start = b2 / radius * (o1 / o2 * np.sin(d1) - np.sin(d2)) + b2 * o1 / (b1 * o2) * grad
        far = 1 + q * cone_cp[:, i]
        gap = far - p2
        gap = np.where(np.abs(gap) < 1e-9, 1e-9, gap)
        unit = length[i] / (radius * np.sqrt(mach**2 - 1))
        eta = np.minimum(np.clip(start * length[i] / gap, 0.5 * unit, 3 * unit), 30.0)
        rest = np.exp(-eta)
        mean = (1 - rest) / np.maximum(eta, 1e-9)
        # λ = 2 γ p / sin 2μ: how pressure answers to turning; the loading jumps with it round the corner.
        s1, s2 = (w * v * v / np.sqrt(v * v - 1) for w, v in ((p, before), (p2, m2)))
        first = load * s2 / s1
        cp[:, i] = (far - gap * mean - 1) / q
        lift[:, i] = cone_lift[:, i] + (first - cone_lift[:, i]) * mean
        p = np.maximum(far - gap * rest, 1e-4 * total)
        m = np.sqrt(np.maximum(((p / total) ** (-(G - 1) / G) - 1) / _K, 1.0025))
        grad = start * rest
        load = cone_lift[:, i] + (first - cone_lift[:, i]) * rest
    cap = true[None, :] > slopes + 1e-9
    s2, t2 = np.sin(true)[None, :] ** 2, np.sin(slopes) ** 2
    share = np.where(cap, (s2 - t2) / np.maximum(1 - t2, 1e-9), 0.0)
    cp = cp + share * (stagnation[:, None] - cp)
    lift = np.where(cap, cp * 2 / np.maximum(np.tan(true)[None, :], 1e-9), lift)
    cp = np.maximum(cp, -1 / mach[:, None] ** 2)
    cp.flags.writeable = lift.flags.writeable = False
    return Loading(cp, lift)
