"""What brings a rocket down slowly besides its canopies: streamers, and the rocket's own drag as it hangs or tumbles.

Sources: Carruthers and Filippone, "Aerodynamic Drag of Streamers and Flags", J. Aircraft 42(4), 2005, pp. 976-982;
Niskanen, OpenRocket Technical Documentation (2013), section 3.5, for bodies that tumble; Hoerner, Fluid-Dynamic Drag
(1965), ch. 3, for a cylinder end-on; `downrange.aero.crossflow` for one across the flow. Derivation and figures:
docs/theory/recovery.md.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from downrange.aero.crossflow import body_crossflow, fin_crossflow
from downrange.aero.geometry import outline
from downrange.remember import remembered
from downrange.rocket import FinSet, RingFin, Rocket, TubeFins, planform
from downrange.tables import merged

__all__ = [
    "ACROSS_SPREAD",
    "STREAMER_SPREAD",
    "TUMBLING_SPREAD",
    "HangingBody",
    "hanging_body",
    "hanging_drag_area",
    "streamer_drag_coefficient",
    "tumbling_drag_area",
    "tumbling_tube",
]

STREAMER_SPREAD = 0.3  # relative, one standard deviation: free drops of flat strips lie 20 % above the tunnel, see docs
TUMBLING_SPREAD = 0.2  # relative: Niskanen's five models are met within 3 to 14 % in speed, twice that in drag area
ACROSS_SPREAD = 0.2  # relative: attitude, and the finite length of the cylinder

_END_ON = 0.82  # cylinder with its face to the flow, longer than two diameters; Hoerner (1965), fig. 3-21
_TUBE, _FIN = 0.56, 1.42  # Niskanen (2013), section 3.5: body's side area, and effective area of the fins
_EFFECTIVE_FINS = (0.0, 0.5, 1.0, 1.5, 1.41, 1.81, 1.73, 1.90, 1.85)  # fins that work, of 0 to 8; ibid., table 3.4
_ASPECT = (10.0, 30.0)  # of the streamers that Carruthers and Filippone measured
_STRIPS = ((0.025, 0.561, -0.480), (0.075, 0.405, -0.494))  # ibid.: area m2, C and n of CD = C (length / width)^n


def streamer_drag_coefficient(length: float, width: float) -> float:
    """Drag coefficient of a flat streamer, on length times width (one side).

    length, width: of the strip, m. Measured for 10 to 30 times as long as wide, of 0.025 and 0.075 m2, at 6 to 19 m/s
    (Carruthers and Filippone, 2005); between the two areas it goes with their logarithm, outside of either range it
    keeps the value at the edge. Pleats can double it: give `cd` where it was measured.
    """
    aspect = float(np.clip(length / width, *_ASPECT))
    (small, c0, n0), (large, c1, n1) = _STRIPS
    share = float(np.clip(np.log(length * width / small) / np.log(large / small), 0.0, 1.0))
    return float((c0 * aspect**n0) ** (1 - share) * (c1 * aspect**n1) ** share)


@dataclass(frozen=True)
class HangingBody:
    """The drag areas of what hangs under a canopy: lying across the flow, and hanging straight along it. SI, m2."""

    across: float
    along: float

    def under(self, canopy: np.ndarray | float) -> np.ndarray:
        """Drag area (m2) of the body under canopies of drag area `canopy` (m2, any shape).

        It lies across the flow under a small canopy and hangs along it under a large one: `along + (across - along) /
        (1 + (canopy / across)²)`. An interpolation between two known ends; its sum with the canopy never falls as the
        canopy grows, so that no canopy brings a rocket down sooner than none.
        """
        ratio = np.asarray(canopy, float) / self.across
        return np.asarray(self.along + (self.across - self.along) / (1 + ratio * ratio))

    def canopy_alone(self, measured: float) -> float:
        """Drag area (m2) of the canopy alone, where `measured` (m2) was found on the way down, body and all.

        The inverse of canopy plus `under(canopy)`; zero where the body lying across has that much by itself.
        """
        low, high = 0.0, max(measured, 0.0)
        if measured <= self.across:
            return 0.0
        for _ in range(60):  # bisection: the sum rises with the canopy
            middle = 0.5 * (low + high)
            ratio = middle / self.across
            body = self.along + (self.across - self.along) / (1 + ratio * ratio)  # `under`, of one number
            low, high = (middle, high) if middle + body < measured else (low, middle)
        return 0.5 * (low + high)


@remembered(16)
def hanging_body(rocket: Rocket, front: float = 0.0, aft: float | None = None) -> HangingBody:
    """The two drag areas of a rocket, or of its stretch from `front` to `aft` (m aft of the nose tip), on a cord.

    Across: the body's side area with the cross-flow coefficient of a cylinder of its length, and half of its fins with
    that of a plate, as the flight's own aerodynamics has them at 90 degrees. Along: a cylinder end-on.
    """
    body, fins, _, diameter = _side(rocket, front, rocket.length if aft is None else aft)
    fineness = (rocket.length if aft is None else aft) - front
    fineness /= diameter
    across = float(body_crossflow(np.zeros(1), fineness)[0]) * body + float(fin_crossflow(np.zeros(1))[0]) * fins
    along = _END_ON * np.pi / 4 * diameter**2
    return HangingBody(max(across, along), along)


def hanging_drag_area(rocket: Rocket, canopy: np.ndarray | float) -> np.ndarray:
    """Drag area (m2) of the whole rocket under open canopies of drag area `canopy` (m2, any shape), to be added to theirs."""
    return hanging_body(rocket).under(canopy)


def tumbling_drag_area(rocket: Rocket, front: float = 0.0, aft: float | None = None) -> float:
    """Drag area (m2) of a rocket, or of its stretch from `front` to `aft` (m aft of the nose tip), that tumbles freely.

    Niskanen (2013), section 3.5: 0.56 of the body's side area and 1.42 of the fins that work, fitted to drops of five
    models of 44 to 103 mm at 5 to 7 m/s. Above a Reynolds number of 3e5 (150 mm at 30 m/s) bodies have less.
    """
    body, _, working, _ = _side(rocket, front, rocket.length if aft is None else aft)
    return _TUBE * body + _FIN * working


def tumbling_tube(diameter: float, length: float) -> float:
    """Drag area (m2) of a bare tube of `diameter` and `length` (m) that tumbles freely; source as `tumbling_drag_area`."""
    return _TUBE * diameter * length


def _side(rocket: Rocket, front: float, aft: float) -> tuple[float, float, float, float]:
    """Side area of the body, half the area of the fins, area of the fins that work when tumbling, m2; and diameter, m."""
    body = fins = working = diameter = 0.0
    for q in rocket.placed:
        if q.depth == 0 and q.front < aft and q.aft > front:
            x, r = outline(q)
            at = merged(np.clip(np.concatenate([x, [front, aft]]), max(front, x[0]), min(aft, x[-1])))
            body += float(np.trapezoid(2 * np.interp(at, x, r), at))
            diameter = max(diameter, 2 * float(np.interp(at, x, r).max()))
        if not front <= 0.5 * (q.front + q.aft) <= aft:
            continue
        if isinstance(q.part, FinSet):
            n, area = len(q.part.present), planform(q.part).area
            fins += 0.5 * n * area
            working += _EFFECTIVE_FINS[min(n, len(_EFFECTIVE_FINS) - 1)] * area
        elif isinstance(q.part, TubeFins | RingFin):  # two tubes stand out at the sides; a ring as much as it is wider
            width = 2 * q.part.diameter if isinstance(q.part, TubeFins) else q.part.diameter - rocket.diameter
            body += max(width, 0.0) * q.part.length
    for a in rocket.attached:
        if front <= a.front + 0.5 * a.rocket.length <= aft:
            side, own_fins, own_working, _ = _side(a.rocket, 0.0, a.rocket.length)
            body, fins, working = (
                x + len(a.places) * y for x, y in ((body, side), (fins, own_fins), (working, own_working))
            )
    return body, fins, working, max(diameter, 1e-6)
