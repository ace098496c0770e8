"""Force across the rocket from flow that separates: CN = K(M sin α) (A_p/S) sin² α.

* Body: η C_dn (Allen and Perkins, NACA Report 1048; Jorgensen, NASA TR R-474). C_dn of a circular cylinder below its critical Reynolds number
  against cross-flow Mach number: NACA TN 2960; Newton's 4/3 beyond. η for the finite length fades to 1 where the cross-flow is supersonic.
* Fins, half of a set's area: a plate across the flow, 1.17 for the aspect ratios of fins (Hoerner 3-16), rising with the stagnation
  pressure; at small angles that is the lift of their edges' vortices (Polhamus, NASA TN D-3767, finds 3.1 on the area of the fins in the plane).
"""

from __future__ import annotations

import numpy as np

from downrange.aero.blunt import stagnation_pressure
from downrange.tables import monotone, smoothstep

__all__ = ["body_crossflow", "fin_crossflow"]

_CYLINDER = (
    [0.0, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 1.0, 1.6, 2.0, 2.8],
    [1.2, 1.22, 1.25, 1.3, 1.4, 1.5, 1.6, 2.1, 1.5, 1.45, 1.33],
)
_FINENESS = ([2.0, 5.0, 10.0, 15.0, 20.0, 25.0, 30.0, 40.0], [0.57, 0.62, 0.68, 0.71, 0.74, 0.765, 0.79, 0.82])


def body_crossflow(cross_mach: np.ndarray, fineness: float) -> np.ndarray:
    """η C_dn at the Mach number across the body; `fineness` is its length over its diameter."""
    m = np.asarray(cross_mach, float)
    eta = float(np.interp(fineness, *_FINENESS))
    w = smoothstep(m, 0.5, 1)
    return monotone(np.array(_CYLINDER[0]), np.array(_CYLINDER[1]), m) * (eta + (1 - eta) * w)


def fin_crossflow(cross_mach: np.ndarray) -> np.ndarray:
    """Normal-force coefficient of a fin across the flow, on its area."""
    return 1.17 * stagnation_pressure(cross_mach)
