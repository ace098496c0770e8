"""When a flight was in which phase, roughly, from its heights and its accelerometer: what a smoother must know before it begins; and how calm a descent was."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from downrange.constants import STANDARD_GRAVITY
from downrange.tracking.heights import HeightSensor
from downrange.tracking.liftoff import by_acceleration, by_climb
from downrange.tracking.trust import running_median

__all__ = ["Phases", "burnout_of", "calmness", "find_phases"]

_CALM = (1.0, 0.3, 0.1, 0.03, 0.01)
_NEAR = 3.0  # m, or as many standard deviations of a reading, from where it rests: it has landed


@dataclass(frozen=True)
class Phases:
    """Lift-off, burn-out, top, landing (NaN where the log does not hold it) and the end of what is looked at, s on the first log's clock."""

    start: float
    burnout: float
    top: float
    ground: float
    end: float


def find_phases(sensors: list[HeightSensor], axial: tuple[np.ndarray, np.ndarray] | None) -> Phases:
    """The phases by the heights of `sensors` and, where there is one, by the accelerometer along the axis (times; what it feels, m/s²)."""
    best = max((s for s in sensors), key=lambda s: (s.pressure, s.time.size))
    t, h = best.time, best.height
    centre = running_median(t, h, 0.5, 11)
    top = float(t[int(np.argmax(centre))])
    left = by_acceleration(axial[0], axial[1] - STANDARD_GRAVITY) if axial is not None else by_climb(t, h)
    start = left.time if left is not None and abs(left.time) < 5 else 0.0
    burnout = 0.2 * top
    if axial is not None:
        inside = (axial[0] >= start) & (axial[0] < top)
        if inside.sum() > 3:
            gained = np.cumsum((axial[1][inside] - STANDARD_GRAVITY) * np.gradient(axial[0][inside]))
            burnout = float(axial[0][inside][int(np.argmax(gained))])
    else:
        grid = np.arange(0.0, max(top, 0.5), 0.1)
        if grid.size > 3:
            burnout = float(grid[int(np.argmax(np.gradient(np.interp(grid, t, centre), grid)))])
    high = np.flatnonzero(np.abs(centre) > 0.02 * centre.max() + 5)
    end = float(min(t[-1], t[high[-1]] + 8.0)) if high.size else float(t[-1])
    return Phases(start, burnout, top, _landing(t, centre, top, end, best.sigma), end)


def _landing(t: np.ndarray, centre: np.ndarray, top: float, end: float, sigma: float) -> float:
    """When the heights come to rest; NaN where they do not within what is looked at."""
    last = centre[(t > end - 2.0) & (t <= end)]
    if last.size < 5 or float(np.ptp(last)) > 2 * max(_NEAR, _NEAR * sigma):
        return math.nan
    aloft = t[(t > top) & (t <= end) & (np.abs(centre - float(np.median(last))) > max(_NEAR, _NEAR * sigma))]
    return float(aloft[-1]) if aloft.size and aloft[-1] < end - 1.0 else math.nan


def burnout_of(time: np.ndarray, speed: np.ndarray, start: float) -> float:
    """When thrust ended by a smoothed speed (n,): where its rate falls through the middle between those before and behind.

    A smoother rounds the corner evenly, and the greatest speed then lies behind it, for the coast is the flatter side.
    """
    fast = int(np.argmax(speed))
    rate = np.gradient(speed, time)
    before = rate[(time > start) & (np.arange(len(time)) <= fast)]
    behind = rate[fast : fast + max(int(round(1.5 / (time[1] - time[0]))), 2)]
    if before.size < 4:
        return float(time[fast])
    middle = 0.5 * (float(before.max()) + float(behind.min()))
    k = fast
    while k > 0 and rate[k] < middle and time[k] > start:
        k -= 1
    if k == fast:
        return float(time[fast])
    return float(np.interp(middle, [rate[k + 1], rate[k]], [time[k + 1], time[k]]))


def calmness(time: np.ndarray, height: np.ndarray, variance: np.ndarray, density: float) -> float:
    """By what factor the acceleration of a descent is calmer than white noise of `density`, (m/s²)²/s: the most likely of five.

    time, height, variance: moments, readings (m) and their variances (n,), from the opened canopy to the ground. The likelihood is that of Kalman's filter with
    height, speed and acceleration; of few readings it is 1.
    """
    if len(time) < 40:
        return 1.0
    scores = [_score(time, height, variance, density * f) for f in _CALM]
    return _CALM[int(np.argmin(scores))]


def _score(time: np.ndarray, height: np.ndarray, variance: np.ndarray, density: float) -> float:
    """Minus the logarithm of the likelihood of the readings."""
    speed = (height[20] - height[0]) / (time[20] - time[0])
    x, p = np.array([height[0], speed, 0.0]), np.diag([variance[0] + 4.0, 25.0, 4.0])
    score = 0.0
    for k in range(1, len(time)):
        dt = time[k] - time[k - 1]
        f = np.array([[1.0, dt, dt * dt / 2], [0.0, 1.0, dt], [0.0, 0.0, 1.0]])
        q = np.array(
            [[dt**5 / 20, dt**4 / 8, dt**3 / 6], [dt**4 / 8, dt**3 / 3, dt**2 / 2], [dt**3 / 6, dt**2 / 2, dt]]
        )
        x, p = f @ x, f @ p @ f.T + density * q
        s = p[0, 0] + variance[k]
        off = height[k] - x[0]
        score += 0.5 * (math.log(s) + min(off * off / s, 20.0))
        gain = p[:, 0] / s
        x, p = x + gain * off, p - np.outer(gain, p[0])
    return score
