"""How good predictions were: coverage of their bands, bias, and the continuous ranked probability score (CRPS).

The CRPS of a forecast F of which y came is the integral of (F(x) - [x >= y])²: it has the unit of y, is the absolute error where the forecast is a
single number, and is least in the mean for who says what he believes (Gneiting and Raftery, Journal of the American Statistical Association 102 (2007),
359-378; that of a normal distribution in closed form there, section 4.2).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

from downrange.errors import InputError

__all__ = ["Forecast", "Score", "Scores", "crps_normal", "score_forecasts"]

_UNIT = NormalDist()


def crps_normal(mean: float, sigma: float, value: float) -> float:
    """The CRPS of a normal forecast of `mean` and standard deviation `sigma` of which `value` came, in their unit.

    Raises `InputError` for a sigma below zero; that of zero is the absolute error.

    >>> round(crps_normal(100.0, 10.0, 100.0), 4)  # (√2 - 1) σ / √π
    2.337
    """
    if sigma < 0:
        raise InputError(f"a standard deviation is zero or more, seen {sigma:g}")
    if sigma == 0:
        return abs(value - mean)
    z = (value - mean) / sigma
    return sigma * (z * (2 * _UNIT.cdf(z) - 1) + 2 * _UNIT.pdf(z) - 1 / math.sqrt(math.pi))


@dataclass(frozen=True)
class Forecast:
    """What was said before a flight of one number, SI: mean, standard deviation, the 50 % and the 90 % band."""

    mean: float
    sigma: float
    half: tuple[float, float]
    most: tuple[float, float]


@dataclass(frozen=True)
class Score:
    """One forecast beside what came: `error` is predicted less measured over measured, `z` measured less mean in standard deviations."""

    error: float
    z: float
    in_half: bool
    in_most: bool
    crps: float


@dataclass(frozen=True)
class Scores:
    """The scores of a season, each of a forecast, and what they come to.

    `bias` and `absolute` are means of the relative error, `crps` that of the CRPS (in the unit of what was forecast).
    """

    each: tuple[Score, ...]

    def _mean(self, values: Sequence[float]) -> float:
        return math.fsum(values) / len(values)

    @property
    def bias(self) -> float:
        """Mean of the relative errors: above zero, predictions were too high."""
        return self._mean([s.error for s in self.each])

    @property
    def absolute(self) -> float:
        """Mean of the absolute relative errors."""
        return self._mean([abs(s.error) for s in self.each])

    @property
    def crps(self) -> float:
        """Mean CRPS."""
        return self._mean([s.crps for s in self.each])

    @property
    def spread(self) -> float:
        """Root mean square of z: one where bands are as wide as they must be, above it where they are too narrow."""
        return math.sqrt(self._mean([s.z**2 for s in self.each]))

    @property
    def held(self) -> tuple[int, int]:
        """How many lay in their 50 % and in their 90 % bands."""
        return sum(s.in_half for s in self.each), sum(s.in_most for s in self.each)

    def summary(self) -> dict[str, Any]:
        """For JSON: shares, and the CRPS in metres where heights were forecast."""
        half, most = self.held
        return {
            "flights": len(self.each), "bias": self.bias, "mean_absolute_error": self.absolute, "rms_z": self.spread, "crps_m": self.crps,
            "in_50_percent_band": half, "in_90_percent_band": most,
        }  # fmt: skip


def score_forecasts(pairs: Sequence[tuple[Forecast, float]]) -> Scores | None:
    """The scores of forecasts, each with what was measured (above zero); None where there are none. Raises `InputError` for what is not above zero."""
    if not pairs:
        return None
    if bad := next((y for _, y in pairs if not y > 0), None):
        raise InputError(f"what is scored is above zero, seen {bad:g}")
    return Scores(
        tuple(
            Score(
                f.mean / y - 1, (y - f.mean) / f.sigma if f.sigma > 0 else math.copysign(math.inf, y - f.mean) if y != f.mean else 0.0,
                f.half[0] <= y <= f.half[1], f.most[0] <= y <= f.most[1], crps_normal(f.mean, f.sigma, y),
            )
            for f, y in pairs
        )
    )  # fmt: skip
