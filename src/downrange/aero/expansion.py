"""Supersonic pressure and normal force along a body of revolution: second-order shock expansion.

Syvertson and Dennis, NACA TN 3527 / TR 1328 (1957). The outline is a row of frusta. Round each corner the flow turns by
Prandtl and Meyer; behind it the pressure and the normal-force loading relax towards those of the cone of equal slope.
Small differences of large numbers can turn the relaxation's sign: its rate is kept between 0.5 and 3 over the Mach lines' distance β r of the flow at
the surface, 1 and 3 where the pressure falls. Where pressures hardly differ they say nothing of the loading: on cylinders it takes its own
rate. On flares, and on cones behind round tips, it grows at the upper one: so it does in a solution of Euler's equations (finite
volumes, 102 x 44 x 8 cells, made to check this) for a sphere-cone-cylinder-flare at Mach 2 and 4, whose loading on the
flare is three quarters of the cone's.
Cones are exact (`downrange.aero.cones`). Where the slope is too steep for an attached shock with supersonic flow behind it the march
starts with the steepest cone that has one, and the pressure on the cap runs with the square of the sine from that
cone's to the stagnation point's; on round tips with modified Newton's law (`downrange.aero.blunt`). Flares turn the flow without loss and
relax to the cones of the stream that they meet, of which the air at the surface is a part. Where the flow turns away by more than it can follow,
the pressure is never below 70 % of the way to a vacuum, Cp = -1/M² (Mayer, J. Aero. Sci. 15, 1948).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import exp, sqrt
from typing import NamedTuple

import numpy as np

from downrange.aero.blunt import Tip, blunt_tip, stagnation_pressure, surface_total
from downrange.aero.cones import cone_flow
from downrange.constants import HEAT_RATIO_AIR as G

__all__ = ["Loading", "march", "stagnation_pressure", "turned_mach", "turning_response"]

_K = (G - 1) / 2
_SMALL = 0.1  # share of the pressure below which the gap to the cone's, behind the nose, tells no rate: it goes to one Mach-line length
_CYLINDER = 0.6  # rate of the loading on cylinders, which the theory itself gives behind cones and ogives: 0.48 to 0.66 from Mach 1.6 to 3
_RISING = 3.0  # least rate of the loading on flares, and on cones behind round tips (see above)


@dataclass(frozen=True, eq=False)
class Loading:
    """Per frustum (columns) and Mach number (rows): mean Cp, and 2Λ: the change of -Cp with α on the leeward line."""

    pressure: np.ndarray
    lift: np.ndarray


def _turning(mach: np.ndarray) -> np.ndarray:
    """Prandtl-Meyer angle, rad."""
    b = np.sqrt(np.maximum(mach**2 - 1, 0))
    c = np.sqrt((G + 1) / (G - 1))
    return np.asarray(c * np.arctan(b / c) - np.arctan(b))


_MACHS = 1 + np.linspace(0.02, 6, 1500) ** 2
_ANGLES = _turning(_MACHS)
_MACH_LIST, _ANGLE_LIST = _MACHS.tolist(), _ANGLES.tolist()


def _isentropic(m: np.ndarray) -> np.ndarray:
    """p over total p."""
    return np.asarray((1 + _K * m * m) ** (-G / (G - 1)))


def _mach_of(pressure: np.ndarray) -> np.ndarray:
    """Mach number where the pressure is `pressure` of the total."""
    return np.asarray(np.sqrt(np.maximum((pressure ** (-(G - 1) / G) - 1) / _K, 0.0)))


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


class _Far(NamedTuple):
    """What each frustum's pressure and loading relax to, (n, k): the cones of their slopes."""

    slopes: np.ndarray
    sines: np.ndarray
    pressure: np.ndarray  # over the free stream's
    lift: np.ndarray
    behind: np.ndarray  # the nose


def _far(mach: np.ndarray, slopes: np.ndarray, behind: np.ndarray, total: np.ndarray) -> _Far:
    """On the nose the cones of the free stream; `behind` it those of the stream that the surface's total pressure makes at ambient pressure."""
    met = np.where(behind, np.maximum(_mach_of(1 / total), 1.02), mach[:, None])
    q, over = 0.5 * G * met**2, (met / mach[:, None]) ** 2
    cp, _, slope = cone_flow(met, np.maximum(slopes, 1e-4))
    slope = np.where(slopes > 0, slope, 2 * np.cos(slopes) ** 2)
    pressure = 1 + q * np.where(slopes > 1e-4, cp, 0.0)
    return _Far(
        slopes, np.sin(slopes), pressure, 2 * np.tan(slopes) * slope * over, np.broadcast_to(behind, slopes.shape)
    )


def _start(mach: np.ndarray, slope: np.ndarray, tip: Tip) -> tuple[np.ndarray, ...]:
    """Pressure (over the free stream's), Mach number and loading where the march begins, at `slope`."""
    q = 0.5 * G * mach**2
    cp, m, normal = cone_flow(mach, np.maximum(slope, 1e-4))
    m = np.maximum(m, 1.05)
    newton = tip.stagnation * np.sin(slope) ** 2
    p = 1 + q * ((1 - tip.blunt) * cp + tip.blunt * newton)
    behind = np.maximum(_mach_of(np.minimum((1 + q * newton) / tip.total, 0.5)), 1.05)
    load = (1 - tip.blunt) * 2 * np.tan(slope) * normal + tip.blunt * tip.stagnation * np.sin(2 * slope)
    return p, (1 - tip.blunt) * m + tip.blunt * behind, load


@lru_cache(maxsize=64)
def _march(*given: bytes) -> Loading:
    x, r, mach = (np.frombuffer(v) for v in given)
    true, length = np.arctan2(np.diff(r), np.diff(x)), np.hypot(np.diff(x), np.diff(r))
    tip, radius = blunt_tip(mach, true, r), np.maximum(0.5 * (r[1:] + r[:-1]), 1e-6)
    slopes = np.clip(true[None, :], -0.5, tip.steepest[:, None])
    steep = true[None, :] > slopes + 1e-9
    cap = np.logical_and.accumulate(steep, axis=1)
    total = surface_total(tip, mach, radius)
    far = _far(mach, slopes, np.logical_or.accumulate(true <= 1e-4), total)
    p, lift = np.empty(slopes.shape), np.empty(slopes.shape)
    for k, (*begin, blunt) in enumerate(zip(*_start(mach, slopes[:, 0], tip), tip.blunt.tolist(), strict=True)):
        frusta = _frusta(k, radius, length / radius, total, far)
        p[k], lift[k] = _downstream(frusta, cap[k].tolist(), tuple(begin), blunt)
    cp, lift = _cap((p - 1) / (0.5 * G * mach**2)[:, None], lift, steep, true, slopes, tip)
    cp = np.maximum(cp, -1 / mach[:, None] ** 2)
    cp.flags.writeable = lift.flags.writeable = False
    return Loading(cp, lift)


class _Frustum(NamedTuple):
    """One frustum as the flow at one Mach number meets it, and the slope of that ahead of it."""

    ahead: float  # rad
    slope: float
    sine_ahead: float
    sine: float
    radius: float
    slender: float  # its length over its radius
    total: float
    pressure: float  # far downstream, and the loading there (`_Far`)
    lift: float
    behind: bool


def _frusta(k: int, radius: np.ndarray, slender: np.ndarray, total: np.ndarray, far: _Far) -> Iterator[_Frustum]:
    """All but the first, at the k-th Mach number."""
    slope, sine = far.slopes[k], far.sines[k]
    columns = (
        slope[:-1],
        slope[1:],
        sine[:-1],
        sine[1:],
        *(v[1:] for v in (radius, slender, total[k], far.pressure[k], far.lift[k], far.behind[k])),
    )
    return map(_Frustum, *(v.tolist() for v in columns))


def _downstream(
    frusta: Iterable[_Frustum], cap: Sequence[bool], begin: tuple[float, ...], blunt: float
) -> tuple[list[float], list[float]]:
    """Mean pressure over the free stream's, and loading, of all frusta; on the `cap` what the march begins with.

    Each frustum follows from the one before. Plain numbers do it in a third of the time that arrays over a few Mach numbers take.
    """
    p, m, load = begin
    state: tuple[float, ...] = (p, m, 0.0, load)
    pressures, loads = [p], [load]
    for f, held in zip(frusta, cap[1:], strict=True):
        if held:
            mean, loading = p, load
        else:
            *new, mean, loading = _along(state, f, blunt)
            state = tuple(new)
        pressures.append(mean)
        loads.append(loading)
    return pressures, loads


def _between(v: float, x: list[float], y: list[float]) -> float:
    """`np.interp` of one number."""
    if not x[0] < v < x[-1]:
        return y[0] if v <= x[0] else y[-1]
    j = bisect_right(x, v) - 1
    return y[j] + (y[j + 1] - y[j]) / (x[j + 1] - x[j]) * (v - x[j])


def _corner(p: float, before: float, grad: float, f: _Frustum) -> tuple[float, ...]:
    """Round the corner ahead of a frustum: Mach number and pressure behind it, M² - 1 ahead and behind, and the pressure's gradient there."""
    angle = max(_between(before, _MACH_LIST, _ANGLE_LIST) + f.ahead - f.slope, _ANGLE_LIST[0])
    m2 = _between(angle, _ANGLE_LIST, _MACH_LIST)
    over1, over2 = before * before - 1, m2 * m2 - 1
    ratio = (1 + _K * before * before) / (1 + _K * m2 * m2)  # temperature's
    p2 = p * ratio ** (G / (G - 1))
    b1, b2 = G * p * before * before / (2 * over1), G * p2 * m2 * m2 / (2 * over2)
    o = ratio ** ((G + 1) / (2 * (G - 1))) * m2 / before  # Ω₁/Ω₂
    return m2, p2, over1, over2, b2 / f.radius * (o * f.sine_ahead - f.sine) + b2 * o / b1 * grad


def _along(state: tuple[float, ...], f: _Frustum, blunt: float) -> tuple[float, ...]:
    """Round the corner ahead of a frustum and along it: pressure, Mach number, gradient and loading at its end, mean pressure and loading."""
    p, before, grad, load = state
    if f.ahead == f.slope:  # no corner: what there was goes on
        m2, p2, over1, start = before, p, before * before - 1, grad
        over2 = over1
    else:
        m2, p2, over1, over2, start = _corner(p, before, grad, f)
    gap, root = f.pressure - p2, sqrt(over2)
    unit, least = f.slender / root, (_SMALL * p2) ** 2 if f.behind else 1e-9
    eta = (start * f.slender * f.radius * gap + unit * least) / (gap * gap + least)
    eta = min(max(eta, (1.0 if gap < 0 else 0.5) * unit), 3 * unit, 30.0)
    slow = eta
    if abs(f.slope) <= 1e-4:
        slow = _CYLINDER * unit
    elif f.slope > 0:
        slow += (1.0 if f.behind else blunt) * (max(_RISING * unit, eta) - eta)
    rest, kept = exp(-eta), exp(-slow)
    mean, over = (1 - rest) / max(eta, 1e-9), (1 - kept) / max(slow, 1e-9)
    # λ = 2 γ p / sin 2μ: how pressure answers to turning; the loading jumps with it round the corner.
    first = load * (p2 * m2 * m2 / root) / (p * before * before / sqrt(over1))
    end = max(f.pressure - gap * rest, 1e-4 * f.total)
    m = sqrt(max(((end / f.total) ** (-(G - 1) / G) - 1) / _K, 1.0025))
    return (
        end, m, start * rest, f.lift + (first - f.lift) * kept,
        f.pressure - gap * mean, f.lift + (first - f.lift) * over,
    )  # fmt: skip


def _cap(
    cp: np.ndarray, lift: np.ndarray, steep: np.ndarray, true: np.ndarray, slopes: np.ndarray, tip: Tip
) -> tuple[np.ndarray, np.ndarray]:
    """Pressure and loading where the surface is steeper than the march can take: modified Newton on a blunt tip; elsewhere, on
    faces and on cones beyond detachment, between the steepest cone's and the stagnation point's, with the square of the sine."""
    s2, t2 = np.sin(true)[None, :] ** 2, np.sin(slopes) ** 2
    share = np.where(steep, (s2 - t2) / np.maximum(1 - t2, 1e-9), 0.0)
    stagnation, blunt = (
        tip.stagnation[:, None],
        np.where(np.logical_and.accumulate(steep, axis=1), tip.blunt[:, None], 0.0),
    )
    face = cp + share * (stagnation - cp)
    cp = np.where(steep, (1 - blunt) * face + blunt * stagnation * s2, cp)
    return cp, np.where(steep, cp * 2 / np.maximum(np.tan(true)[None, :], 1e-9), lift)
