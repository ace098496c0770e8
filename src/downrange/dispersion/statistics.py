"""Statistics of stratified samples: means, quantiles, probabilities, each with its Monte Carlo error.

A campaign flies each mode a number of times that is not its probability; flight j of mode m weighs p_m / n_m.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from downrange.errors import InputError

__all__ = ["Estimate", "Goal", "parse_goal", "probability", "quantile", "weighted_mean"]

_Z90 = 1.6448536269514722
_Z95 = 1.959963984540054


@dataclass(frozen=True)
class Estimate:
    """A value with its standard error, and, for a probability, its 95 % upper bound."""

    value: float
    error: float
    upper: float = float("nan")
    flights: int = 0


def _by_mode(mode: np.ndarray, p: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Flights of each mode, and each flight's weight."""
    n = np.bincount(mode, minlength=p.size)
    flown = n > 0
    total = p[flown].sum()
    weight = np.where(flown, p / np.maximum(n, 1), 0.0) / (total if total > 0 else 1.0)
    return n, weight[mode]


def probability(hit: np.ndarray, mode: np.ndarray, p: np.ndarray) -> Estimate:
    """Probability of an event from flags `hit` (n,) of flights of modes `mode` (n,) with probabilities `p` (m,).

    The error is that of a stratified sample. The upper bound is one-sided, 95 %, of a weighted sum of Poisson counts
    (Fay & Feuer, Stat. Med. 16 (1997), 791, eq. 3): without a hit it is 3.0 times the largest weight, the rule of three.
    """
    n, weight = _by_mode(mode, p)
    value = float(weight[hit].sum())
    share = np.bincount(mode[hit], minlength=p.size) / np.maximum(n, 1)
    q = p / max(p[n > 0].sum(), 1e-300)
    error = float(np.sqrt(np.sum(np.where(n > 0, q**2 * share * (1 - share) / np.maximum(n, 1), 0.0))))
    largest = float(weight.max()) if weight.size else 1.0
    variance = float((weight[hit] ** 2).sum())
    from scipy.special import gammaincinv

    shifted, spread = value + largest, variance + largest**2
    upper = float(spread / shifted * gammaincinv(shifted**2 / spread, 0.95))
    return Estimate(value, error, min(upper, 1.0), int(mode.size))


def weighted_mean(x: np.ndarray, mode: np.ndarray, p: np.ndarray) -> Estimate:
    """Mean of `x` (n,) and its stratified standard error; flights where x is NaN are left out of both."""
    good = np.isfinite(x)
    x, mode = x[good], mode[good]
    if not x.size:
        return Estimate(float("nan"), float("nan"))
    n, weight = _by_mode(mode, p)
    value = float(weight @ x)
    sums = np.bincount(mode, x, minlength=p.size) / np.maximum(n, 1)
    squares = np.bincount(mode, (x - sums[mode]) ** 2, minlength=p.size) / np.maximum(n - 1, 1)
    q = p / max(p[n > 0].sum(), 1e-300)
    return Estimate(
        value, float(np.sqrt(np.sum(np.where(n > 0, q**2 * squares / np.maximum(n, 1), 0.0)))), flights=int(x.size)
    )


def quantile(x: np.ndarray, mode: np.ndarray, p: np.ndarray, level: float) -> Estimate:
    """Quantile of `x` and its standard error after Woodruff (J. Am. Stat. Assoc. 47 (1952), 635): the error of the
    distribution function there, carried over to x."""
    good = np.isfinite(x)
    x, mode = x[good], mode[good]
    if not x.size:
        return Estimate(float("nan"), float("nan"))
    _, weight = _by_mode(mode, p)
    order = np.argsort(x, kind="stable")
    xs, total = x[order], np.cumsum(weight[order])
    middle = (total - 0.5 * weight[order]) / total[-1]
    value = float(np.interp(level, middle, xs))
    at = probability(x <= value, mode, p)
    low, high = (float(np.interp(np.clip(level + s * _Z95 * at.error, 0, 1), middle, xs)) for s in (-1, 1))
    return Estimate(value, (high - low) / (2 * _Z95), flights=int(x.size))


@dataclass(frozen=True)
class Goal:
    """When a campaign has flown enough: a statistic of a column is known to within `error` (95 %)."""

    column: str
    level: float | None
    error: float
    text: str

    def estimate(self, x: np.ndarray, mode: np.ndarray, p: np.ndarray) -> Estimate:
        """The statistic with its error."""
        return weighted_mean(x, mode, p) if self.level is None else quantile(x, mode, p, self.level)

    def met(self, e: Estimate) -> bool:
        """Whether 95 % bounds are within the error asked for."""
        return bool(np.isfinite(e.error) and _Z95 * e.error <= self.error)


_SHORT = {
    "landing": ("landing_distance_m", "length"), "apogee": ("apogee_agl_m", "length"), "energy": ("landing_energy_j", "energy"),
    "time": ("flight_time_s", "time"), "speed": ("max_speed_m_s", "speed"), "mach": ("max_mach", "number"),
}  # fmt: skip


def parse_goal(text: str) -> Goal:
    """Read `landing P95 ± 5 m` or `apogee mean ± 2 m`: a quantity, mean or percentile, and the error asked for (95 %)."""
    from downrange.units import parse_quantity

    m = re.fullmatch(r"\s*(\w+)\s+(mean|[Pp](\d+(?:\.\d+)?))\s*(?:±|\+/-|\+-)\s*(.+)", text)
    if not m or m.group(1) not in _SHORT:
        raise InputError(
            f"cannot read {text!r}; write it like 'landing P95 ± 5 m' or 'apogee mean ± 2 m' (quantities: {', '.join(_SHORT)})",
            key="--until",
        )
    column, kind = _SHORT[m.group(1)]
    level = None if m.group(2) == "mean" else float(m.group(3)) / 100
    error = parse_quantity(m.group(4), kind).value
    if error <= 0 or (level is not None and not 0 < level < 1):
        raise InputError(f"{text!r}: a percentile is between 0 and 100, an error above zero", key="--until")
    return Goal(column, level, error, text)
