"""What `12.3 ± 0.2 kg` means: a quantity is a centre and, where it is known, a distribution around it.

All values are SI. `fly` takes the centre; a campaign samples by quantiles, so that one stream of uniform numbers
(pseudo-random, Sobol, correlated) serves every distribution.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

__all__ = ["Choice", "Distribution", "LogNormal", "Normal", "Quantity", "Triangular", "Uniform"]


@dataclass(frozen=True)
class Normal:
    """A normal distribution with standard deviation `sigma` (SI) around the centre."""

    centre: float
    sigma: float

    def quantile(self, u: np.ndarray) -> np.ndarray:
        """The values below which shares `u` of the distribution lie.

        u: (n,), from 0 to 1.
        """
        from scipy.special import ndtri

        return np.asarray(self.centre + self.sigma * ndtri(u))

    @property
    def spread(self) -> float:
        """Standard deviation."""
        return self.sigma


@dataclass(frozen=True)
class LogNormal:
    """Its logarithm is normal: `median` (SI, above zero), and `sigma` the standard deviation of the logarithm."""

    median: float
    sigma: float

    def quantile(self, u: np.ndarray) -> np.ndarray:
        """The values below which shares `u` of the distribution lie.

        u: (n,), from 0 to 1.
        """
        from scipy.special import ndtri

        return np.asarray(self.median * np.exp(self.sigma * ndtri(u)))

    @property
    def centre(self) -> float:
        """The median."""
        return self.median

    @property
    def spread(self) -> float:
        """Standard deviation."""
        variance = self.sigma**2
        return float(self.median * np.exp(0.5 * variance) * np.sqrt(np.expm1(variance)))


@dataclass(frozen=True)
class Uniform:
    """Equally likely from `low` to `high` (SI)."""

    low: float
    high: float

    @property
    def centre(self) -> float:
        """The mean."""
        return 0.5 * (self.low + self.high)

    def quantile(self, u: np.ndarray) -> np.ndarray:
        """The values below which shares `u` of the distribution lie.

        u: (n,), from 0 to 1.
        """
        return self.low + (self.high - self.low) * np.asarray(u)

    @property
    def spread(self) -> float:
        """Standard deviation."""
        return float((self.high - self.low) / np.sqrt(12))


@dataclass(frozen=True)
class Triangular:
    """Rises from `low` to `mode`, falls to `high` (SI)."""

    low: float
    mode: float
    high: float

    @property
    def centre(self) -> float:
        """The mode: the value the user calls most likely."""
        return self.mode

    def quantile(self, u: np.ndarray) -> np.ndarray:
        """The values below which shares `u` of the distribution lie.

        u: (n,), from 0 to 1.
        """
        u = np.asarray(u, float)
        width = self.high - self.low
        rise = (self.mode - self.low) / width
        up = self.low + np.sqrt(u * width * (self.mode - self.low))
        down = self.high - np.sqrt((1 - u) * width * (self.high - self.mode))
        return np.asarray(np.where(u < rise, up, down))

    @property
    def spread(self) -> float:
        """Standard deviation."""
        a, c, b = self.low, self.mode, self.high
        return float(np.sqrt((a * a + b * b + c * c - a * b - a * c - b * c) / 18))


@dataclass(frozen=True)
class Choice:
    """One of several values (SI), equally likely; the first is the centre."""

    values: tuple[float, ...]

    @property
    def centre(self) -> float:
        """The first value."""
        return self.values[0]

    def quantile(self, u: np.ndarray) -> np.ndarray:
        """Each value has an equal share of the unit interval, in order.

        u: (n,), from 0 to 1.
        """
        return np.asarray(self.values)[self.index(u)]

    def index(self, u: np.ndarray) -> np.ndarray:
        """Which value each share falls on.

        u: (n,), from 0 to 1.
        """
        n = len(self.values)
        return np.asarray(np.minimum((np.asarray(u) * n).astype(int), n - 1))

    @property
    def spread(self) -> float:
        """Standard deviation."""
        return float(np.std(self.values))


Distribution: TypeAlias = Normal | LogNormal | Uniform | Triangular | Choice


@dataclass(frozen=True)
class Quantity:
    """A number in SI with, where it is known, its distribution.

    `text` is what the user wrote, kept for messages and for writing files back.
    """

    value: float
    distribution: Distribution | None = None
    text: str = ""

    def __float__(self) -> float:
        return self.value

    @property
    def uncertain(self) -> bool:
        """Whether a distribution was given."""
        return self.distribution is not None

    def sample(self, rng: np.random.Generator, size: int) -> np.ndarray:
        """Draw `size` values in SI, shape (size,); a certain quantity repeats its value.

        rng: where the numbers come from.
        """
        if self.distribution is None:
            return np.full(size, self.value)
        return self.distribution.quantile(rng.random(size))
