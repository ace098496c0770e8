"""The rocket from the side as polygons, each with the part that it shows: what `report` draws, for a page."""

from __future__ import annotations

from typing import Any

from downrange.flight import Launch
from downrange.report.side_view import reach_of, side_view

__all__ = ["outline_of"]

_FLAT = 2e-4  # of a shape's size; a fifth of a pixel on a wide screen


def outline_of(launch: Launch) -> dict[str, Any]:
    """What stands on the pad, seen from the side: shapes (points (n, 2), m: aft of the nose tip, across), how long it is and how far it reaches."""
    taken = side_view(launch.rocket, _FLAT)
    for f in launch.filled:
        half = f.motor.diameter / 2
        taken.fill_between([f.x - f.motor.length, f.x], f.tube.y - half, f.tube.y + half)
        taken.shapes[-1]["kind"] = "motor"
    return {"shapes": taken.shapes, "length": float(launch.aft_end), "reach": reach_of(launch.rocket)}
