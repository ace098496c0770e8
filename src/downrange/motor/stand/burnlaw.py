"""How fast a propellant burns under pressure, from firings: r = a p^n, and what a firing cannot tell of it.

The burnt web follows from the mass balance: of the propellant's mass the share that has left at time t is that of ∫p dt (the
throat is choked and c* one number), and the share that is gone says how far the grain has regressed (its volume against
web is a matter of geometry). r is the slope of that, and the law a line through log r over log p by least squares
(RPE 9th ed., section 12.1, eq. 12-5).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.interpolate import PchipInterpolator

from downrange.errors import InputError

__all__ = ["BurnLaw", "Segments", "fit_burn_law"]

_PIECES = 24  # of the web: steps over which the rate is a mean; finer ones are noise
_PLATEAU = (0.06, 0.9)  # of the web, between which pressure is steady enough for the mass balance
_NARROW = 1.5  # highest over lowest pressure, below which a firing says little of the exponent


@dataclass(frozen=True)
class Segments:
    """Cylinders with a round bore, alike: outer and bore diameter, length (m), how many, and how many of the two ends burn."""

    outer: float
    bore: float
    length: float
    count: int = 1
    burning_ends: int = 2

    def __post_init__(self) -> None:
        if not 0 < self.bore < self.outer <= 10 or not 0 < self.length <= 20:
            raise InputError(
                f"a grain of {self.outer * 1e3:.4g} mm outside, {self.bore * 1e3:.4g} mm inside and {self.length * 1e3:.4g} mm long cannot be: "
                "the bore must be narrower than the outside, and all above 0"
            )
        if not 1 <= self.count <= 100 or self.burning_ends not in (0, 1, 2):
            raise InputError("a motor has 1 to 100 segments, each with 0, 1 or 2 ends that burn")

    @property
    def web(self) -> float:
        """How far it can burn, m: to the casing, or from both ends together where that is shorter."""
        radial = (self.outer - self.bore) / 2
        return min(radial, self.length / self.burning_ends) if self.burning_ends else radial

    def volume(self, web: np.ndarray) -> np.ndarray:
        """What is left after `web` (m) has burnt, m3."""
        bore = np.minimum(self.bore + 2 * web, self.outer)
        length = np.maximum(self.length - self.burning_ends * web, 0.0)
        return np.asarray(self.count * math.pi / 4 * (self.outer**2 - bore**2) * length)


@dataclass(frozen=True, eq=False)
class BurnLaw:
    """r = a p^n, r in m/s, p in Pa. covariance (2, 2) of (ln a at `reference`, n). pressure, rate: the points (k,) it was fitted to.

    rate_at_reference: m/s at `reference` (Pa), the middle of the pressures, where it is known best. scatter: of ln r about the line.
    untold: what these firings do not tell.
    """

    exponent: float
    rate_at_reference: float
    reference: float
    covariance: np.ndarray
    scatter: float
    pressure: np.ndarray
    rate: np.ndarray
    firing: np.ndarray
    untold: tuple[str, ...]

    @property
    def coefficient(self) -> float:
        """a, in m/s over Pa^n."""
        return self.rate_at_reference / self.reference**self.exponent

    @property
    def exponent_error(self) -> float:
        """Standard uncertainty of n, from the scatter of the points."""
        return float(math.sqrt(self.covariance[1, 1]))

    @property
    def rate_error(self) -> float:
        """Standard uncertainty of `rate_at_reference`, m/s."""
        return float(math.sqrt(self.covariance[0, 0])) * self.rate_at_reference

    def __call__(self, pressure: np.ndarray | float) -> np.ndarray:
        """Burning rate, m/s, at pressures (Pa)."""
        return np.asarray(self.rate_at_reference * (np.asarray(pressure, float) / self.reference) ** self.exponent)


def fit_burn_law(
    firings: Sequence[tuple[np.ndarray, np.ndarray]], grains: Sequence[Segments | Callable[[np.ndarray], np.ndarray]], webs: Sequence[float] | None = None
) -> BurnLaw:  # fmt: skip
    """Fit a law to firings: of each time (n,) s and absolute pressure (n,) Pa over the burn, and its grain.

    grains: `Segments`, or any function from web (m) to the volume that is left (m3), with its web in `webs`. Raises `InputError`
    where the points do not make a law.
    """
    points = []
    for k, ((time, pressure), grain) in enumerate(zip(firings, grains, strict=True)):
        web = grain.web if isinstance(grain, Segments) else float((webs or ())[k])
        volume = grain.volume if isinstance(grain, Segments) else grain
        p, r = _rates(np.asarray(time, float), np.asarray(pressure, float), volume, web)
        points.append((p, r, np.full(p.size, k)))
    pressure, rate, which = (np.concatenate([x[i] for x in points]) for i in range(3))
    if pressure.size < 4:
        raise InputError("fewer than four points of the burn: a coarse record says nothing of the burning rate")
    x, y = np.log(pressure), np.log(rate)
    middle = float(x.mean())
    n, level = np.polyfit(x - middle, y, 1)
    left = y - level - n * (x - middle)
    variance = float(left @ left) / max(pressure.size - 2, 1)
    spread = float(((x - middle) ** 2).sum())
    covariance = np.diag([variance / pressure.size, variance / spread if spread > 0 else math.inf])
    return BurnLaw(
        float(n), float(np.exp(level)), float(np.exp(middle)), covariance, math.sqrt(variance), pressure, rate, which,
        _untold(pressure, float(n), math.sqrt(covariance[1, 1]), len(firings)),
    )  # fmt: skip


def _rates(
    time: np.ndarray, pressure: np.ndarray, volume: Callable[[np.ndarray], np.ndarray], web: float
) -> tuple[np.ndarray, np.ndarray]:
    """Mean pressure (Pa) and burning rate (m/s) over pieces of the web."""
    so_far = np.concatenate([[0.0], np.cumsum(0.5 * (pressure[1:] + pressure[:-1]) * np.diff(time))])
    x = np.linspace(0.0, web, 801)
    left = np.asarray(volume(x), float)
    gone = 1 - (left - left[-1]) / (left[0] - left[-1])
    if np.any(np.diff(gone) < 0):
        raise InputError("the grain's volume grows while it burns")
    share = so_far / so_far[-1]
    burnt = np.interp(share, gone, x)
    edges = np.linspace(_PLATEAU[0] * web, _PLATEAU[1] * web, _PIECES + 1)
    increasing = np.concatenate([[True], np.diff(burnt) > 0])
    at = PchipInterpolator(burnt[increasing], time[increasing])(edges)
    total = np.interp(at, time, so_far)
    steps = np.diff(at)
    return np.diff(total) / steps, np.diff(edges) / steps


def _untold(p: np.ndarray, n: float, error: float, firings: int) -> tuple[str, ...]:
    out = []
    if p.max() / p.min() < _NARROW:
        out.append(
            f"pressure moved only from {p.min() / 1e6:.3g} to {p.max() / 1e6:.3g} MPa: the exponent is hardly told; fire with another throat"
        )
    if error > 0.1:
        out.append(f"the exponent is known to ± {error:.2g} only")
    if n >= 1:
        out.append(
            f"an exponent of {n:.3g} would make no steady pressure: the grain, the throat or the record is not what was said"
        )
    if firings == 1:
        out.append(
            "one firing cannot part the exponent from a throat that wears, a grain that burns unevenly, or erosive burning"
        )
    out.append("the propellant's temperature: how the rate changes with it needs firings hot and cold")
    return tuple(out)
