"""The winds that the flights of a campaign meet: members of an ensemble, correlated errors over height, turbulence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from downrange.dispersion.streams import generator
from downrange.flight.rows import FIELD, pack_winds

__all__ = ["Intensity", "Winds", "dryden"]

Intensity = Literal["light", "moderate", "severe"]
_ALOFT = {"light": 1.524, "moderate": 3.048, "severe": 6.096}  # m/s: 5, 10, 20 ft/s; MIL-F-8785C, figure 7, below 3 km
_FOOT = 0.3048
_FINENESS = 5  # coarse nodes to a correlation length


def dryden(agl: np.ndarray, wind_6m: float, intensity: Intensity) -> tuple[np.ndarray, np.ndarray]:
    """Standard deviation (m/s) and length (m) of horizontal Dryden turbulence at heights above the ground (m).

    MIL-F-8785C (1980), 3.7.3.4 below 1,000 ft from the wind at 20 ft; 1,750 ft and a fixed intensity above 2,000 ft;
    linear between. The vertical gust is left out: the kernel's wind is level.

    agl: heights above the ground (n,), m. wind_6m: mean wind at 6 m, m/s.
    """
    h = np.maximum(agl / _FOOT, 10.0)
    low_h = np.minimum(h, 1000.0)
    k = 0.177 + 0.000823 * low_h
    low_sigma, low_length = 0.1 * wind_6m / k**0.4, low_h / k**1.2 * _FOOT
    blend = np.clip((h - 1000.0) / 1000.0, 0, 1)
    sigma = (1 - blend) * low_sigma + blend * _ALOFT[intensity]
    return sigma, (1 - blend) * low_length + blend * 1750.0 * _FOOT


@dataclass(frozen=True, eq=False)
class Winds:
    """How the wind of a flight is made.

    heights (n,) m above the pad, rising; members (m, n, 2) m/s east and north; `sigma` (m/s) and `correlation`
    (m) of the error of each component, which fades to nothing at the ground like the 1/7 power law below 10 m;
    `turbulence` of Dryden's kind, or None.
    """

    heights: np.ndarray
    members: np.ndarray
    sigma: float = 0.0
    correlation: float = 1000.0
    turbulence: Intensity | None = None

    @property
    def shared(self) -> bool:
        """Whether all flights meet one of the members as it is."""
        return self.sigma == 0.0 and self.turbulence is None

    def build(
        self, rows: np.ndarray, member: np.ndarray, extra: np.ndarray | None, *, seed: int, block: int
    ) -> np.ndarray:
        """The flat table of winds for rows (n, ROW), whose `wind_at` is set in place.

        member (n,): which profile each flight meets; extra (n, nodes, 2) is added to it, or None.

        seed, block: which random numbers.
        """
        n, cells = len(rows), self.heights.size - 1
        base = self.members
        if extra is not None:
            base, member = base[member] + extra, np.arange(n)
        shared = self.shared and extra is None
        count = len(base) if shared else n
        if shared:
            rows[:, FIELD["wind_at"]] = member * (4.0 * cells)
            member = np.arange(count)
        else:
            rows[:, FIELD["wind_at"]] = np.arange(n) * (4.0 * cells)
        agl = np.maximum(self.heights, 0.0)
        taper = np.clip(agl / 10.0, 0, 1) ** (1 / 7)
        noise, intensity, length = np.zeros((0, 1, 4)), np.zeros(cells + 1), np.ones(cells + 1)
        if self.turbulence is not None:
            u, v = (np.interp(6.1, self.heights, self.members[..., k].mean(axis=0)) for k in (0, 1))
            intensity, length = dryden(agl, float(np.hypot(u, v)), self.turbulence)
            intensity = intensity * taper
            noise = generator(seed, "turbulence", block).standard_normal((count, cells + 1, 4))
        depth = np.diff(self.heights, prepend=self.heights[0]) / length
        decay = np.exp(-depth)
        decay[0] = 0.0
        return pack_winds(
            base, member, errors=self._errors(count, seed, block), taper=taper, sigma=self.sigma,
            turbulence=(intensity, depth, decay, noise),
        ).ravel()  # fmt: skip

    def errors(self, n: int, seed: int, block: int = 0) -> np.ndarray:
        """Errors of the wind (n, nodes, 2) at `heights`, m/s east and north, without turbulence.

        n: how many. seed, block: which random numbers.
        """
        coarse, node, share = self._errors(n, seed, block)
        at = (1 - share)[:, None] * coarse[:, node] + share[:, None] * coarse[:, node + 1]
        taper = np.clip(np.maximum(self.heights, 0.0) / 10.0, 0, 1) ** (1 / 7)
        return np.asarray(self.sigma * taper[:, None] * at)

    def _errors(self, n: int, seed: int, block: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Unit errors at coarse heights (n, k, 2) with correlation exp(-|Δz|/L), and where the nodes lie between them.

        Linear between the coarse nodes, which keeps the wind as smooth as profiles are; between two of them the variance
        falls to 0.90 at worst.
        """
        span = float(self.heights[-1] - self.heights[0])
        k = max(int(np.ceil(span / self.correlation * _FINENESS)), 1) + 1
        place = (self.heights - self.heights[0]) / span * (k - 1)
        node = np.minimum(place.astype(np.int64), k - 2)
        if self.sigma == 0.0:
            return np.zeros((1, k, 2)), node, place - node
        z = generator(seed, "wind", block).standard_normal((n, k, 2))
        rho = float(np.exp(-span / (k - 1) / self.correlation))
        for i in range(1, k):
            z[:, i] = rho * z[:, i - 1] + np.sqrt(1 - rho * rho) * z[:, i]
        return z, node, place - node
