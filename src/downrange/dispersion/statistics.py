"""Statistics of stratified samples: means, quantiles, probabilities, each with its Monte Carlo error.

A campaign flies each mode a number of times that is not its probability; flight j of mode m weighs p_m / n_m.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from downrange.errors import InputError

__all__ = ["Estimate", "Goal", "expectation", "parse_goal", "probability", "quantile", "weighted", "weighted_mean"]

_Z90 = 1.6448536269514722
_Z95 = 1.959963984540054


@dataclass(frozen=True)
class Estimate:
    """A value with its standard error, and, for a probability or a consequence, its one-sided 95 % upper bound."""

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


def _bound(value: float, variance: float, largest: float) -> float:
    """One-sided 95 % upper bound of a weighted sum of Poisson counts (Fay & Feuer, Stat. Med. 16 (1997), 791, eq. 3).

    `value` is Σ c and `variance` Σ c² over the events that were seen, `largest` what one more event could add at most.
    Without an event it is 3.0 times `largest`, the rule of three.
    """
    from scipy.special import gammaincinv

    if largest <= 0:
        return value
    shifted, spread = value + largest, variance + largest**2
    return float(spread / shifted * gammaincinv(shifted**2 / spread, 0.95))


def probability(hit: np.ndarray, mode: np.ndarray, p: np.ndarray) -> Estimate:
    """Probability of an event from flags `hit` (n,) of flights of modes `mode` (n,) with probabilities `p` (m,).

    The error is that of a stratified sample; the upper bound is one-sided, 95 % (`expectation`, of which this is the
    case that every event counts one).
    """
    e = expectation(np.asarray(hit, float), mode, p, np.ones(p.size))
    return Estimate(e.value, _share_error(hit, mode, p), min(e.upper, 1.0), int(mode.size))


def _share_error(hit: np.ndarray, mode: np.ndarray, p: np.ndarray) -> float:
    """Standard error of the probability of an event: binomial in each mode."""
    n = np.bincount(mode, minlength=p.size)
    share = np.bincount(mode[hit], minlength=p.size) / np.maximum(n, 1)
    q = p / max(p[n > 0].sum(), 1e-300)
    return float(np.sqrt(np.sum(np.where(n > 0, q**2 * share * (1 - share) / np.maximum(n, 1), 0.0))))


def expectation(x: np.ndarray, mode: np.ndarray, p: np.ndarray, most: np.ndarray) -> Estimate:
    """Expected consequence of one flight from those of flights `x` (n,), none negative, of modes `mode` (n,).

    `most` (m,) is the largest consequence that a flight of each mode could have: one that was not sampled may have it,
    so the bound is never zero where `most` is not. The error is that of a stratified sample. The upper bound is
    one-sided, 95 %: that of a weighted sum of Poisson counts (`_bound`), a flight of mode m weighing p_m / n_m; a mode
    with a probability that was never flown adds all that it could do. Raises `InputError` for what cannot be.

    p: (modes,), their probabilities.
    """
    if np.any(x < 0) or np.any(x > most[mode] * (1 + 1e-9)):
        raise InputError("a consequence lies between zero and the most that a flight of its mode could have")
    n, weight = _by_mode(mode, p)
    part = weight * x
    value, flown = float(part.sum()), n > 0
    share = float(p[flown].sum() / max(p.sum(), 1e-300))
    q = p / max(p[flown].sum(), 1e-300)
    largest = float(np.max(np.where(flown, q / np.maximum(n, 1) * most, 0.0), initial=0.0))
    unseen = float((p * most)[~flown].sum() / max(p.sum(), 1e-300))
    upper = share * _bound(value, float((part**2).sum()), largest) + unseen
    return Estimate(value, weighted_mean(x, mode, p).error, upper, int(mode.size))


def weighted_mean(x: np.ndarray, mode: np.ndarray, p: np.ndarray) -> Estimate:
    """Mean of `x` (n,) and its stratified standard error; flights where x is NaN are left out of both.

    mode: (n,), mode of each. p: (modes,), their probabilities.
    """
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
    distribution function there, carried over to x.

    mode: (n,), mode of each. p: (modes,), their probabilities. level: from 0 to 1.
    """
    good = np.isfinite(x)
    x, mode = x[good], mode[good]
    if not x.size:
        return Estimate(float("nan"), float("nan"))
    _, weight = _by_mode(mode, p)
    order = np.argsort(x, kind="stable")
    xs, total = x[order], np.cumsum(weight[order])
    middle = (total - 0.5 * weight[order]) / total[-1]
    value = float(np.interp(level, middle, xs))
    error = _share_error(x <= value, mode, p)
    low, high = (float(np.interp(np.clip(level + s * _Z95 * error, 0, 1), middle, xs)) for s in (-1, 1))
    return Estimate(value, (high - low) / (2 * _Z95), flights=int(x.size))


def weighted(x: np.ndarray, weight: np.ndarray, level: float) -> float:
    """The least of `x` (n,) below which a share `level` of their `weight` (n,) lies, itself counted: for rows, which are no flights."""
    order = np.argsort(x, kind="stable")
    held = np.cumsum(weight[order])
    return float(x[order][min(int(np.searchsorted(held, level * held[-1])), x.size - 1)])


@dataclass(frozen=True)
class Goal:
    """When a campaign has flown enough: a statistic of a column is known to within `error` (95 %)."""

    column: str
    level: float | None
    error: float
    text: str

    def estimate(self, x: np.ndarray, mode: np.ndarray, p: np.ndarray) -> Estimate:
        """The statistic with its error.

        x: (n,), of each flight. mode: (n,), its mode. p: (modes,), their probabilities.
        """
        return weighted_mean(x, mode, p) if self.level is None else quantile(x, mode, p, self.level)

    def met(self, e: Estimate) -> bool:
        """Whether 95 % bounds are within the error asked for.

        e: the estimate so far.
        """
        return bool(np.isfinite(e.error) and _Z95 * e.error <= self.error)


_SHORT = {
    "landing": ("landing_distance_m", "length"), "apogee": ("apogee_agl_m", "length"), "energy": ("landing_energy_j", "energy"),
    "time": ("flight_time_s", "time"), "speed": ("max_speed_m_s", "speed"), "mach": ("max_mach", "number"),
}  # fmt: skip


def parse_goal(text: str) -> Goal:
    """Read `landing P95 ± 5 m` or `apogee mean ± 2 m`: a quantity, mean or percentile, and the error asked for (95 %).

    text: what the user wrote. Raises `InputError` for a text that is no such goal.
    """
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
