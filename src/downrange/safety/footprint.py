"""Where things come down: ellipses, densities and the smallest areas that hold a share of all landings."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from downrange.errors import InputError

__all__ = ["Density", "Ellipse", "density", "disc_probability", "ellipse", "ellipse_factor"]


def ellipse_factor(probability: float | np.ndarray) -> np.ndarray:
    """Semi-axes of the ellipse that holds `probability` of a bivariate normal distribution, in standard deviations.

    √(-2 ln(1 - p)): 1, 2 and 3 standard deviations hold 39.35, 86.47 and 98.89 %, not 68, 95 and 99.7.
    """
    return np.sqrt(-2 * np.log1p(-np.asarray(probability, float)))


def disc_probability(sigma: tuple[float, float], radius: float, centre: tuple[float, float]) -> float:
    """Probability that a bivariate normal point about the origin, axes along x and y, falls into a disc; exact.

    Integrates over the angle in closed strips: for each x the normal integral over the chord.

    sigma: (2,), along x and y, m. radius: m. centre: of the disc (2,), m.
    """
    from scipy.integrate import quad
    from scipy.special import ndtr

    (sx, sy), (cx, cy) = sigma, centre

    def strip(x: float) -> float:
        half = np.sqrt(max(radius**2 - (x - cx) ** 2, 0.0))
        return float(np.exp(-0.5 * (x / sx) ** 2) * (ndtr((cy + half) / sy) - ndtr((cy - half) / sy)))

    value, _ = quad(strip, cx - radius, cx + radius, epsabs=1e-14, epsrel=1e-10)
    return float(value / (sx * np.sqrt(2 * np.pi)))


@dataclass(frozen=True, eq=False)
class Ellipse:
    """An ellipse of a normal fit: `claimed` is what it would hold of a normal distribution, `holds` what it does hold."""

    centre: np.ndarray
    axes: tuple[float, float]
    azimuth: float
    claimed: float
    holds: float

    def outline(self, n: int = 72) -> np.ndarray:
        """Corners (n, 2), east and north."""
        t = np.linspace(0, 2 * np.pi, n, endpoint=False)
        a, b = self.axes[0] * np.cos(t), self.axes[1] * np.sin(t)
        s, c = np.sin(self.azimuth), np.cos(self.azimuth)
        return np.asarray(self.centre + np.stack([a * s + b * c, a * c - b * s], axis=1))


def _moments(points: np.ndarray, weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    w = weight / weight.sum()
    centre = w @ points
    d = points - centre
    return centre, (w[:, None] * d).T @ d


def ellipse(points: np.ndarray, weight: np.ndarray, probability: float) -> Ellipse:
    """The ellipse of a normal fit to weighted points (n, 2), and the share of the points that it holds in truth.

    weight: (n,). probability: that it holds. Raises `InputError` for fewer than three landings.
    """
    if len(points) < 3:
        raise InputError("an ellipse needs at least three landings")
    centre, cov = _moments(points, weight)
    values, vectors = np.linalg.eigh(cov)
    k = float(ellipse_factor(probability))
    d = (points - centre) @ vectors
    r2 = (d**2 / np.maximum(values, 1e-9)).sum(axis=1)
    holds = float(weight[r2 <= k * k].sum() / weight.sum())
    long = vectors[:, 1]
    axes = (k * float(np.sqrt(max(values[1], 0.0))), k * float(np.sqrt(max(values[0], 0.0))))
    return Ellipse(centre, axes, float(np.arctan2(long[0], long[1])), probability, holds)


@dataclass(frozen=True, eq=False)
class Density:
    """Landing density on a square grid: cell centres east (n,), north (m,), density (m, n) in 1/m2.

    `total` is the probability that the density stands for (less than one where some flights never land); `inside` the
    share of it on the grid. `flights` is how many landings it rests on: a density says nothing of regions that hold
    less than about three of them.
    """

    east: np.ndarray
    north: np.ndarray
    value: np.ndarray
    total: float
    flights: int
    bandwidth: tuple[float, float]

    @property
    def cell(self) -> float:
        """Area of a cell, m2."""
        return float((self.east[1] - self.east[0]) * (self.north[1] - self.north[0]))

    @property
    def peak(self) -> np.ndarray:
        """Where it is greatest: metres east and north of the pad, shape (2,)."""
        at = int(self.value.argmax())
        return np.array([self.east[at % self.east.size], self.north[at // self.east.size]])

    @property
    def inside(self) -> float:
        """Probability on the grid."""
        return float(self.value.sum() * self.cell)

    @property
    def floor(self) -> float:
        """Density below which the sample says nothing: three landings spread over the kernel's own area."""
        return 3.0 * self.total / max(self.flights, 1) / (2 * np.pi * self.bandwidth[0] * self.bandwidth[1])

    @cached_property
    def _sorted(self) -> tuple[np.ndarray, np.ndarray]:
        v = np.sort(self.value.ravel())[::-1]
        return v, np.cumsum(v) * self.cell

    def level(self, share: float) -> float:
        """Density at the edge of the smallest area that holds `share` of the landings on the grid."""
        v, held = self._sorted
        return float(v[min(int(np.searchsorted(held, share * held[-1])), v.size - 1)])

    def area(self, share: float) -> float:
        """Area (m2) of the smallest region that holds `share` of the landings on the grid."""
        v, held = self._sorted
        return float((np.searchsorted(held, share * held[-1]) + 1) * self.cell)

    def at(self, points: np.ndarray) -> np.ndarray:
        """Density at points (n, 2), 1/m2; zero off the grid."""
        de, dn = self.east[1] - self.east[0], self.north[1] - self.north[0]
        i = np.rint((points[:, 0] - self.east[0]) / de).astype(int)
        j = np.rint((points[:, 1] - self.north[0]) / dn).astype(int)
        good = (i >= 0) & (i < self.east.size) & (j >= 0) & (j < self.north.size)
        out = np.zeros(len(points))
        out[good] = self.value[j[good], i[good]]
        return out


def density(
    points: np.ndarray, weight: np.ndarray, *, cell: float | None = None, half: float | None = None,
    centre: tuple[float, float] | None = None, bandwidth: tuple[float, float] | None = None,
) -> Density:  # fmt: skip
    """Kernel density of weighted landings (n, 2) on a grid of `cell` metres, `half` metres to each side of `centre`.

    Points are counted into cells, and the counts smoothed by a Gaussian kernel in the landings' own principal axes
    (whitened coordinates), with Scott's bandwidth n_eff^(-1/6) (Scott, Multivariate Density Estimation, 2nd ed. (2015),
    eq. 6.44) of their robust spread: outliers would else smear the core. Mass is kept.

    points: (n, 2), m east and north. weight: (n,).
    """
    w = weight / weight.sum()
    effective = 1.0 / float((w**2).sum())
    low, middle, high = (_quantile2(points, w, q) for q in (0.1587, 0.5, 0.8413))
    spread = np.maximum(0.5 * (high - low), 1.0)
    h = np.asarray(bandwidth) if bandwidth is not None else spread * effective ** (-1 / 6)
    c = np.asarray(centre) if centre is not None else middle
    if half is None:
        half = float(np.max(np.abs(points - c)) + 4 * h.max())
    if cell is None:
        cell = float(max(min(h) / 2, 2 * half / 1000))
    n = max(int(np.ceil(2 * half / cell)), 8)
    edges = [c[k] - n * cell / 2 + np.arange(n + 1) * cell for k in (0, 1)]
    counts, _, _ = np.histogram2d(points[:, 1], points[:, 0], bins=(edges[1], edges[0]), weights=w)
    cov = np.cov(((points - middle) / spread).T, aweights=w)
    rho = float(np.clip(cov[0, 1] / np.sqrt(cov[0, 0] * cov[1, 1]), -0.9, 0.9)) if np.all(np.diag(cov) > 0) else 0.0
    reach = int(min(np.ceil(4 * h.max() / cell), n // 2))
    k = np.arange(-reach, reach + 1) * cell
    x, y = k[None, :] / max(h[0], 0.3 * cell), k[:, None] / max(h[1], 0.3 * cell)
    kernel = np.exp(-0.5 * (x * x - 2 * rho * x * y + y * y) / (1 - rho * rho))
    smooth = np.maximum(_folded(counts, kernel / kernel.sum()), 0.0)
    total = float(weight.sum())
    centres = [e[:-1] + cell / 2 for e in edges]
    return Density(centres[0], centres[1], smooth * total / cell**2, total, len(points), (float(h[0]), float(h[1])))


def _folded(counts: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """The counts of a grid with a kernel laid on each, by fast Fourier transform; nothing wraps around. (`scipy.signal` does the same, and takes a second to load.)"""
    from scipy.fft import irfft2, next_fast_len, rfft2

    rows, columns = (next_fast_len(a + b - 1, real=True) for a, b in zip(counts.shape, kernel.shape, strict=True))
    whole = irfft2(rfft2(counts, (rows, columns)) * rfft2(kernel, (rows, columns)), (rows, columns))
    i, j = ((n - 1) // 2 for n in kernel.shape)
    return np.asarray(whole[i : i + counts.shape[0], j : j + counts.shape[1]])


def _quantile2(points: np.ndarray, w: np.ndarray, q: float) -> np.ndarray:
    out = []
    for k in (0, 1):
        order = np.argsort(points[:, k])
        out.append(float(np.interp(q, np.cumsum(w[order]), points[order, k])))
    return np.array(out)
