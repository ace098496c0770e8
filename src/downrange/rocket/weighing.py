"""What was weighed in the place of what was computed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from downrange.errors import InputError
from downrange.rocket import parts as p
from downrange.rocket.mass import MassProperties
from downrange.rocket.measured import Measured

__all__ = ["as_measured", "overridden"]


def as_measured(body: MassProperties, m: Measured, front: float) -> MassProperties:
    """A stage as weighed, its front `front` m aft of the nose tip: what was not measured comes from the parts.

    Raises `InputError` for a stage without mass.
    """
    if m.mass is not None:
        body = _weighed(body, m.mass) if body.mass > 0 else replace(body, mass=m.mass)
    if m.cg is not None:
        body = body.moved(np.array([front + m.cg, body.cg[1], body.cg[2]]))
    inertia = body.inertia.copy()
    if m.roll_inertia is not None:
        inertia[0, 0] = m.roll_inertia
    if m.pitch_inertia is not None:
        inertia[1, 1] = inertia[2, 2] = m.pitch_inertia
    if m.pitch_inertia is not None and m.roll_inertia is not None:
        inertia = np.diag(np.diag(inertia))
    if body.mass <= 0:
        raise InputError("has no mass: give its parts materials, or measured.mass", key="measured.mass")
    return MassProperties(body.mass, body.cg, inertia)


def _weighed(body: MassProperties, mass: float) -> MassProperties:
    """An assembly that weighs `mass`: what the parts leave out is on the axis, so their lateral moment m y stays as it is.

    The centre of gravity is then off the axis by y m / `mass` (docs/theory/mass_and_motor).
    """
    lateral = body.cg[1:] * body.mass / mass if mass > 0 else body.cg[1:]
    return body.scaled(mass).moved(np.array([body.cg[0], *lateral]))


def overridden(body: MassProperties, part: p.Part, front: float) -> MassProperties:
    """A part's mass properties with the mass and centre of gravity that it was given; its front `front` m aft of the nose tip."""
    if part.mass is not None and body.mass != part.mass:
        scaled = _weighed if part.override_children else MassProperties.scaled
        body = scaled(body, part.mass) if body.mass > 0 else MassProperties(part.mass, np.array([front, 0.0, 0.0]))
    if part.cg is not None:
        body = body.moved(np.array([front + part.cg, body.cg[1], body.cg[2]]))
    return body
