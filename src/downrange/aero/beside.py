"""What stands beside a body, from what it would be by itself."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from downrange.aero.lift import Lift
from downrange.rocket import Attached, Rocket

__all__ = ["attached_at", "lift_beside"]


def attached_at(rocket: Rocket, path: str) -> Attached:
    """The pods or boosters of `rocket` whose part stands at `path`."""
    return next(a for a in rocket.attached if a.path == path)


def lift_beside(a: Attached, own: Sequence[Lift], rocket: Rocket) -> Lift:
    """The normal force of all of `a` together, on the reference area and diameter of `rocket`; `own`: that of one by itself.

    A lateral flow meets each alike; a roll rate p blows at one that stands r off the axis with p r.
    """
    n, scale = len(a.places), a.rocket.reference_area / rocket.reference_area
    radius2 = float(np.mean(np.square(a.places)) * 2)
    slope, first, second = (n * scale * sum(getattr(p, k) for p in own) for k in ("slope", "first", "second"))
    held = np.where(np.abs(slope) > 1e-9, slope, 1.0)
    cp = np.where(np.abs(slope) > 1e-9, first / held, 0.5 * a.rocket.length) + a.front
    wide = a.rocket.diameter / rocket.diameter
    size = sum(float(p.slope[0]) for p in own)
    tensor = sum((p.matrix * float(p.slope[0]) for p in own), np.zeros((2, 2))) / size if size else np.eye(2)
    turns = [np.array([[np.cos(t), -np.sin(t)], [np.sin(t), np.cos(t)]]) for t in a.angles]
    matrix = sum((r @ tensor @ r.T for r in turns), np.zeros((2, 2))) / n
    cant = sum((p.cant_side * float(p.slope[0]) for p in own), np.zeros(2)) / size if size else np.zeros(2)
    roll = sum((p.roll_side * float(p.slope[0]) for p in own), np.zeros(2)) / size if size else np.zeros(2)
    y, z = np.mean(a.places, axis=0)
    return Lift(
        a.name, a.path, "pods", slope, cp, second + 2 * a.front * first + a.front**2 * slope, matrix,
        roll_force=np.asarray(n * scale * wide * sum(p.roll_force for p in own)),
        roll_damp=n * scale * sum(p.roll_damp for p in own) + slope * radius2,
        roll_side=sum((r @ roll for r in turns), np.zeros(2)) / n + np.array([z, -y]),
        cant_side=sum((r @ cant for r in turns), np.zeros(2)) / n,
    )  # fmt: skip
