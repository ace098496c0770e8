"""Frozen tables that check themselves, state how they interpolate, and say what happens outside.

`Table1D` is what a user gives (any increasing knots, linear between them). The kernel never sees it: the builders
sample it onto uniform grids (`uniform_linear`), because a uniform grid needs no search.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from downrange.errors import TableError

__all__ = [
    "Outside",
    "Table1D",
    "Table2D",
    "bilinear",
    "grid_value",
    "merged",
    "monotone",
    "smoothstep",
    "uniform_linear",
]

Outside = Literal["raise", "hold"]


def _axis(values: Sequence[float] | np.ndarray, name: str, what: str) -> np.ndarray:
    axis = np.asarray(values, dtype=float)
    if axis.ndim != 1 or axis.size < 1:
        raise TableError(f"{name}: {what} must be a list of numbers")
    if not np.all(np.isfinite(axis)):
        raise TableError(f"{name}: {what} has an entry that is not a finite number")
    if np.any(np.diff(axis) <= 0):
        where = int(np.argmax(np.diff(axis) <= 0))
        raise TableError(
            f"{name}: {what} must increase; entry {where + 2} ({axis[where + 1]:g}) does not exceed {axis[where]:g}"
        )
    axis.setflags(write=False)
    return axis


@dataclass(frozen=True, eq=False)
class Table1D:
    """y(x), linear between knots; outside it holds the end value or raises `TableError`, as `outside` says.

    x and y have shape (n,) with x strictly increasing.
    """

    x: np.ndarray
    y: np.ndarray
    name: str = "table"
    outside: Outside = "hold"

    def __post_init__(self) -> None:
        x = _axis(self.x, self.name, "the first column")
        y = np.asarray(self.y, dtype=float)
        if y.shape != x.shape:
            raise TableError(f"{self.name}: {x.size} abscissae but {y.size} values")
        if not np.all(np.isfinite(y)):
            raise TableError(f"{self.name}: a value is not a finite number")
        y = y.copy()
        y.setflags(write=False)
        object.__setattr__(self, "x", x)
        object.__setattr__(self, "y", y)

    @classmethod
    def constant(cls, value: float, name: str = "constant") -> Table1D:
        """A table that is `value` everywhere.

        name: what messages call it.
        """
        return cls(np.array([0.0]), np.array([value]), name)

    def __call__(self, x: float | Iterable[float] | np.ndarray) -> np.ndarray:
        """Return y at `x` (any shape)."""
        asked = np.asarray(x, dtype=float)
        if self.outside == "raise" and asked.size and (asked.min() < self.x[0] or asked.max() > self.x[-1]):
            raise TableError(
                f"{self.name}: asked from {asked.min():g} to {asked.max():g}, but the table covers "
                f"{self.x[0]:g} to {self.x[-1]:g}"
            )
        return np.interp(asked, self.x, self.y)


@dataclass(frozen=True, eq=False)
class Table2D:
    """z(x, y) on a rectangular grid, bilinear between, held at the edges. x (n,), y (m,), z (n, m)."""

    x: np.ndarray
    y: np.ndarray
    z: np.ndarray
    name: str = "table"

    def __post_init__(self) -> None:
        x = _axis(self.x, self.name, "the first axis")
        y = _axis(self.y, self.name, "the second axis")
        z = np.array(self.z, dtype=float)
        if z.shape != (x.size, y.size):
            raise TableError(f"{self.name}: {x.size} x {y.size} axes but values of shape {z.shape}")
        if not np.all(np.isfinite(z)):
            raise TableError(f"{self.name}: a value is not a finite number")
        z.setflags(write=False)
        object.__setattr__(self, "x", x)
        object.__setattr__(self, "y", y)
        object.__setattr__(self, "z", z)

    def __call__(self, x: np.ndarray | float, y: np.ndarray | float) -> np.ndarray:
        """Return z at the broadcast points (x, y)."""
        xs, ys = np.broadcast_arrays(np.asarray(x, float), np.asarray(y, float))
        i = np.clip(np.searchsorted(self.x, xs, "right") - 1, 0, max(self.x.size - 2, 0))
        j = np.clip(np.searchsorted(self.y, ys, "right") - 1, 0, max(self.y.size - 2, 0))
        i1, j1 = np.minimum(i + 1, self.x.size - 1), np.minimum(j + 1, self.y.size - 1)
        fx = np.clip((xs - self.x[i]) / np.where(i1 > i, self.x[i1] - self.x[i], 1.0), 0, 1)
        fy = np.clip((ys - self.y[j]) / np.where(j1 > j, self.y[j1] - self.y[j], 1.0), 0, 1)
        z = self.z
        return bilinear(z[i, j], z[i, j1], z[i1, j], z[i1, j1], fx, fy)


def bilinear(
    z00: np.ndarray, z01: np.ndarray, z10: np.ndarray, z11: np.ndarray, f: np.ndarray, g: np.ndarray
) -> np.ndarray:
    """The value inside cells whose corners are z00, z01 (one step along the second axis), z10, z11, at the shares f of the first
    axis and g of the second from 0 to 1; all of one shape. Where a corner is NaN, so is the value."""
    low, high = z00 * (1 - g) + z01 * g, z10 * (1 - g) + z11 * g
    return np.asarray(low * (1 - f) + high * f)


def grid_value(z: np.ndarray, row: np.ndarray | float, column: np.ndarray | float) -> np.ndarray:
    """Values of a grid z (n, m) at rows and columns that need not be whole (broadcast): bilinear between, held at the edges.

    row, column: from 0, any shape.
    """
    n, m = z.shape[0] - 1, z.shape[1] - 1
    y, x = np.clip(np.asarray(row, float), 0, n), np.clip(np.asarray(column, float), 0, m)
    i, j = np.minimum(y.astype(int), n - 1), np.minimum(x.astype(int), m - 1)
    return bilinear(z[i, j], z[i, j + 1], z[i + 1, j], z[i + 1, j + 1], y - i, x - j)


def merged(*knots: Sequence[float] | np.ndarray) -> np.ndarray:
    """All knots in order, each once: `np.unique`, which loads masked arrays to look for one (30 ms of a first flight).

    knots: (n,) each, finite.
    """
    x = np.sort(np.concatenate([np.asarray(k, float) for k in knots]))
    return np.asarray(x[np.append(True, x[1:] != x[:-1])])


def uniform_linear(columns: Sequence[np.ndarray]) -> np.ndarray:
    """Pack columns sampled on one uniform grid for the kernel: per cell [y0, dy] for each column, flat.

    Each column has shape (n + 1,); the result has shape (n * 2 * len(columns),).
    """
    packed = [part for c in columns for part in (c[:-1], np.diff(c))]
    return np.ascontiguousarray(np.stack(packed, axis=1).ravel())


def monotone(x: np.ndarray, y: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Piecewise cubic through (x, y), without overshoot, held outside; y (n, ...), result (len(at), ...).

    Fritsch and Butland, SIAM J. Sci. Stat. Comput. 5 (1984): the slope at a knot is a weighted harmonic mean.
    """
    x, y, at = np.asarray(x, float), np.asarray(y, float), np.asarray(at, float)
    if x.size == 1:
        return np.repeat(y, at.size, axis=0)
    h = np.diff(x).reshape(-1, *[1] * (y.ndim - 1))
    d = np.diff(y, axis=0) / h
    m = np.zeros_like(y)
    m[0], m[-1] = d[0], d[-1]
    if x.size > 2:
        a, b = 2 * h[1:] + h[:-1], h[1:] + 2 * h[:-1]
        same = d[:-1] * d[1:] > 0
        safe = np.where(same, d[:-1] * b + d[1:] * a, 1.0)
        m[1:-1] = np.where(same, (a + b) * d[:-1] * d[1:] / np.where(safe == 0, 1.0, safe), 0.0)
    i = np.clip(np.searchsorted(x, at, side="right") - 1, 0, x.size - 2)
    t = np.clip((at - x[i]) / (x[i + 1] - x[i]), 0, 1).reshape(-1, *[1] * (y.ndim - 1))
    w = h[i]
    return np.asarray(
        (1 + 2 * t) * (1 - t) ** 2 * y[i]
        + t * (1 - t) ** 2 * w * m[i]
        + t * t * (3 - 2 * t) * y[i + 1]
        + t * t * (t - 1) * w * m[i + 1]
    )


def smoothstep(x: np.ndarray, low: float, high: float) -> np.ndarray:
    """0 below `low`, 1 above `high`, the cubic without slope at both ends between.

    x: any shape.
    """
    w = np.minimum(np.maximum((np.asarray(x, float) - low) / (high - low), 0.0), 1.0)
    return np.asarray(w * w * (3 - 2 * w))
