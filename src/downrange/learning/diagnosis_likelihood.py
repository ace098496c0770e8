"""How probable what a log shows is under each way that a flight can go.

Each way is flown many times under all that varies and seen through the recorder's errors. The likelihood of a log is the mean of a kernel about the numbers of each of those flights:
a synthetic likelihood (Wood, Nature 466 (2010), 1102) whose density is estimated by kernels (Silverman, Density Estimation, 1986, ch. 4), because how a failure goes (a burst at any
moment, a canopy one to ten seconds late) is far from normal. The kernel is a multivariate t density; its scatter is `WIDTH` squared of that of the nominal flights, which is
found by the EM iteration of Lange, Little and Taylor (JASA 84 (1989), 881), shrunk towards its diagonal, with the doubt of each number about the model itself added (Kennedy and
O'Hagan, J. R. Stat. Soc. B 63 (2001), 425). So wide a kernel about the flights themselves would count what varies twice; each is therefore moved towards the middle by what its nominal twin, of
the same draws, lies off it, so that mean and scatter stay what they are (West, J. R. Stat. Soc. B 55 (1993), 409): what a failure does is left whole.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

__all__ = ["Kernel", "Way", "kernel_of"]

TAILS = 5.0  # degrees of freedom: how often what nobody thought of throws a number off
WIDTH = 0.8  # of the nominal scatter, by the score of synthetic faults of two rockets (0.7 to 0.9 differ little)
_ITERATIONS = 10


@dataclass(frozen=True, eq=False)
class Kernel:
    """The kernel of all ways: the Cholesky factor (d, d) of its scatter, and the middle (d,) of the nominal flights."""

    factor: np.ndarray
    middle: np.ndarray

    def white(self, x: np.ndarray) -> np.ndarray:
        """Numbers (m, d) in units of the kernel."""
        return np.asarray(np.linalg.solve(self.factor, np.atleast_2d(x).T).T)

    def way(self, numbers: np.ndarray, twins: np.ndarray, weights: np.ndarray) -> Way:
        """A way of its flights' numbers (m, d), those (m, d) of their nominal twins (NaN where a flight has none), and what each counts (m,)."""
        off = np.where(np.isfinite(twins), twins - self.middle, 0.0)
        return Way(self.white(numbers), self.white(numbers - (1 - math.sqrt(1 - WIDTH**2)) * off), weights)


@dataclass(frozen=True, eq=False)
class Way:
    """One way that a flight can go, in units of the kernel: the numbers of its flights (m, d), the centres (m, d) of their kernels, and the logarithm of what each counts (m,)."""

    white: np.ndarray
    centres: np.ndarray
    weights: np.ndarray

    def kernels(self, y: np.ndarray) -> np.ndarray:
        """Logarithms (m,) of what each flight adds to the likelihood of numbers y (d,) in units of the kernel, but for a constant that all ways share."""
        q = ((y - self.centres) ** 2).sum(axis=1)
        return np.asarray(self.weights - 0.5 * (TAILS + len(y)) * np.log1p(q / TAILS))

    def likelihood(self, y: np.ndarray, without: int | None = None) -> float:
        """The logarithm of the likelihood of numbers (d,), but for that constant; `without` one of the flights."""
        one = self.kernels(y)
        if without is not None:
            one = np.delete(one, without)
        top = float(one.max())
        return top + math.log(float(np.exp(one - top).mean())) if math.isfinite(top) else -math.inf

    @cached_property
    def own(self) -> tuple[np.ndarray, float]:
        """Likelihoods (m,), sorted, of the flights themselves, each without its own kernel; and how far the loneliest lies from its nearest, squared."""
        rows = self.white
        alone = [float(np.delete(((y - self.centres) ** 2).sum(axis=1), k).min()) for k, y in enumerate(rows)]
        return np.sort([self.likelihood(y, k) for k, y in enumerate(rows)]), max(alone)

    def improbable(self, y: np.ndarray) -> float:
        """The share of flights of this way that fit it as badly as numbers (d,) or worse; beyond all that were flown by the tail of the kernel."""
        from scipy.special import fdtrc

        own, alone = self.own
        below = int(np.searchsorted(own, self.likelihood(y), "right"))
        share = (below + 1) / (len(own) + 1)
        d = len(y)
        if below > 0:
            return share
        far = max(float(((y - self.centres) ** 2).sum(axis=1).min()), alone)
        return share * float(fdtrc(d, TAILS, far / d) / max(float(fdtrc(d, TAILS, alone / d)), 1e-300))


def kernel_of(nominal: np.ndarray, doubt: np.ndarray) -> Kernel:
    """The kernel of the numbers of nominal flights (m, d); doubt (d,): of each number about the model, 1 σ."""
    n, d = nominal.shape
    mean = np.median(nominal, axis=0)
    scatter = np.diag(((nominal - mean) ** 2).mean(axis=0) + doubt**2)
    shrink = min(0.5, 0.3 * d / n)
    for _ in range(_ITERATIONS):
        off = nominal - mean
        distance = np.einsum("ni,ni->n", off, np.linalg.solve(scatter, off.T).T)
        w = (TAILS + d) / (TAILS + distance)
        mean = w @ nominal / w.sum()
        off = nominal - mean
        raw = (off * w[:, None]).T @ off / n
        scatter = (1 - shrink) * raw + shrink * np.diag(np.diagonal(raw)) + np.diag(doubt**2)
    return Kernel(np.linalg.cholesky(WIDTH**2 * scatter + (1 - WIDTH**2) * np.diag(doubt**2)), mean)
