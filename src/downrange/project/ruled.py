"""One line of designs, known from the flights of a few of them.

The same draws fly at five values of what may be changed (the nodes of Chebyshev and Lobatto, both ends among them); between those each flight's own height and
time are those of the polynomial through the five (Trefethen, Approximation Theory and Approximation Practice, SIAM 2013, ch. 5), and the score is reckoned of them, with its
kinks. So a line costs five designs and not the twenty of a search. It holds only where flights change smoothly along it, which two checks ask: the parabola through
every other node must find the rest, and the best design of the line is flown (`proven`). Where either fails there is no line, and the search goes the long way.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from downrange.design import Axis, Point, Want
from downrange.design.search import Found
from downrange.design.wants import score
from downrange.errors import InputError

if TYPE_CHECKING:
    from downrange.project.trials import Trials

__all__ = ["Line", "rule_line"]

_NODES = 0.5 - 0.5 * np.cos(np.pi * np.arange(5) / 4)
_NET = 81  # places of a line that are looked at, twice
_ROUGH = 0.1  # of the flights' scatter: a parabola that misses the other nodes by more is no smooth line
_OFF = 0.02  # of the score, at the best design: more than that and the line is not believed
_LEAST = 0.05  # points, likewise


@dataclass(frozen=True, eq=False)
class Line:
    """Designs along one axis, all else as `fixed` says. `values` (5, n) for each of `wants`: of n flights at the nodes."""

    axis: Axis
    fixed: Point
    wants: tuple[Want, ...]
    values: tuple[np.ndarray, ...]

    def costs(self, places: np.ndarray) -> np.ndarray:
        """The expected scores (m,) at values (m,) of the axis, points."""
        share = _shares((places - self.axis.low) / (self.axis.high - self.axis.low), _NODES)
        return np.asarray(score(self.wants, [share @ v for v in self.values]).mean(axis=1))

    @cached_property
    def best(self) -> Found:
        """The best design of the line: of a net of values, and of a finer one about the best of that."""
        a = self.axis
        places = np.linspace(a.low, a.high, _NET)
        for _ in range(2):
            costs = self.costs(places)
            k = int(np.argmin(costs))
            found = Found({**self.fixed, a.name: float(places[k])}, float(costs[k]))
            places = np.linspace(places[max(k - 1, 0)], places[min(k + 1, places.size - 1)], _NET)
        return found


def _shares(at: np.ndarray, nodes: np.ndarray) -> np.ndarray:
    """What each node (k,) has in the polynomial's value at places (m,), by Lagrange's formula; (m, k)."""
    own = np.eye(len(nodes), dtype=bool)
    apart = np.where(own, 1.0, nodes[:, None] - nodes)
    return np.asarray((np.where(own, 1.0, at[:, None, None] - nodes) / apart).prod(axis=2))


def rule_line(trials: Trials, axis: Axis, fixed: Point, flights: int, *, proven: bool) -> Line | None:
    """The line of designs along an axis, `fixed` what all of them share; None where one cannot be built, or the flights do not change smoothly along it.

    flights: of each design. proven: whether the best of the line is flown, too; else that is the caller's.
    """
    try:
        flown = [
            trials.outcome({**fixed, axis.name: float(axis.low + s * (axis.high - axis.low))}, flights) for s in _NODES
        ]
    except InputError:
        return None
    values = tuple(np.stack([o.values[k] for o in flown]) for k in range(len(trials.wants)))
    if not all(_smooth(v) for v in values):
        return None
    line = Line(axis, fixed, trials.wants, values)
    if not proven:
        return line
    true = trials.cost(line.best.point, flights)
    return line if abs(true - line.best.cost) <= _OFF * true + _LEAST else None


def _smooth(values: np.ndarray) -> bool:
    """Whether the parabola through every other node finds the rest, for values (5, n)."""
    finite = np.isfinite(values)
    if np.any(finite != finite[0]):
        return False
    seen = values[:, finite[0]]
    if not seen.size:
        return True
    off = _shares(_NODES[1::2], _NODES[::2]) @ seen[::2] - seen[1::2]
    scatter = max(float(seen.std(axis=1).max()), 1e-3 * float(np.abs(seen).max()))
    return bool(np.sqrt((off**2).mean()) <= _ROUGH * scatter)
