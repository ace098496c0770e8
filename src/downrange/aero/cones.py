"""Circular cones in supersonic flow, exact: surface pressure, and normal force for small angles of attack.

Taylor and Maccoll, Proc. R. Soc. A 139 (1933), for the flow without incidence; Stone, J. Math. Phys. 27 (1948), for
its first-order change with incidence. In spherical co-ordinates (r, θ, φ) about the tip, φ from the leeward side, the
velocities are u + α u₁ cos φ, v + α v₁ cos φ, α w₁ sin φ. The shock θ = θ_s + α g cos φ gives what the flow starts with, and
g is such that the flow at the cone's surface is along it. `solve` does that; the package carries its table
(data/cones.npz, made by builders/cones.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import NamedTuple

import numpy as np

from downrange.constants import HEAT_RATIO_AIR as G

__all__ = ["Cone", "cone_angle", "cone_flow", "largest_attached_angle", "solve", "surface"]

_STEPS = 200


@dataclass(frozen=True)
class Cone:
    """One exact cone: half-angle and shock angle (rad), surface Cp and Mach number, CNα on its base area (1/rad)."""

    half_angle: float
    shock_angle: float
    pressure: float
    mach: float
    normal_slope: float


def _behind_shock(mach: float, shock: float) -> tuple[float, float, float, float]:
    """u, v, pressure and density behind the shock; speeds over the free stream's, p over p∞, ρ over ρ∞."""
    un, a2 = np.sin(shock), 1 / mach**2
    h = ((G - 1) * un + 2 * a2 / un) / (G + 1)
    mn2 = un**2 / a2
    return float(np.cos(shock)), float(-h), float(1 + 2 * G / (G + 1) * (mn2 - 1)), float(un / h)


def _rates(theta: float, y: np.ndarray, enthalpy: float, s1: np.ndarray) -> np.ndarray:
    """d/dθ of u, v and, for each first-order solution (columns), u₁, v₁ and W = u₁ + w₁ sin θ."""
    u, v = y[0, 0], y[1, 0]
    u1, v1, w = y[2], y[3], y[4]
    sin, cot = np.sin(theta), 1 / np.tan(theta)
    a2 = (G - 1) * (enthalpy - 0.5 * (u * u + v * v))
    dv = (-2 * u - v * cot + v * v * u / a2) / (1 - v * v / a2)
    da2 = -(G - 1) * v * (u + dv)
    d = -v * (u + dv) / a2
    h1 = -(u * u1 + v * v1)
    r = h1 / a2 - s1 / (G - 1)
    w1 = (w - u1) / sin
    rest = 2 * u1 + 2 * r * u + (cot + d) * (v1 + r * v) + r * dv + w1 / sin
    rest += v * (-(v * u1 + u * v1 + dv * v1) / a2 - h1 * da2 / a2**2)
    out = np.empty_like(y)
    out[0], out[1] = v, dv
    out[2], out[3] = v1, -rest / (1 - v * v / a2)
    out[4] = -(u * w + a2 * s1 / (G * (G - 1))) / v
    return out


def _step(theta: float, y: np.ndarray, step: float, enthalpy: float, s1: np.ndarray) -> np.ndarray:
    """One step of the classical Runge-Kutta method."""
    k1 = _rates(theta, y, enthalpy, s1)
    k2 = _rates(theta + step / 2, y + step / 2 * k1, enthalpy, s1)
    k3 = _rates(theta + step / 2, y + step / 2 * k2, enthalpy, s1)
    k4 = _rates(theta + step, y + step * k3, enthalpy, s1)
    return np.asarray(y + step / 6 * (k1 + 2 * k2 + 2 * k3 + k4))


def cone_angle(mach: float, shock: float) -> float:
    """Half-angle (rad) of the cone whose shock stands at `shock` (rad)."""
    u, v, _, _ = _behind_shock(mach, shock)
    enthalpy = 1 / mach**2 / (G - 1) + 0.5
    y, theta, zero = np.array([[u], [v], [0], [0], [0]], float), shock, np.zeros(1)
    size = 1e-7
    while theta > 1e-4:
        # Small steps first, for behind a Mach wave 1 - v²/a² vanishes; then even in ln θ, for about a needle v falls as 1/θ.
        size = min(1.25 * size, 0.012)
        step = -size * theta
        new = _step(theta, y, step, enthalpy, zero)
        if new[1, 0] >= 0:
            return float(theta + step * y[1, 0] / (y[1, 0] - new[1, 0]))
        y, theta = new, theta + step
    return 0.0


def surface(mach: float, shock: float, half_angle: float) -> Cone:
    """Pressure and normal force on the cone of `half_angle` that belongs to `shock` (see `cone_angle`)."""
    u, v, p, rho = _behind_shock(mach, shock)
    a2_free, un, sin = 1 / mach**2, np.sin(shock), np.sin(shock)
    enthalpy = a2_free / (G - 1) + 0.5
    # Two first-order solutions, g = 0 and g = 1, from the shock's relations and the change of the mean flow across g.
    g = np.array([0.0, 1.0])
    turn = np.cos(shock) * (1 - g)  # less normal speed ahead of the shock, per cos φ
    dh = ((G - 1) - 2 * a2_free / un**2) / (G + 1)  # h is the normal speed behind it
    dp = -4 * G / (G + 1) * un * mach**2 * turn
    drho = rho * turn * (dh / -v - 1 / un)
    y = np.array([[u, u], [v, v], [0, 0], [0, 0], [0, 0]], float)
    base = _rates(shock, y, enthalpy, np.zeros(2))
    y[2] = sin * (1 - g) - g * base[0]
    y[3] = dh * turn - g * base[1]
    y[4] = y[2] + (g * (v + un) / sin - 1) * sin
    s1 = dp / p - G * drho / rho  # entropy's change over cv: constant up to the surface
    theta = shock
    for after in shock * (half_angle / shock) ** (((np.arange(_STEPS) + 1) / (_STEPS + 0.5)) ** 3):
        y, theta, step = _step(theta, y, after - theta, enthalpy, s1), after, half_angle - after
    y[:4] += step * _rates(theta, y, enthalpy, s1)[:4]  # W's equation is singular at the surface itself
    a2, a2_start = ((G - 1) * (enthalpy - 0.5 * w) for w in (y[0, 0] ** 2, np.cos(shock) ** 2 + v * v))
    pressure = p * (a2 / a2_start) ** (G / (G - 1))
    share = -y[3, 0] / (y[3, 1] - y[3, 0])
    u1, entropy = (w[0] + share * (w[1] - w[0]) for w in (y[2], s1))
    p1 = pressure * (-G * y[0, 0] * u1 / a2 - entropy / (G - 1))
    q = 0.5 * G * mach**2
    slope = -p1 / q / (2 * np.tan(half_angle))
    return Cone(half_angle, shock, float((pressure - 1) / q), float(y[0, 0] / np.sqrt(a2)), float(slope))


@lru_cache(maxsize=64)
def _weak_branch(mach: float) -> tuple[np.ndarray, np.ndarray]:
    """Shock and cone angles of the weak solutions at `mach`, up to detachment."""
    low = np.arcsin(1 / mach)
    # A needle's shock is stronger than a Mach wave by the fourth power of its angle: close steps at first.
    shocks = low + (0.5 * np.pi - low) * np.concatenate([np.geomspace(1e-11, 1e-2, 24), np.linspace(0.02, 0.97, 50)])
    angles = np.array([cone_angle(mach, s) for s in shocks])
    top = int(np.argmax(angles))
    return shocks[: top + 1], angles[: top + 1]


def solve(mach: float, half_angle: float) -> Cone | None:
    """The attached flow past a cone of `half_angle` (rad) at `mach`, or None where the shock stands off."""
    shocks, angles = _weak_branch(mach)
    if not angles[0] < half_angle < angles[-1]:
        return None
    k = int(np.searchsorted(angles, half_angle))
    a, b, fa, fb = shocks[k - 1], shocks[k], angles[k - 1] - half_angle, angles[k] - half_angle
    for _ in range(30):  # regula falsi, Illinois
        mid = (a * fb - b * fa) / (fb - fa)
        f = cone_angle(mach, mid) - half_angle
        if abs(f) < 1e-12:
            break
        if f * fb < 0:
            a, fa = b, fb
        else:
            fa *= 0.5
        b, fb = mid, f
    return surface(mach, mid, half_angle)


class _Table(NamedTuple):
    inverse_mach: np.ndarray
    largest: np.ndarray  # half-angle at detachment, rad
    share: np.ndarray  # s, where the half-angle is largest (1 - (1 - s)²)
    pressure: np.ndarray  # Cp / sin²
    mach: np.ndarray  # at the surface, over the free stream's
    normal_slope: np.ndarray


@lru_cache(maxsize=1)
def _table() -> _Table:
    with resources.files("downrange.aero").joinpath("data/cones.npz").open("rb") as f, np.load(f) as z:
        return _Table(*(z[name] for name in _Table._fields))


def largest_attached_angle(mach: np.ndarray | float) -> np.ndarray:
    """Half-angle (rad) of the bluntest cone that keeps its shock at `mach`; zero at Mach 1."""
    t = _table()
    return np.interp(1 / np.maximum(np.asarray(mach, float), 1.0), t.inverse_mach, t.largest)


def cone_flow(mach: np.ndarray | float, half_angle: np.ndarray | float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Surface Cp, surface Mach number, and CNα on the base area, of cones of `half_angle` (rad), by table; broadcasts.

    Held at detachment: ask `largest_attached_angle` first. Good to 0.3 % inside (a test compares with `solve`).
    """
    t = _table()
    m, d = np.broadcast_arrays(np.maximum(np.asarray(mach, float), 1.0), np.asarray(half_angle, float))
    top = np.interp(1 / m, t.inverse_mach, t.largest)
    s = 1 - np.sqrt(1 - np.clip(d / np.maximum(top, 1e-9), 0.0, 1.0))
    low = np.maximum(s, t.share[0])
    smallest = top * (1 - (1 - t.share[0]) ** 2)
    i = np.clip(np.searchsorted(t.inverse_mach, 1 / m) - 1, 0, t.inverse_mach.size - 2)
    j = np.clip(np.searchsorted(t.share, low) - 1, 0, t.share.size - 2)
    f = np.clip((1 / m - t.inverse_mach[i]) / (t.inverse_mach[i + 1] - t.inverse_mach[i]), 0, 1)
    g = np.clip((low - t.share[j]) / (t.share[j + 1] - t.share[j]), 0, 1)
    cp, surface_mach, slope = (
        (1 - f) * ((1 - g) * z[i, j] + g * z[i, j + 1]) + f * ((1 - g) * z[i + 1, j] + g * z[i + 1, j + 1])
        for z in (t.pressure, t.mach, t.normal_slope)
    )
    # Below the first node the slender cone, Cp = δ² (2 ln(2/βδ) - 1): its logarithm carries on.
    cp = (cp + np.where(d < smallest, 2 * np.log(smallest / np.maximum(d, 1e-9)), 0.0)) * np.sin(d) ** 2
    return cp, surface_mach * m, slope
