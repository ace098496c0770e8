"""What `12.3 ± 0.2 kg` means: a quantity is a centre and, where it is known, a distribution around it.

All values are SI. `fly` takes the centre; a campaign samples.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

__all__ = ["Choice", "Distribution", "Normal", "Quantity", "Triangular", "Uniform"]


@dataclass(frozen=True)
class Normal:
    """A normal distribution with standard deviation `sigma` (SI) around the centre."""

    centre: float
    sigma: float

    def sample(self, rng: np.random.Generator, size: int) -> np.ndarray:
        """Draw `size` values, shape (size,)."""
        return rng.normal(self.centre, self.sigma, size)


@dataclass(frozen=True)
class Uniform:
    """Equally likely from `low` to `high` (SI)."""

    low: float
    high: float

    @property
    def centre(self) -> float:
        """The mean."""
        return 0.5 * (self.low + self.high)

    def sample(self, rng: np.random.Generator, size: int) -> np.ndarray:
        """Draw `size` values, shape (size,)."""
        return rng.uniform(self.low, self.high, size)


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

    def sample(self, rng: np.random.Generator, size: int) -> np.ndarray:
        """Draw `size` values, shape (size,)."""
        return rng.triangular(self.low, self.mode, self.high, size)


@dataclass(frozen=True)
class Choice:
    """One of several values (SI), equally likely; the first is the centre."""

    values: tuple[float, ...]

    @property
    def centre(self) -> float:
        """The first value."""
        return self.values[0]

    def sample(self, rng: np.random.Generator, size: int) -> np.ndarray:
        """Draw `size` values, shape (size,)."""
        return rng.choice(np.asarray(self.values), size)


Distribution: TypeAlias = Normal | Uniform | Triangular | Choice


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
        """Draw `size` values in SI, shape (size,); a certain quantity repeats its value."""
        if self.distribution is None:
            return np.full(size, self.value)
        return self.distribution.sample(rng, size)
