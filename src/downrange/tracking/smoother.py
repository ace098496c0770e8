"""A linear smoother: Kalman's filter forward, Rauch, Tung and Striebel's pass back, with a gate for outliers.

x[k+1] = F[k] x[k] + u[k] + w, w ~ N(0, Q[k]); measurements z = H x + e, e ~ N(0, r), one number at a time (sequential
processing is exact for independent errors).

Sources: R. E. Kalman, "A New Approach to Linear Filtering and Prediction Problems", J. Basic Eng. 82 (1960), 35-45; H. E. Rauch, F. Tung,
C. T. Striebel, "Maximum Likelihood Estimates of Linear Dynamic Systems", AIAA J. 3 (1965), 1445-1450, eqs. 3.30 and 3.31;
the update in Joseph's form (P. D. Joseph, R. S. Bucy, "Filtering for Stochastic Processes with Applications to Guidance", 1968).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

__all__ = ["Measurement", "Smoothed", "smooth"]

GATE = 4.5  # standard deviations of an innovation; beyond it a reading is one of 150,000 if the model holds


@dataclass(frozen=True, eq=False)
class Measurement:
    """One number `z` with variance `r` and its row `h` (states,); `sensor` is the index of who said it."""

    z: float
    r: float
    h: np.ndarray
    sensor: int


@dataclass(frozen=True, eq=False)
class Smoothed:
    """States (n, m) and covariances (n, m, m) after both passes; `score` is minus the log likelihood of what was taken.

    `residuals` has, for every measurement in order, its step, sensor, residual after smoothing, innovation over its standard deviation,
    and whether the gate left it out.
    """

    state: np.ndarray
    covariance: np.ndarray
    score: float
    residuals: np.ndarray


def _updated(
    x: np.ndarray, p: np.ndarray, m: Measurement, patience: int
) -> tuple[np.ndarray, np.ndarray, float, float]:
    """State and covariance after one measurement, its innovation in standard deviations, and its part of the score (NaN if gated)."""
    ph = p @ m.h
    s = float(m.h @ ph + m.r)
    innovation = float(m.z - m.h @ x)
    n = innovation / np.sqrt(s)
    if abs(n) > GATE and patience > 0:
        return x, p, n, np.nan
    gain = ph / s
    a = np.eye(len(x)) - np.outer(gain, m.h)
    return x + gain * innovation, a @ p @ a.T + m.r * np.outer(gain, gain), n, 0.5 * (np.log(s) + n * n)


def smooth(
    start: np.ndarray, spread: np.ndarray, steps: list[tuple[np.ndarray, np.ndarray, np.ndarray]], measured: list[list[Measurement]], *, patience: int = 8
) -> Smoothed:  # fmt: skip
    """Smooth a sequence: `start` (m,) with covariance `spread` (m, m) before the first measurements, `steps` of (F, u, Q) between n moments
    (n - 1 of them), `measured` (n lists). A sensor that is gated `patience` times in a row is heard again: then the model is wrong, not it."""
    n, m = len(measured), len(start)
    xs, ps, xp, pp = np.empty((n, m)), np.empty((n, m, m)), np.empty((n, m)), np.empty((n, m, m))
    x, p, score = start, spread, 0.0
    left: dict[int, int] = {}
    rows: list[tuple[int, int, float, bool]] = []
    for k in range(n):
        if k:
            f, u, q = steps[k - 1]
            x, p = f @ x + u, f @ p @ f.T + q
        xp[k], pp[k] = x, p
        for z in measured[k]:
            x, p, normal, part = _updated(x, p, z, left.get(z.sensor, patience))
            out = bool(np.isnan(part))
            wild = abs(normal) > GATE  # and heard all the same, until it agrees again
            left[z.sensor] = max(left.get(z.sensor, patience) - 1, 0) if wild else patience
            score += 0.0 if out else part
            rows.append((k, z.sensor, normal, out))
        xs[k], ps[k] = x, 0.5 * (p + p.T)
    for k in range(n - 2, -1, -1):
        f = steps[k][0]
        gain = np.linalg.solve(pp[k + 1] + 1e-12 * np.eye(m), f @ ps[k]).T
        xs[k] = xs[k] + gain @ (xs[k + 1] - xp[k + 1])
        ps[k] = ps[k] + gain @ (ps[k + 1] - pp[k + 1]) @ gain.T
    flat = [z for one in measured for z in one]
    after = [z.z - float(z.h @ xs[k]) for (k, *_), z in zip(rows, flat, strict=True)]
    table = np.array(
        [(k, s, r, normal, out) for (k, s, normal, out), r in zip(rows, after, strict=True)], float
    ).reshape(-1, 5)
    return Smoothed(xs, ps, score, table)
