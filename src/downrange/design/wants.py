"""What a design shall reach, and what missing it costs: a score of points, of which fewer are better.

A want is a target, a range, or a limit on one side. A miss counts in points: one a percent of the target (or of the nearer bound),
ten a percent beyond a limit on one side, or so many a unit as is said. A number that did not happen (a flight without a landing has no flight time)
misses by `NEVER` points.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from downrange.design.outputs import Output
from downrange.errors import InputError

__all__ = ["NEVER", "Want", "score", "worst"]

_HARD = 10.0  # points a percent beyond a limit on one side: a margin is not to be traded for height
NEVER = 100.0  # points for what did not happen: as much as missing a target by all of it


@dataclass(frozen=True)
class Want:
    """An output between `low` and `high` (SI; None: no limit there, both the same: a target). `per` is points a unit of SI missed;
    None: one a percent, of a limit on one side ten. `text` is what was asked."""

    output: Output
    low: float | None
    high: float | None
    per: float | None = None
    text: str = ""

    @property
    def words(self) -> str:
        """What is wanted, as it was asked."""
        return self.text or f"{self.output.name} {self.low} to {self.high}"

    def __post_init__(self) -> None:
        if self.low is None and self.high is None:
            raise InputError(f"{self.text or self.output.name}: a want needs a value, like 'apogee 750 ft'")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise InputError(
                f"{self.text or self.output.name}: its bounds are crossed, {self.low:g} lies above {self.high:g}; the lower one comes first"
            )

    @property
    def limit(self) -> bool:
        """Whether it is a limit on one side."""
        return self.low is None or self.high is None

    def miss(self, values: np.ndarray) -> np.ndarray:
        """How far values (n,), SI, lie outside, SI: 0 inside, NaN of NaN."""
        x = np.asarray(values, float)
        below = 0.0 if self.low is None else np.maximum(self.low - x, 0.0)
        above = 0.0 if self.high is None else np.maximum(x - self.high, 0.0)
        return np.asarray(below + above + 0.0 * x)

    def points(self, values: np.ndarray) -> np.ndarray:
        """What values (n,), SI, cost, points (n,)."""
        x = np.asarray(values, float)
        miss = self.miss(x)
        if self.per is not None:
            cost = miss * self.per
        else:
            near = (
                np.where(x < self.low, self.low, self.high if self.high is not None else self.low)
                if self.low is not None
                else self.high
            )
            size = np.abs(np.asarray(near, float))
            cost = (_HARD if self.limit else 1.0) * 100.0 * miss / np.where(size > 0, size, 1.0)
        return np.where(np.isfinite(cost), cost, NEVER)

    def met(self, values: np.ndarray) -> np.ndarray:
        """Whether values (n,), SI, lie inside; of a bare target: within one percent of it."""
        x = np.asarray(values, float)
        slack = 0.01 * abs(self.low or 0.0) if self.low == self.high and self.low is not None else 0.0
        with np.errstate(invalid="ignore"):
            return np.asarray(np.isfinite(x) & (self.miss(x) <= slack + 1e-12))


def score(wants: Sequence[Want], values: Sequence[np.ndarray]) -> np.ndarray:
    """Points (n,) of flights whose outputs are `values`, an array (n,) for each of `wants`; the sum over them."""
    return np.asarray(sum((w.points(v) for w, v in zip(wants, values, strict=True)), np.zeros(np.shape(values[0]))))


def worst(wants: Sequence[Want], values: Sequence[np.ndarray]) -> Want:
    """The want that costs most in the mean over flights."""
    return max(zip(wants, values, strict=True), key=lambda pair: float(np.mean(pair[0].points(pair[1]))))[0]
