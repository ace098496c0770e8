"""Where the centre of pressure lies in the plane that steers least (docs/theory/aerodynamics, "Unequal planes").

With fins missing, or two, or unevenly spaced, slope and moment are symmetric matrices over the body's y and z planes:
A_k = [[a_k + d_k, e_k], [e_k, a_k - d_k]]. In the plane of a unit vector n the centre of pressure is nᵀA₁n / nᵀA₀n; its least
value over all planes is the smaller root λ of det(A₁ - λA₀) = 0, the same for every centre of gravity.
"""

from __future__ import annotations

import numpy as np

__all__ = ["least_plane"]

Value = np.ndarray | float


def least_plane(
    a0: Value, a1: Value, d0: Value = 0.0, d1: Value = 0.0, e0: Value = 0.0, e1: Value = 0.0
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """CNα and centre of pressure in the plane where it lies furthest forward, and the least CNα of any plane.

    a0, d0, e0: CNα, half the difference of the y and the z plane, and their coupling, per radian; a1, d1, e1: the same times
    x in m aft of the nose tip; all of one shape. Returns (per radian, m aft of the nose tip, per radian), of that shape; the
    first two are NaN where some plane has no CNα above zero.
    """
    a0, a1, d0, d1, e0, e1 = (np.asarray(v, float) for v in (a0, a1, d0, d1, e0, e1))
    odd = np.hypot(d0, e0)
    least = a0 - odd
    p = np.where(least > 0, least * (a0 + odd), np.nan)  # det A0
    s = 2 * (a0 * a1 - d0 * d1 - e0 * e1)
    q = a1 * a1 - d1 * d1 - e1 * e1
    cp = (s - np.sqrt(np.maximum(s * s - 4 * p * q, 0.0))) / (2 * p)
    # A1 - λA0 has no negative eigenvalue, and its null direction is that plane.
    nd, ne = d1 - cp * d0, e1 - cp * e0
    size = np.hypot(nd, ne)
    slope = a0 - (d0 * nd + e0 * ne) / np.where(size > 0, size, 1.0)
    return slope, cp, least
