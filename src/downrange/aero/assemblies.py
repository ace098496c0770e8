"""The aerodynamics of pods and boosters: each is a body of its own beside the other.

Lift: that of each by itself, where it stands. The body's upwash beside it, 1 + (R/r)² cos 2φ of the cross-flow (slender body), is
one in the mean over the planes of evenly spaced ones, and is left out; so are the wakes of their fins. A known roll rate
blows at them with p r. Drag: that of each by itself, friction and pressure times an interference factor of 1.5 where they
touch, 1.3 within a diameter, one from two diameters on (D. P. Raymer, Aircraft Design: A Conceptual Approach, on nacelles and external stores). It is
known to about half of what it adds, below Mach 0.8.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from downrange.aero.beside import attached_at, lift_beside
from downrange.aero.bodies import body_flow
from downrange.aero.drag import DragBuilder, DragPart, drag_parts, part_drag
from downrange.aero.lift import Lift, part_lift
from downrange.aero.limits import geometry_notes, part_notes
from downrange.aero.normal import full_lifts
from downrange.rocket import Assembly, Placed, Rocket, called

__all__ = ["interference_factor"]

_BLOWN = ("friction", "pressure")  # what the factor is on: bases and what stands out have their own


def interference_factor(gap: float, diameter: float) -> float:
    """Raymer's factor on the drag of a body `diameter` m wide, `gap` m off the one beside it."""
    return float(np.interp(gap / diameter, [0.0, 0.05, 1.0, 2.0], [1.5, 1.3, 1.3, 1.0]))


@part_lift.register
def _(part: Assembly, q: Placed, mach: np.ndarray, rocket: Rocket, section_slope: float) -> Lift | None:
    a = attached_at(rocket, q.path)
    return lift_beside(a, full_lifts(a.rocket, body_flow(a.rocket, mach), mach, section_slope), rocket)


@part_drag.register
def _(part: Assembly, q: Placed, b: DragBuilder) -> None:
    a = attached_at(b.rocket, q.path)
    own, mach, scale = a.rocket, b.m[:, 0], len(a.places) * a.rocket.reference_area / b.area
    more = np.zeros(b.shape)
    gain = interference_factor(part.axis(q.at.outer) - q.at.outer - part.radius, 2 * part.radius) - 1
    jet = b.jets.get(a.name, 0.0)
    for p in drag_parts(own, mach, b.re[0], body_flow(own, mach), jet, b.wall, beside_jet=b.beside_jet):
        b.parts.append(DragPart(f"{a.name}: {p.name}", f"{q.path}.{p.path}", p.kind, scale * p.off, scale * p.on))
        more = more + (scale * gain * p.off if p.kind in _BLOWN else 0.0)
    if gain > 0:
        b.add(q, a.name, "beside", more)


@part_notes.register
def _(part: Assembly, q: Placed) -> Iterator[str]:
    gain = interference_factor(part.axis(q.at.outer) - q.at.outer - part.radius, 2 * part.radius)
    yield (
        f"their lift and drag are those of each by itself, the drag {gain:.1f} times for standing there (Raymer); known to half of that, "
        "and above Mach 0.8 not known."
    )
    yield from geometry_notes(Rocket(called(part), part.parts, whole=False))
