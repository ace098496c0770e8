"""What a body and its fins do to each other's lift: Pitts, Nielsen and Kaattari, NACA Report 1307 (1957).

K_W(B): the fins' lift in the body's upwash, over that of the fins alone (two joined at the root). K_B(W): what
the fins' pressure field adds on the body. With τ = r/(r + s) both are slender-body theory's; of K_B(W) counts what falls on the body
that is there: below Mach 1 by a vortex lattice on fins and flat body, which gives its place too (for fins without sweep the quarter
chord, as in the report), above Mach 1 by the report's field of a fin with supersonic edges on a flat body, cut at the body's end.
"""

from __future__ import annotations

import numpy as np

from downrange.aero.lifting import body_lift_kept
from downrange.rocket.planform import Planform

__all__ = ["body_carry_over", "body_share", "deflected_share", "fin_share"]


_NEAR_SONIC = 0.9  # the lattice is solved here and at rest; between, with M²


def fin_share(tau: float) -> float:
    """K_W(B) at incidence (eq. 10) for τ = r / (r + span), 0 to 1."""
    if tau < 1e-6:
        return 1.0
    t = 1 / tau
    first = (1 + tau**4) * (0.5 * np.arctan(0.5 * (t - tau)) + np.pi / 4)
    return float(2 / np.pi * (first - tau**2 * ((t - tau) + 2 * np.arctan(tau))) / (1 - tau) ** 2)


def body_share(tau: float) -> float:
    """K_B(W) of slender-body theory (eq. 18): both together make (1 + τ)²."""
    return (1 + tau) ** 2 - fin_share(tau)


def body_carry_over(
    plan: Planform, radius: float, mach: np.ndarray, slope: np.ndarray, tail: float
) -> tuple[np.ndarray, np.ndarray]:
    """K_B(W) and the place of that lift (m aft of the root's leading edge), at each `mach` (n,).

    `slope` (n,): the fin's own, on its area. `tail` (m): body left behind the root's trailing edge.
    """
    tau = radius / (radius + plan.span)
    slender, root = body_share(tau), plan.root_chord
    m = np.asarray(mach, float)
    sweep = np.tan(plan.leading_edge_sweep)
    low, high = np.stack(body_lift_kept(plan, radius, (0.0, _NEAR_SONIC), tail), axis=1)
    w = np.minimum(m / _NEAR_SONIC, 1.0) ** 2
    k, x = slender * (low[0] + w * (high[0] - low[0])), low[1] + w * (high[1] - low[1])
    fast = m > 1
    if fast.any():
        force, moment = _flat_body(np.sqrt(m[fast] ** 2 - 1), sweep, 2 * radius, root, tail)
        k[fast] = np.minimum(force / (slope[fast] * plan.area), slender)
        x[fast] = np.where(force > 0, moment / np.where(force > 0, force, 1.0), 0.5 * root)
    return k, x


def _flat_body(beta: np.ndarray, sweep: float, width: float, root: float, tail: float) -> tuple[np.ndarray, np.ndarray]:
    """∫∫ ΔCp/α and its moment about the root's leading edge (n,), on a flat body of `width` beside one fin, at each β (n,).

    ΔCp = 4/(π√(β² - tan²Λ)) arccos(b / √(b² + (β² - tan²Λ)(x² - β²y²))), b = x tan Λ + β²y: the sources of the fin's
    leading edge, integrated. It ends at the Mach line of the root's trailing edge, or where the body ends.
    """
    beta = beta[:, None, None]
    sweep = np.clip(sweep, 0.0, 0.98 * beta)  # subsonic edges: as at the sonic one; slender theory limits K there
    a = beta**2 - sweep**2
    y = (np.arange(16) + 0.5) / 16 * width
    start = beta * y
    end = np.minimum(start + root, root + tail)
    s = (np.arange(16) + 0.5)[:, None] / 16
    reach = np.maximum(end - start, 0)
    x = start + s**2 * reach  # finer where the arccos starts steeply
    b = x * sweep + beta**2 * y
    far = np.sqrt(b**2 + a * np.maximum(x**2 - start**2, 0))
    weight = np.arccos(np.clip(b / far, -1, 1)) * 4 / (np.pi * np.sqrt(a)) * 2 * s / 16 * reach * (width / 16)
    return weight.sum(axis=(1, 2)), (weight * x).sum(axis=(1, 2))


def deflected_share(tau: float) -> float:
    """k_W(B): lift of a fin turned by its own cant on a body at no incidence, over that of the fin alone (eq. 19)."""
    if tau < 1e-4:
        return 1.0
    t = 1 / tau
    if t < 1 + 1e-3:
        return 1.0
    a = np.arcsin((t * t - 1) / (t * t + 1))
    b = (t * t + 1) ** 2 / (t * t * (t - 1) ** 2)
    c = (t + 1) / (t * (t - 1))
    first = np.pi**2 / 4 * (t + 1) ** 2 / t**2 + np.pi * b * a - 2 * np.pi * c + b * a * a - 4 * c * a
    return float((first + 8 / (t - 1) ** 2 * np.log((t * t + 1) / (2 * t))) / np.pi**2)
