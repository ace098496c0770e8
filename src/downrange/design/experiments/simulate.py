"""Experiments flown in the computer before one is flown outside: what a power of 80 % means."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

__all__ = ["Played", "play"]


@dataclass(frozen=True, eq=False)
class Played:
    """Simulated experiments (m,): the estimate of each with its interval, and whether it shows a difference.

    `blocks` is how many each had, `power` the share that shows one, `error` the standard error of that share. Estimates are of the second
    design over the first, or of a dose for one of its unit.
    """

    blocks: int
    estimate: np.ndarray
    low: np.ndarray
    high: np.ndarray
    shown: np.ndarray

    @property
    def power(self) -> float:
        """The share of experiments that show a difference."""
        return float(self.shown.mean())

    @property
    def error(self) -> float:
        """Standard error of that share."""
        return math.sqrt(max(self.power * (1 - self.power), 0.25 / self.shown.size) / self.shown.size)


def play(
    pools: Sequence[np.ndarray], blocks: int, *, level: float = 0.05, experiments: int = 2_000, seed: int = 1,
    doses: Sequence[float] | None = None,
) -> Played:  # fmt: skip
    """Draw experiments of so many blocks, one flight of each design in each, and test each as it would be tested.

    pools: flights of each design (n,), drawn with replacement. doses: of the designs, where they are a dose and a line is fitted.
    """
    from scipy.stats import f, t

    rng = np.random.default_rng(seed)
    y = np.stack([p[rng.integers(p.size, size=(experiments, blocks))] for p in pools], axis=2)
    y = y - y.mean(axis=2, keepdims=True)
    k = len(pools)
    if doses is not None:
        x = np.asarray(doses, float) - np.mean(doses)
        sxx, freedom = blocks * float(x @ x), blocks * (k - 1) - 1
        estimate = (y @ x).sum(axis=1) / sxx
        left = y - estimate[:, None, None] * x
        error = np.sqrt(np.sum(left**2, axis=(1, 2)) / freedom / sxx)
        shown = np.abs(estimate) > float(t.isf(level / 2, freedom)) * error
    else:
        means = y.mean(axis=1)
        freedom = (blocks - 1) * (k - 1)
        within = np.sum((y - means[:, None]) ** 2, axis=(1, 2)) / freedom
        between = blocks * np.sum(means**2, axis=1) / (k - 1)
        shown = between > float(f.isf(level, k - 1, freedom)) * within
        estimate, error = means[:, 1] - means[:, 0], np.sqrt(2 * within / blocks)
    edge = float(t.isf(level / 2, freedom)) * error
    return Played(blocks, estimate, estimate - edge, estimate + edge, shown)
