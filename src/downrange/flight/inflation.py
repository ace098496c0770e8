"""How canopies open: how far they fly while they fill, how their drag area grows, and the load that they open with.

Sources: T. W. Knacke, *Parachute Recovery Systems Design Manual*, NWC TP 6575 (1991), chapter 5: tables 5-1 to 5-5 (opening-force
coefficients), table 5-6 (fill constants), section 5-4 (the growth of the drag area; Pflanz' method for the load of a mass that is
slowed while the canopy fills); W. P. Ludtke, NOLTR 69-159 and AIAA 73-477 (growth of solid cloth with the sixth power of time).
Derivation: docs/theory/recovery.md.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from downrange.errors import InputError
from downrange.rocket.devices import CanopyName

__all__ = ["CANOPIES", "CanopyKind", "ballistic_parameter", "fill_time", "force_reduction", "opening_load"]


@dataclass(frozen=True)
class CanopyKind:
    """A kind of canopy. `fill`: nominal diameters flown from line stretch to full; `refill`: those from reefed to full; `exponent`: of time,
    with which the drag area grows; `shock`: opening load of an endless mass over its drag at that speed (Knacke's Cx)."""

    fill: float
    refill: float
    exponent: int
    shock: float


CANOPIES: dict[CanopyName, CanopyKind] = {
    "flat circular": CanopyKind(8.0, 5.0, 2, 1.7), "conical": CanopyKind(8.0, 5.0, 2, 1.8), "hemispherical": CanopyKind(8.0, 5.0, 2, 1.6),
    "extended skirt": CanopyKind(10.0, 5.0, 2, 1.4), "annular": CanopyKind(8.0, 5.0, 2, 1.4), "cruciform": CanopyKind(11.7, 6.0, 2, 1.2),
    "guide surface": CanopyKind(5.0, 5.0, 2, 1.4), "ringsail": CanopyKind(7.0, 2.0, 1, 1.1), "ringslot": CanopyKind(14.0, 6.0, 1, 1.05),
    "ribbon": CanopyKind(14.0, 6.0, 1, 1.05),
}  # fmt: skip
"""Kinds of canopies. Knacke gives no fill constant for conical, hemispherical and annular canopies, nor for the second stage of most:
they have that of the flat circular one, the middle of 4 to 7 of extended skirts, and the 6 of ribbons: judgement."""


def fill_time(distance: float, speed: float) -> float:
    """Time (s) from line stretch to full canopy: the distance (m) that it flies in it over its speed (m/s) at line stretch."""
    if not speed > 0:
        raise InputError(f"a canopy fills by its speed: it must be above zero, seen {speed:g} m/s", key="speed")
    return distance / speed


def ballistic_parameter(mass: float, drag_area: float, speed: float, *, density: float, time: float) -> float:
    """Pflanz' parameter A = 2 m / (ρ S v t): how heavy what hangs on a canopy is beside the air that it stops while it fills.

    mass kg, drag_area S m2, speed v at line stretch m/s, density kg/m3, time t to fill s; infinite where it fills in no time.
    """
    below = density * drag_area * speed * time
    return 2 * mass / below if below > 0 else math.inf


def force_reduction(parameter: float, exponent: float) -> float:
    """Pflanz' X1: the largest drag while a canopy fills over that of the full one at the first speed, no weight along the path.

    With S = S₀ τⁿ the speed is v₁ / (1 + τⁿ⁺¹ / ((n + 1) A)), and the drag is largest at τⁿ⁺¹ = A n (n + 1) / (n + 2), or when full.
    n = 1 for ribbons, 2 for solid cloth; 6 is Ludtke's law for solid cloth. parameter: A. exponent: n.
    """
    n, a = exponent, parameter
    if not a > 0:
        raise InputError(f"the ballistic parameter must be above zero, seen {a:g}", key="parameter")
    peak = a * n * (n + 1) / (n + 2)
    if peak >= 1:
        return 1.0 / (1.0 + 1.0 / ((n + 1) * a)) ** 2
    return float(peak ** (n / (n + 1)) * ((n + 2) / (2 * n + 2)) ** 2)


def opening_load(
    mass: float,
    drag_area: float,
    speed: float,
    *,
    density: float,
    distance: float,
    exponent: float = 2,
    shock: float = 1.7,
) -> tuple[float, float]:
    """Opening load (N) of a mass that is slowed meanwhile, and of one that is not: F = q S Cx X1 and q S Cx.

    mass kg, drag_area m2, speed at line stretch m/s, density kg/m3, distance flown while it fills m. exponent: n of the growth.
    shock: Cx.
    """
    endless = 0.5 * density * speed**2 * drag_area * shock
    a = ballistic_parameter(mass, drag_area, speed, density=density, time=fill_time(distance, speed))
    return endless * (1.0 if math.isinf(a) else force_reduction(a, exponent)), endless
