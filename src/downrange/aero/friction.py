"""Skin friction of a part with its own length: laminar, transition, turbulent, rough, compressible.

* turbulent: 1/(1.5 ln Re - 5.6)² (Hoerner, Fluid-Dynamic Drag, 1965, ch. 2; within 2 % of Kármán and Schoenherr from Re 3e5), carried to
  Mach numbers above zero by Van Driest's second method (Hopkins and Inouye, AIAA J. 9, 1971; TN D-6945): CF(Re, M) = CF(Re F, 0) / F_c.
  The wall is cold, as in a flight of seconds, at the air's temperature; or adiabatic, as in a wind tunnel;
* laminar: Blasius' 1.328/√Re with Eckert's reference temperature;
* transition where the distance's Reynolds number is 5·10⁵, unless the roughness trips it: the turbulent layer's drag ahead of that
  point is exchanged for the laminar one's (Prandtl);
* roughness: the turbulent drag is never below that at the cut-off Reynolds number 38.21 (L/k)^1.053, at supersonic speeds 44.62 (L/k)^1.053 M^1.16
  (USAF DATCOM, section 4.1.5.1); nor need it be above a fully rough plate's, (1.89 + 1.62 lg L/k)^-2.5 (Schlichting, Boundary-Layer
  Theory, ch. 21), which the cut-off exceeds below L/k of 1000: small rough fins.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from downrange.aero.geometry import wetted_area
from downrange.constants import HEAT_RATIO_AIR as G
from downrange.remember import remembered
from downrange.rocket import Placed, Rocket, roughness
from downrange.tables import smoothstep

__all__ = ["TRANSITION", "Wall", "body_form_factor", "body_friction", "finish", "skin_friction"]

Wall = Literal["cold", "adiabatic"]

TRANSITION = 5e5
_TRIPPED = 120.0  # U k / ν of single grains that trip the layer at once (Braslow and Knox, NACA TN 4363: 600 to laminar; sand less)


def _incompressible(re: np.ndarray) -> np.ndarray:
    return np.asarray(1 / (1.5 * np.log(np.maximum(re, 2e3)) - 5.6) ** 2)


def _fully_rough(ratio: float) -> float:
    """Reynolds number at which a smooth plate has the drag of a fully rough one of length over roughness `ratio`."""
    cf = (1.89 + 1.62 * np.log10(max(ratio, 10.0))) ** -2.5
    return float(np.exp((5.6 + cf**-0.5) / 1.5))


def _turbulent(re: np.ndarray, mach: np.ndarray, wall: Wall) -> np.ndarray:
    rise = 0.896 * (G - 1) / 2 * np.maximum(mach, 1e-2) ** 2  # recovery factor Pr^⅓
    f = 1 + rise if wall == "adiabatic" else np.ones_like(rise)  # wall over air temperature
    a2, b = rise / f, (1 + rise - f) / f
    root = np.sqrt(4 * a2 + b * b)
    fc = rise / (np.arcsin((2 * a2 - b) / root) + np.arcsin(b / root)) ** 2
    return _incompressible(re * f**-0.72 / fc) / fc  # μ∞/μw near 250-700 K


def _laminar(re: np.ndarray, mach: np.ndarray) -> np.ndarray:
    star = 1 + 0.5 * 0.845 * (G - 1) / 2 * mach**2 + 0.22 * 0.845 * (G - 1) / 2 * mach**2
    return np.asarray(1.328 / np.sqrt(np.maximum(re, 1.0)) * star**-0.14)


def skin_friction(re: np.ndarray, mach: np.ndarray, length: float, rough: float, wall: Wall = "cold") -> np.ndarray:
    """Mean friction coefficient on the wetted area; `re` of `length` (m), sand roughness `rough` (m); broadcasts."""
    r = np.maximum(np.asarray(re, float), 1e3)
    m = np.asarray(mach, float)
    if rough > 0:
        ratio = (length / rough) ** 1.053
        w = smoothstep(m, 0.9, 1.1)
        cut = np.maximum(
            ratio * (38.21 + w * (44.62 * np.maximum(m, 0.9) ** 1.16 - 38.21)), _fully_rough(length / rough)
        )
        turbulent = _turbulent(np.minimum(r, cut), m, wall)
        tripped = np.clip(np.log2(np.maximum(r * rough / length / _TRIPPED, 1.0)), 0, 1)
    else:
        turbulent, tripped = _turbulent(r, m, wall), 0.0
    at = (r**-3 + TRANSITION**-3) ** (-1 / 3)  # a smooth minimum: transition is not at one point
    saved = at / r * np.maximum(_turbulent(at, m, wall) - _laminar(at, m), 0.0)
    return np.asarray(np.maximum(turbulent - (1 - tripped) * saved, _laminar(np.maximum(r, TRANSITION), m)))


def finish(q: Placed, rocket: Rocket) -> float:
    """Sand roughness (m) of a part: that of its own finish, else the rocket's roughness, else that of the rocket's finish."""
    own = getattr(q.part, "finish", None)
    return roughness(own or rocket.finish) if own or rocket.roughness is None else rocket.roughness


def body_form_factor(rocket: Rocket) -> float:
    """1 + 1.5/f^1.5 + 7/f³ with the fineness ratio f (Hoerner, Fluid-Dynamic Drag, 1965, ch. 6), below Mach 0.9."""
    f = max(rocket.length / rocket.diameter, 1.0)  # it is for streamlined bodies; a disc is no such
    return 1 + 1.5 / f**1.5 + 7 / f**3


@remembered(32)
def _slow_friction(length: float, rough: float) -> float:
    return float(skin_friction(np.array(1e7 * length), np.array(0.4), length, rough))


def body_friction(rocket: Rocket) -> float:
    """The body's friction drag at low speed on the reference area, at 150 m/s near the ground: what thickens the layer at its base."""
    length, total = rocket.length, 0.0
    for q in rocket.placed:
        if q.depth == 0:
            total += (
                _slow_friction(length, finish(q, rocket))
                * body_form_factor(rocket)
                * wetted_area(q)
                / rocket.reference_area
            )
    return total
