"""The best of many designs at once: CMA-ES finds the region, a simplex the floor; of two goals the front between them.

CMA-ES as in N. Hansen, The CMA Evolution Strategy: A Tutorial, arXiv:1604.00772 (package `cma`), then Nelder and Mead (`design.search.settle`).
Two goals are weighed against each other in several ways (weighted Chebyshev distance from the best of each; K. Miettinen, Nonlinear
Multiobjective Optimization, 1998, sect. 3.4), and every design that was tried and keeps the limits may stand on the front.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from downrange.design.axes import Axis, Point
from downrange.design.search import Found, settle

__all__ = ["Judged", "evolve", "front"]

_SPREAD = 0.3  # of each axis, at which the search begins; Hansen, sect. B: a third of the range


@dataclass(frozen=True)
class Judged:
    """A design with what each goal comes to (fewer are better) and the points that its broken limits cost; infinite where it cannot be built."""

    point: Point
    goals: tuple[float, ...]
    broken: float

    @property
    def kept(self) -> bool:
        """Whether it keeps every limit, and can be built."""
        return self.broken <= 0.0 and all(map(math.isfinite, self.goals))


def _point(axes: Sequence[Axis], x: Sequence[float]) -> Point:
    """The design at coordinates from 0 to 1; of a list the choice on whose part it lies."""
    out = {}
    for a, v in zip(axes, x, strict=True):
        v = min(max(float(v), 0.0), 1.0)
        out[a.name] = (
            a.choices[min(int(v * len(a.choices)), len(a.choices) - 1)] if a.discrete else a.low + v * (a.high - a.low)
        )
    return out


def _coordinates(axes: Sequence[Axis], point: Point) -> list[float]:
    out = []
    for a in axes:
        value = point[a.name]
        out.append(
            (a.choices.index(value) + 0.5) / len(a.choices) if a.discrete else (value - a.low) / (a.high - a.low)
        )
    return out


def evolve(
    axes: Sequence[Axis], cost: Callable[[Point], float], start: Point, *, designs: int, seed: int, polish: bool = True
) -> Found:
    """The design that costs least, from `start` on, after about so many designs.

    axes: what may be changed. cost: of a design, infinite where it cannot be built. designs: how many are tried at most. seed: the same
    gives the same designs in the same order. polish: whether the best is settled by a simplex.
    """
    best = Found(start, cost(start))
    tried: list[Found] = [best]

    def of(point: Point) -> float:
        tried.append(Found(point, cost(point)))
        return tried[-1].cost

    if len(axes) > 1:
        _cma(axes, of, start, designs, seed)
    best = min(tried, key=lambda f: f.cost)
    if polish and any(not a.discrete for a in axes):
        settle(axes, best, of, 0.5 if len(axes) == 1 else 0.1)
    return min(tried, key=lambda f: f.cost)


def _cma(axes: Sequence[Axis], of: Callable[[Point], float], start: Point, designs: int, seed: int) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library's own, of options and plots
        import cma

        options = {
            "bounds": [0.0, 1.0],
            "seed": seed + 1,
            "verbose": -9,
            "maxfevals": designs,
            "tolx": 1e-3,
            "tolfun": 1e-3,
            "CMA_stds": 1.0,
        }
        search = cma.CMAEvolutionStrategy(np.clip(_coordinates(axes, start), 0.05, 0.95), _SPREAD, options)
        while not search.stop():
            asked = search.ask()
            costs = [of(_point(axes, x)) for x in asked]
            search.tell(asked, [c if math.isfinite(c) else 1e9 for c in costs])


def front(judged: Sequence[Judged]) -> tuple[Judged, ...]:
    """The designs of which none is better in both goals, of those that keep every limit; ordered by the first goal.

    judged: designs with two goals each.
    """
    out: list[Judged] = []
    for j in sorted((j for j in judged if j.kept), key=lambda j: j.goals):
        if not out or j.goals[1] < out[-1].goals[1] - 1e-12:
            out.append(j)
    return tuple(out)
