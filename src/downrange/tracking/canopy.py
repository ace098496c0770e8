"""What canopies did, from a reconstructed flight: how fast it came down under each, their drag areas, and the wind that carried it.

At a steady descent drag is weight: Cd A = 2 m g / (ρ v²). The rocket's own drag is in it, as it is in every drag area measured on the way down.
A change of canopy is the moment that parts the descent into two steady rates best (least squares of the logarithm of the equivalent speed; A. F. M. Smith,
Biometrika 62 (1975), 407, for one change in a sequence). Under a canopy a rocket drifts with the air, so that its way over the ground is the wind.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from downrange.atmosphere import Air
from downrange.constants import STANDARD_GRAVITY
from downrange.tracking.ground import GroundTrack
from downrange.tracking.reconstruct import Reconstruction

__all__ = ["Descent", "WindLayer", "descents", "drift_winds"]

_G = STANDARD_GRAVITY
_SEA_LEVEL = 1.225  # kg/m3, of the equivalent speed
_STEP = 1.0  # s; rates over shorter times are the bay's breathing
_LEAST = 6  # steps of a steady descent
_APART = 0.35  # of the logarithm of the speed: rates nearer than 1.4 to one are one canopy
_AIR = 0.3  # m/s, 1 σ of slow up and down of the air over a descent; judgement: weak thermals
_LAYER = 150.0  # m


@dataclass(frozen=True)
class Descent:
    """A steady descent from time `start` to `end` (s from lift-off) and between two heights (m above the pad): its mean rate (m/s, down) and
    drag area (m2), each with its standard error."""

    start: float
    end: float
    top: float
    bottom: float
    rate: tuple[float, float]
    drag_area: tuple[float, float]


@dataclass(frozen=True)
class WindLayer:
    """The wind between two heights (m above the pad) by drift: east and north, m/s, and the standard error of each."""

    bottom: float
    top: float
    east: float
    north: float
    error: float


def descents(r: Reconstruction, air: Air, *, elevation: float, mass: float, mass_error: float) -> tuple[Descent, ...]:
    """The steady descents between apogee and the ground, at most two, first the first; none where it did not come down for ten seconds in the log.

    elevation: of the pad above sea level, m. mass: of what hangs under the canopies, kg. mass_error: relative, 1 σ.
    """
    top = r.event("apogee")
    if top is None:
        return ()
    down = r.event("landing")
    high = r.time[r.height > max(0.01 * top.height, 8.0)]
    last = min(down.time - 1.5 if down is not None else math.inf, float(high[-1]))
    grid = np.arange(top.time + 3.0, last, _STEP)
    if len(grid) < _LEAST:
        return ()
    h = np.interp(grid, r.time, r.height)
    rate, middle, at = -np.diff(h) / _STEP, 0.5 * (h[1:] + h[:-1]), 0.5 * (grid[1:] + grid[:-1])
    density = air.density(elevation + np.maximum(middle, 0.0))
    speed = np.log(np.maximum(rate, 0.3) * np.sqrt(density / _SEA_LEVEL))
    pieces = [(0, len(at))]
    split = _change(speed)
    if split is not None:
        pieces = [
            (0, split),
            (split + min(2, max(0, len(at) - split - _LEAST)), len(at)),
        ]  # a canopy fills in a second or two
    return tuple(
        _steady(r, slice(a, b), at, rate, middle, density, mass, mass_error) for a, b in pieces if b - a >= _LEAST // 2
    )


def _change(x: np.ndarray) -> int | None:
    """Where a sequence changes its level by more than the canopies' least, by least squares; None where it does not."""
    n = len(x)
    best, where = np.inf, None
    for k in range(_LEAST // 2, n - _LEAST // 2 + 1):
        cost = float(np.var(x[:k]) * k + np.var(x[k:]) * (n - k))
        if cost < best:
            best, where = cost, k
    if where is None or abs(np.median(x[:where]) - np.median(x[where:])) < _APART:
        return None
    return where


def _steady(
    r: Reconstruction,
    piece: slice,
    at: np.ndarray,
    rate: np.ndarray,
    height: np.ndarray,
    density: np.ndarray,
    mass: float,
    mass_error: float,
) -> Descent:
    v, rho = rate[piece], density[piece]
    mean = float(np.median(v))
    spread = 1.4826 * float(np.median(np.abs(v - mean)))
    scale = float(r.height_sigma[int(np.argmax(r.height))] / max(r.height.max(), 1.0))  # of all heights alike
    error = math.sqrt((spread / math.sqrt(max(len(v) / 4, 1.0))) ** 2 + _AIR**2 + (scale * mean) ** 2)
    area = 2 * mass * _G / float(np.median(rho * np.maximum(v, 0.3) ** 2))
    share = math.hypot(2 * error / max(mean, 0.3), mass_error)
    start, end = float(at[piece][0] - _STEP / 2), float(at[piece][-1] + _STEP / 2)
    return Descent(start, end, float(height[piece][0]), float(height[piece][-1]), (mean, error), (area, share * area))


def drift_winds(track: GroundTrack, r: Reconstruction, *, layer: float = _LAYER) -> tuple[WindLayer, ...]:
    """Winds by the drift of a descent, in layers `layer` m thick or thicker, the lowest first; a layer holds 5 s of the track or more.

    From when the rocket has lost its own way over the ground: 5 s behind the apogee, and twice the time v/g in which the air takes a thing along that sinks at v.
    """
    top, down = r.event("apogee"), r.event("landing")
    if top is None:
        return ()
    last = down.time if down is not None else r.time[-1]
    sinking = (r.time > top.time + 5) & (r.time < min(top.time + 15, last))
    carried = 2 * max(-float(np.median(r.speed[sinking])), 0.0) / _G if sinking.any() else 0.0
    use = (track.time > top.time + 5 + carried) & (track.time < last)
    t, p = track.time[use], track.place[use]
    if len(t) < 4:
        return ()
    h = np.interp(t, r.time, r.height)
    out, a = [], 0
    for b in range(1, len(t)):
        thick = layer if b < len(t) - 1 else 0.5 * layer  # what is left at the ground
        if h[a] - h[b] >= thick and t[b] - t[a] >= 5:
            drift = (p[b] - p[a]) / (t[b] - t[a])
            error = math.sqrt(2) * track.error / (t[b] - t[a])
            out.append(WindLayer(float(h[b]), float(h[a]), float(drift[0]), float(drift[1]), error))
            a = b
    return tuple(reversed(out))
