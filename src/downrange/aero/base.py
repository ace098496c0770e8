"""Base drag, power off and on.

* At low speed 0.029/√C_fB on a cylinder's base, with C_fB the body's friction on that area (Hoerner, Fluid-Dynamic Drag, 1965, 3-19; DATCOM
  4.2.3.1): the thicker the boundary layer, the less suction. No more than 0.2. It keeps that level to Mach 0.8 (one chart of ESDU 96012 serves
  all Mach numbers to 0.8) and grows by a few percent towards Mach 1 as McCoy's base pressure of projectiles does (BRL-TR-02293, 1981:
  1/(1 + 0.1875 M² + 0.0531 M⁴), times 1 + 0.09 M² for a long cylinder); within 0.07 of Mach 0.98 it goes to the supersonic side's
  0.25 at Mach 1 (Fleeman, Tactical Missile Design, 2006, p. 23). Above Mach 1.5 two laws stand on either side of what was measured on bare bodies,
  Fleeman's 0.25/M and Gabeaud's (J. Aero. Sci. 17, 1950): at Mach 2 0.125 and 0.178 beside Chapman's 0.157 (NACA Report 1051,
  turbulent), at Mach 2.46 0.102 and 0.135 beside Herrin and Dutton's 0.102 (AIAA J. 32, 1994). Bare bodies take their mean; fins within
  a diameter of the base lower its pressure (Love, NACA TN 3819), and take Gabeaud's. Straight from Mach 1 to 1.5.
* Behind a corner that the flow leaves (boat-tails, steps down): 0.12 at low speed (Fleeman), whatever the boundary layer, with the same growth.
* A boat-tail's flow presses on the base: its suction goes with the base's diameter over the body's (DATCOM 4.2.3.1 after Hoerner: base
  drag with the third power), as far as the flow keeps to the boat-tail.
* Behind a flare the flow that leaves the edge is compressed and slower. Were that the whole stream, -Cp would be the suction of a cylinder in
  it less the edge's Cp; it expands at once into the outer stream, and the mean of both is taken (one measured flare lies between them:
  2/3 of a cylinder's at Mach 1.5).
* Two-dimensional, behind a fin's blunt edge: below Mach 1 Hoerner's 0.135/∛(Cf 2c/t) with the body's rise in Mach;
  above, the turbulent base pressure of Korst, J. Appl. Mech. 23 (1956).
* Power on, the jet fills its share of the base, and what is left of it keeps its suction: a factor of 1 - A_e/S_b (Fleeman, same page). A jet may also pump
  the wake empty or fill it: `AeroOptions.base_beside_jet` is a factor on the ring that is left, uncertain where nobody states it (`dispersion.unsaid`).
"""

from __future__ import annotations

import numpy as np

from downrange.constants import HEAT_RATIO_AIR as G
from downrange.tables import smoothstep

__all__ = ["base_pressure_drag", "edge_base_drag", "flared_base_drag", "subsonic_growth"]

_LEVEL = 0.8  # the Mach number up to which the suction is one level
_CORNER = 0.12
_JUMP = (0.9, 1.06)  # where the wave behind the base makes it supersonic; McCoy's two laws meet with a step at Mach 1
_KORST = ([1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 8.0], [0.57, 0.40, 0.29, 0.215, 0.125, 0.08, 0.025])  # base over ambient p


def base_pressure_drag(mach: np.ndarray, friction: float | None = None, finned: bool = False) -> np.ndarray:
    """-Cp on the base of a long cylinder, coasting; `friction` is C_fB. Without it, behind a corner."""
    m = np.asarray(mach, float)
    n = np.maximum(m, 1.5)
    ratio = (2 / (G + 1)) ** G * n ** (-2 * G) * (2 * G * n * n - (G - 1)) / (G + 1)
    high = 2 / (G * n * n) * (1 - ratio)
    high = high if finned else 0.5 * (0.25 / n + high)
    high = 0.25 + (high - 0.25) * np.clip((m - 1) / 0.5, 0, 1)
    if friction is None:
        level = _CORNER
    else:
        level = min(0.029 / np.sqrt(max(friction, 1e-3)), 0.2)
    low, w = level * subsonic_growth(m), smoothstep(m, *_JUMP)
    return np.asarray(low + w * (np.minimum(high, 2 / (G * np.maximum(m, 1.0) ** 2)) - low))


def flared_base_drag(mach: np.ndarray, edge: np.ndarray, friction: float, finned: bool = False) -> np.ndarray:
    """-Cp on a base behind a flare on whose surface Cp is `edge` (of the shape of `mach`); a cylinder's where that is none."""
    m = np.maximum(np.asarray(mach, float), 1.0)
    plain = base_pressure_drag(mach, friction, finned)
    p = np.maximum(1 + 0.5 * G * m * m * edge, 0.1)
    total = (1 + 0.5 * (G - 1) * m * m) ** (G / (G - 1))
    local = np.sqrt(np.maximum(((p / total) ** (-(G - 1) / G) - 1) * 2 / (G - 1), 1.0))
    inside = base_pressure_drag(local, friction, finned) * p * (local / m) ** 2 - edge
    return np.asarray(plain + smoothstep(np.asarray(mach), 1.0, 1.3) * 0.5 * (np.maximum(inside, 0.0) - plain))


def subsonic_growth(mach: np.ndarray) -> np.ndarray:
    """Suction on the base of a long cylinder at `mach` over that at low speed: one to Mach 0.8, then McCoy's; held from Mach 1."""

    def suction(m: np.ndarray) -> np.ndarray:
        n = m * m
        return np.asarray((1 - (1 + 0.09 * n) / (1 + 0.1875 * n + 0.0531 * n * n)) / n)

    return suction(np.clip(mach, _LEVEL, 1.0)) / suction(np.array(_LEVEL))


def edge_base_drag(mach: np.ndarray, friction: np.ndarray, slenderness: float) -> np.ndarray:
    """-Cp behind a blunt trailing edge; `friction` is the fin's Cf, `slenderness` its chord over the edge's thickness."""
    m = np.asarray(mach, float)
    low = 0.135 / np.cbrt(np.maximum(2 * friction * slenderness, 0.02)) * (1 + 13 / 12 * np.minimum(m, 1.0) ** 2)
    n = np.maximum(m, 1.5)
    high = 2 / (G * n**2) * (1 - np.interp(n, *_KORST))
    w = smoothstep(m, 0.9, 1.5)
    return np.asarray((1 - w) * np.minimum(low, 0.6) + w * high)
