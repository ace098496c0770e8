"""Tube fins and ring fins: annular wings.

Below Mach 1: H. S. Ribner, The Ring Airfoil in Nonaxial Flow, J. Aero. Sci. 14 (1947): CNα S = 2π² r c A'/(1 + A') with
A' = 2A/π, A = 2r/c, r the inner radius, c the length; Prandtl and Glauert's β enters as for a wing (A β). Above, Ackeret's 4/β on every element: 4π r c/β, joined
between Mach 0.9 and 1.3. The force stands at a quarter of the chord, moving to half above Mach 1 (thin-wing theory). Not in it: that
tubes shade each other and the body, and that a tube may choke from about Mach 0.7 to 2. Good to 20 % at low speed.
"""

from __future__ import annotations

import numpy as np

from downrange.aero.lift import Lift, part_lift
from downrange.rocket import Placed, RingFin, Rocket, TubeFins
from downrange.tables import smoothstep

__all__ = ["ring_lift"]


def ring_slope(radius: float, chord: float, mach: np.ndarray) -> np.ndarray:
    """CNα of one ring times its reference area, m2 per radian."""
    m = np.asarray(mach, float)
    beta = np.sqrt(np.maximum(1 - np.minimum(m, 0.9) ** 2, 0.19))
    a = 2 / np.pi * 2 * radius / chord * beta
    low = 2 * np.pi**2 * radius * chord * a / (1 + a) / beta
    high = 4 * np.pi * radius * chord / np.sqrt(np.maximum(m, 1.3) ** 2 - 1)
    w = smoothstep(m, 0.9, 1.3)
    return np.asarray((1 - w) * low + w * high)


@part_lift.register
def ring_lift(part: TubeFins | RingFin, q: Placed, mach: np.ndarray, rocket: Rocket, section_slope: float) -> Lift:
    """The normal force of tube fins or of a ring fin; a ring has no section."""
    inner = max(0.5 * part.diameter - part.wall, 1e-6)
    count, off_axis = (part.count, q.at.outer + part.diameter / 2) if isinstance(part, TubeFins) else (1, 0.0)
    one = ring_slope(inner, part.length, mach) / rocket.reference_area
    w = smoothstep(mach, 0.8, 1.3)
    cp = q.front + part.length * (0.25 + 0.25 * w)
    zero = np.zeros_like(mach)
    name = part.name or ("tube fins" if isinstance(part, TubeFins) else "ring fin")
    slope = count * one
    second = slope * (cp**2 + part.length**2 / 16)
    return Lift(name, q.path, "ring", slope, cp, second, np.eye(2), zero, slope * off_axis**2, np.zeros(2), np.zeros(2))
