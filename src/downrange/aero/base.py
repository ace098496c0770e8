"""Base drag, power off and on.

* Below Mach 0.7 0.029/√C_fB on a cylinder's base, with C_fB the body's friction on that area (Hoerner, Fluid-Dynamic Drag, 1965, 3-19; DATCOM
  4.2.3.1): the thicker the boundary layer, the less suction. No more than 0.2. From there to 0.25 at Mach 1 (Fleeman, Tactical Missile
  Design, 2006, p. 23). Above Mach 1.5 two laws stand on either side of what was measured on bare bodies,
  Fleeman's 0.25/M and Gabeaud's (J. Aero. Sci. 17, 1950): at Mach 2 0.125 and 0.178 beside Chapman's 0.157 (NACA Report 1051,
  turbulent), at Mach 2.46 0.102 and 0.136 beside Herrin and Dutton's 0.102 (AIAA J. 32, 1994). Bare bodies take their mean; fins within
  a diameter of the base lower its pressure (Love, NACA TN 3819), and take Gabeaud's. Straight from Mach 1 to 1.5.
* Behind a corner that the flow leaves (boat-tails, steps down): 0.12 + 0.13 M², whatever the boundary layer.
* A boat-tail's flow presses on the base: its suction goes with the base's diameter over the body's (DATCOM 4.2.3.1 after Hoerner: base
  drag with the third power), as far as the flow keeps to the boat-tail.
* Two-dimensional, behind a fin's blunt edge: below Mach 1 Hoerner's 0.135/∛(Cf 2c/t) with the body's rise in Mach;
  above, the turbulent base pressure of Korst, J. Appl. Mech. 23 (1956).
* Power on, the jet fills its share of the base.
"""

from __future__ import annotations

import numpy as np

from downrange.constants import HEAT_RATIO_AIR as G
from downrange.tables import smoothstep

__all__ = ["base_pressure_drag", "edge_base_drag"]

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
        low, w = 0.12 + 0.13 * np.minimum(m, 1.0) ** 2, np.where(m < 1, 0.0, 1.0)
    else:
        low = np.full_like(m, min(0.029 / np.sqrt(max(friction, 1e-3)), 0.2))
        w = smoothstep(m, 0.7, 1)
    return np.asarray(low + w * (np.minimum(high, 2 / (G * np.maximum(m, 1.0) ** 2)) - low))


def edge_base_drag(mach: np.ndarray, friction: np.ndarray, slenderness: float) -> np.ndarray:
    """-Cp behind a blunt trailing edge; `friction` is the fin's Cf, `slenderness` its chord over the edge's thickness."""
    m = np.asarray(mach, float)
    low = 0.135 / np.cbrt(np.maximum(2 * friction * slenderness, 0.02)) * (1 + 13 / 12 * np.minimum(m, 1.0) ** 2)
    n = np.maximum(m, 1.5)
    high = 2 / (G * n**2) * (1 - np.interp(n, *_KORST))
    w = smoothstep(m, 0.9, 1.5)
    return np.asarray((1 - w) * np.minimum(low, 0.6) + w * high)
