"""The normal force of a whole rocket, part by part, by the full method."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from downrange.aero.bodies import BodyFlow
from downrange.aero.downwash import downwash_lifts
from downrange.aero.fins import centre_of_gravity
from downrange.aero.lift import Lift, part_lift, plain_lift, summed
from downrange.errors import InputError
from downrange.rocket import NoseCone, Rocket, Transition

__all__ = ["full_lifts"]


def full_lifts(rocket: Rocket, flows: list[BodyFlow], mach: np.ndarray, section_slope: float) -> list[Lift]:
    """Every part's linear normal force at `mach` (n,), fins in the downwash of those ahead. `flows`: `body_flow` there."""
    out = []
    for flow in flows:
        if np.abs(flow.a0).max() < 1e-9:
            continue
        part = flow.part.part
        name = part.name or (
            "nose" if isinstance(part, NoseCone) else "transition" if isinstance(part, Transition) else "tube"
        )
        held = np.where(np.abs(flow.a0) > 1e-6, flow.a0, 1.0)
        cp = np.where(np.abs(flow.a0) > 1e-6, flow.a1 / held, 0.5 * (flow.part.front + flow.part.aft))
        out.append(plain_lift(name, flow.part.path, flow.a0, cp, flow.a2))
    if out and rocket.base_radius < 0.495 * rocket.diameter:
        out[-1] = replace(out[-1], second=out[-1].second + _boat_tail_damping(rocket, out))
    lifts = (part_lift(q.part, q, mach, rocket, section_slope) for q in summed(rocket))
    out += [_known(lift) for lift in lifts if lift is not None]
    return out + list(downwash_lifts(rocket, mach, out, section_slope))


def _known(lift: Lift) -> Lift:
    """The lift; refused where the methods have no number for a geometry, or fins that would pull: it is outside of what they hold for."""
    pulls = lift.kind == "fins" and lift.slope.min() < 0
    if pulls or not all(np.all(np.isfinite(n)) for n in (lift.slope, lift.first, lift.second)):
        raise InputError(
            f"no lift can be computed of {lift.name}: its shape is outside of what the methods hold for; check its points, sizes and place",
            key=f"rocket.{lift.path}",
        )
    return lift


def _boat_tail_damping(rocket: Rocket, bodies: list[Lift]) -> np.ndarray:
    """What a body that narrows lacks in Σ CNα (x - x_cg)²: strips would drive it where its boat-tail's lift is negative.

    In an oscillation slender-body theory damps by 2 (S_b/S) (x_b - x_cg)², never less than nothing (Sacks, NACA TN 3283).
    """
    a0, a1, a2 = (sum(getattr(p, k) for p in bodies) for k in ("slope", "first", "second"))
    cg = centre_of_gravity(rocket)
    slender = 2 * np.pi * rocket.base_radius**2 / rocket.reference_area * (rocket.length - cg) ** 2
    return np.asarray(np.maximum(slender - (a2 - 2 * cg * a1 + cg * cg * a0), 0.0))
