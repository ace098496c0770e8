"""Find the design that costs least, over lines and lists together.

Lists are gone through (the nearest neighbours of the best only, where they have too many combinations); along the lines a coarse grid finds the valley, and
Brent's method (one line; Brent, Algorithms for Minimization without Derivatives, 1973, ch. 5) or the simplex of Nelder and Mead (Computer
Journal 7, 1965, p. 308) its floor. The cost is the same function every time (common random numbers), so that differences are of the
designs and not of chance.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from downrange.design.axes import Axis, Point

__all__ = ["Found", "search", "settle"]

Cost = Callable[[Point], float]
_COARSE = 7  # points along one line that find the valley
_FINE = 400  # parts of a line to which its best value is found
_COMBINATIONS = 64  # of lists, that are all gone through


@dataclass(frozen=True)
class Found:
    """The best design for one choice of everything that is a list, and what it costs."""

    point: Point
    cost: float


def search(
    axes: Sequence[Axis], cost: Cost, *, tell: Callable[[Found], None] | None = None, along: Callable[[Point], Found | None] | None = None,
) -> tuple[Found, ...]:  # fmt: skip
    """The best design for each combination of choices that was gone through, the best of all first.

    axes: what may be changed. cost: of a design; infinite where it cannot be built. tell: called with each that was found.
    along: a shorter way to the best of the lines, the choices fixed; None of it where there is none there.
    Keyboard interrupts end the search; what was found until then is returned.
    """
    lists = [a for a in axes if a.discrete]
    lines = [a for a in axes if not a.discrete]
    found: dict[tuple[int, ...], Found] = {}

    def at(index: tuple[int, ...]) -> Found:
        if index not in found:
            fixed = {a.name: a.choices[k] for a, k in zip(lists, index, strict=True)}
            short = along(fixed) if along is not None and lines else None
            found[index] = short or _along(lines, fixed, cost)
            if tell is not None:
                tell(found[index])
        return found[index]

    try:
        sizes = [len(a.choices) for a in lists]
        if math.prod(sizes) <= _COMBINATIONS:
            for index in itertools.product(*map(range, sizes)):
                at(index)
        else:
            _climb(sizes, at)
    except KeyboardInterrupt:
        pass
    return tuple(sorted(found.values(), key=lambda f: f.cost))


def _climb(sizes: Sequence[int], at: Callable[[tuple[int, ...]], Found]) -> None:
    """From the best of a coarse net of combinations, to the best neighbour as long as that is better."""
    each = max(2, int(_COMBINATIONS ** (1 / len(sizes))))
    nets = [np.unique(np.linspace(0, n - 1, min(n, each)).astype(int)).tolist() for n in sizes]
    best = min(itertools.product(*nets), key=lambda i: at(i).cost)
    while True:
        near = [i for i in _neighbours(best, sizes)]
        better = min(near, key=lambda i: at(i).cost)
        if at(better).cost >= at(best).cost:
            return
        best = better


def _neighbours(index: tuple[int, ...], sizes: Sequence[int]) -> Iterator[tuple[int, ...]]:
    for k, n in enumerate(sizes):
        for step in (-1, 1):
            if 0 <= index[k] + step < n:
                yield (*index[:k], index[k] + step, *index[k + 1 :])


def _along(lines: Sequence[Axis], fixed: dict[str, Any], cost: Cost, *, valley: bool = True) -> Found:
    """The best along the lines, with the rest fixed; `valley`: whether it must be found first."""
    if not lines:
        return Found(fixed, cost(fixed))
    tried: list[Found] = []

    def of(x: Sequence[float]) -> float:
        point = fixed | {a.name: float(np.clip(v, a.low, a.high)) for a, v in zip(lines, x, strict=True)}
        tried.append(Found(point, cost(point)))
        return tried[-1].cost if math.isfinite(tried[-1].cost) else 1e6

    try:
        if len(lines) == 1:
            _one_line(lines[0], of, valley)
        else:
            _simplex(lines, of, valley)
    except KeyboardInterrupt:
        if not tried:
            raise
    return min(tried, key=lambda f: f.cost)


def _one_line(axis: Axis, of: Callable[[Sequence[float]], float], valley: bool) -> None:
    from scipy.optimize import minimize_scalar

    low, high, part = axis.low, axis.high, (axis.high - axis.low) / (_FINE if valley else _FINE / 8)
    if valley:
        grid = np.linspace(low, high, _COARSE)
        k = int(np.argmin([of([x]) for x in grid]))
        low, high = grid[max(k - 1, 0)], grid[min(k + 1, _COARSE - 1)]
    minimize_scalar(lambda x: of([x]), bounds=(low, high), method="bounded", options={"xatol": part})


def _simplex(lines: Sequence[Axis], of: Callable[[Sequence[float]], float], valley: bool) -> None:
    from scipy.optimize import minimize
    from scipy.stats import qmc

    low, size = np.array([a.low for a in lines]), np.array([a.high - a.low for a in lines])
    n = len(lines)
    starts = np.full((1, n), 0.5)
    if valley:
        starts = np.vstack([starts, qmc.Sobol(n, scramble=False).random_base2(3 if n < 3 else 4)])
    best = min(starts, key=lambda s: of(low + s * size))
    corners = np.vstack(
        [best, *(np.where(np.arange(n) == k, best + (0.2 if best[k] < 0.6 else -0.2), best) for k in range(n))]
    )
    minimize(
        lambda s: of(low + s * size), best, method="Nelder-Mead", bounds=[(0.0, 1.0)] * n,
        options={"initial_simplex": corners, "xatol": 1 / _FINE, "fatol": 1e-3, "maxfev": (60 if valley else 30) * n},
    )  # fmt: skip


def settle(axes: Sequence[Axis], start: Found, cost: Cost, share: float = 0.15) -> Found:
    """The best near a design that was found, its choices kept, with a cost that may be another one.

    share: of each line's length, to either side.
    """
    lines = []
    for a in axes:
        if not a.discrete:
            half = share * (a.high - a.low)
            low, high = max(start.point[a.name] - half, a.low), min(start.point[a.name] + half, a.high)
            lines.append(Axis(a.name, low, high, kind=a.kind))
    fixed = {k: v for k, v in start.point.items() if k not in [a.name for a in lines]}
    here = Found(start.point, cost(start.point))
    return min(here, _along(lines, fixed, cost, valley=False), key=lambda f: f.cost) if lines else here
