"""The rocket from the side as polygons, each with the part that it shows: what `report` draws, as points for a page or a sheet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from downrange.remember import remembered
from downrange.report.parts import draw_part, part_reach
from downrange.rocket import Frame, Part, Placed, Rocket

__all__ = ["Recorder", "reach_of", "side_view"]

_ROUND = 6  # digits of a metre: a micrometre


def _fewer(points: np.ndarray, flat: float) -> np.ndarray:
    """The points (n, 2) without those that lie within `flat` of the shape's size of a straight line between others."""
    if len(points) < 5 or flat == 0:
        return points
    from shapely import LineString

    size = float(np.ptp(points, axis=0).max())
    return np.asarray(LineString(points).simplify(flat * size, preserve_topology=False).coords)


@dataclass(frozen=True)
class _Identity:
    """Stands for the transform of matplotlib's axes where nothing is transformed."""

    def __radd__(self, other: Any) -> Any:
        return other


class Recorder:
    """Takes what a part draws on axes, as lists of points; `flat`: how far, of a shape's size, they may leave it."""

    transData = _Identity()  # noqa: N815 - as matplotlib has it

    def __init__(self, flat: float) -> None:
        self.shapes: list[dict[str, Any]] = []
        self.part = ""
        self._flat = flat

    def _add(self, kind: str, x: Any, y: Any, transform: Any = None, **_: Any) -> None:
        points = np.column_stack([np.asarray(x, float), np.asarray(y, float)])
        if transform is not None:
            points = transform.transform(points)
        if np.isfinite(points).all():
            shown = np.round(_fewer(points, self._flat), _ROUND).tolist()
            self.shapes.append({"part": self.part, "kind": kind, "points": shown})

    def fill(self, x: Any, y: Any, **how: Any) -> None:
        """A polygon."""
        self._add("fin" if how.get("alpha") else "body", x, y, how.get("transform"))

    def fill_between(self, x: Any, low: Any, high: Any, **how: Any) -> None:
        """What lies between two heights."""
        x = np.asarray(x, float)
        a, b = (np.broadcast_to(np.asarray(v, float), x.shape) for v in (low, high))
        self._add("fin", np.concatenate([x, x[::-1]]), np.concatenate([a, b[::-1]]), how.get("transform"))

    def plot(self, x: Any, y: Any, **how: Any) -> None:
        """A line, or a mark where it has one point only."""
        self._add("inside" if np.size(x) > 1 else "mark", x, y, how.get("transform"))


@remembered(256)
def _shapes(part: Part, at: Frame, aft: float, depth: int, flat: float) -> tuple[dict[str, Any], ...]:
    """The shapes of one part; those of all that did not change stay."""
    taken = Recorder(flat)
    draw_part(part, Placed(part, at, aft, "", depth), cast(Any, taken))
    return tuple(taken.shapes)


def side_view(rocket: Rocket, flat: float = 0.0) -> Recorder:
    """A rocket from the side: shapes (points (n, 2), m: aft of the nose tip, across), each with the path of its part."""
    taken = Recorder(flat)
    for q in rocket.placed:
        taken.shapes += [{**shape, "part": q.path} for shape in _shapes(q.part, q.at, q.aft, q.depth, flat)]
    return taken


def reach_of(rocket: Rocket) -> float:
    """How far from the axis a rocket reaches in that view, m."""
    return float(max([rocket.diameter / 2, *(part_reach(q.part, q) for q in rocket.placed)]))
