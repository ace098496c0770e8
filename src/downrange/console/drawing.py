"""The rocket from the side as polygons, each with the part that it shows: what `report` draws, for a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from downrange.flight import Launch
from downrange.report.parts import draw_part, part_reach

__all__ = ["outline_of"]

_FLAT = 2e-4  # of a shape's size; a fifth of a pixel on a wide screen
_ROUND = 6  # digits of a metre: a micrometre


def _fewer(points: np.ndarray) -> np.ndarray:
    """The points (n, 2) without those on a straight line between others, to a share of the shape's size that nobody sees."""
    if len(points) < 5:
        return points
    from shapely import LineString

    size = float(np.ptp(points, axis=0).max())
    return np.asarray(LineString(points).simplify(_FLAT * size, preserve_topology=False).coords)


@dataclass(frozen=True)
class _Identity:
    """Stands for the transform of matplotlib's axes where nothing is transformed."""

    def __radd__(self, other: Any) -> Any:
        return other


class _Recorder:
    """Takes what a part draws on axes, as lists of points."""

    transData = _Identity()  # noqa: N815 - as matplotlib has it

    def __init__(self) -> None:
        self.shapes: list[dict[str, Any]] = []
        self.part = ""

    def _add(self, kind: str, x: Any, y: Any, transform: Any = None, **_: Any) -> None:
        points = np.column_stack([np.asarray(x, float), np.asarray(y, float)])
        if transform is not None:
            points = transform.transform(points)
        if np.isfinite(points).all():
            self.shapes.append({"part": self.part, "kind": kind, "points": np.round(_fewer(points), _ROUND).tolist()})

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


def outline_of(launch: Launch) -> dict[str, Any]:
    """What stands on the pad, seen from the side: shapes (points (n, 2), m: aft of the nose tip, across), how long it is and how far it reaches."""
    taken, rocket = _Recorder(), launch.rocket
    for q in rocket.placed:
        taken.part = q.path
        draw_part(q.part, q, cast(Any, taken))
    taken.part = ""
    for f in launch.filled:
        half = f.motor.diameter / 2
        taken.fill_between([f.x - f.motor.length, f.x], f.tube.y - half, f.tube.y + half)
        taken.shapes[-1]["kind"] = "motor"
    tall = max([rocket.diameter / 2, *(part_reach(q.part, q) for q in rocket.placed)])
    return {"shapes": taken.shapes, "length": float(launch.aft_end), "reach": float(tall)}
