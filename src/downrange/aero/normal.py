"""Normal force, centre of pressure and roll of bodies and fins: Barrowman's method with Prandtl-Glauert.

Sources: J. S. Barrowman, The Practical Calculation of the Aerodynamic Characteristics of Slender Finned Vehicles
(1967); F. W. Diederich, NACA TN 2335 (1951); J. W. Galejs, Wind Instability, Sentinel 39 (1999) for body lift, here on the fins' planform too
(a flat plate across the flow has 1.2; Hoerner 3-16);
E. L. Fleeman, Tactical Missile Design (2006), p. 33 for the supersonic centre of pressure; MIL-HDBK-762, p. 5-24 for
more than four fins.

Bodies are exact in slender-body theory at every Mach number; fins are good to Mach 0.9. Above, the linear supersonic
value 4/β with tip loss, and a cubic between: usable, and marked as such.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from downrange.rocket import FinSet, NoseCone, Placed, Rocket, Transition, planform, profile
from downrange.rocket.planform import Planform

__all__ = ["Lift", "fin_lift_slope", "lifts", "planform_area"]

_SUBSONIC, _SUPERSONIC = 0.9, 1.3  # Mach numbers between which a cubic joins both theories
_COUNT_EFFICIENCY = {5: 0.948, 6: 0.913, 7: 0.854, 8: 0.81}
Law = Callable[[np.ndarray], np.ndarray]
_BODY_LIFT = 1.1  # Galejs' K on the planform area


@dataclass(frozen=True, eq=False)
class Lift:
    """One component's linear normal force over Mach: all arrays (n,), coefficients on the rocket's reference area.

    `matrix` (2, 2): shares of the slope in the body's y and z planes and their coupling, one for a symmetric part.
    roll_force: Cl from cant; roll_damp: Σ (CNα/S_f) c ξ² dy in m2, so that the moment is ½ρVS roll_damp p.
    """

    name: str
    path: str
    slope: np.ndarray
    cp: np.ndarray
    matrix: np.ndarray
    roll_force: np.ndarray
    roll_damp: np.ndarray
    roll_side: np.ndarray  # (2,) roll moment arm times share per unit slope, for v and w
    cant_side: np.ndarray  # (2,) share of the slope times cant in y and z


def _plain(name: str, path: str, slope: np.ndarray, cp: np.ndarray) -> Lift:
    zero = np.zeros_like(slope)
    return Lift(name, path, slope, cp, np.eye(2), zero, zero, np.zeros(2), np.zeros(2))


def outline(q: Placed, n: int = 400) -> tuple[np.ndarray, np.ndarray]:
    """Stations (n + 1,) m aft of the nose tip and radii of a body part."""
    s = np.linspace(0, 1, n + 1)
    part, length = q.part, q.aft - q.front
    fore, aft = (0.0 if isinstance(part, NoseCone) else q.at.outer), q.at.aft_outer
    if isinstance(part, NoseCone | Transition) and fore != aft:
        low, high = min(fore, aft), max(fore, aft)
        along = s if aft > fore else 1 - s
        if low == 0:
            r = profile(part.shape, along, length=length, radius=high, parameter=part.shape_parameter)
        else:
            r = low + profile(part.shape, along, length=length, radius=high - low, parameter=part.shape_parameter)
    else:
        r = np.full_like(s, aft)
    return q.front + s * length, r


def planform_area(rocket: Rocket) -> tuple[float, float]:
    """Side area of body and fins over the reference area, and its centroid in m aft of the nose tip.

    Half of a set's fins count, which is what evenly spaced fins show to any side. Without them a rocket that falls
    sideways would be steered by its body alone, and could come down backwards.
    """
    area = moment = 0.0
    for q in rocket.find(FinSet):
        assert isinstance(q.part, FinSet)
        plan = planform(q.part)
        side = 0.5 * q.part.count * plan.area
        middle = q.front + float(((plan.le + 0.5 * plan.chord) * plan.chord).sum() / plan.chord.sum())
        area += side
        moment += side * middle
    for q in rocket.placed:
        if q.depth == 0:
            x, r = outline(q)
            area += float(np.trapezoid(2 * r, x))
            moment += float(np.trapezoid(2 * r * x, x))
    return area / rocket.reference_area, moment / area


def fin_lift_slope(
    plan: Planform, mach: np.ndarray, reference_area: float, section_slope: float = 2 * np.pi
) -> np.ndarray:
    """CNα of one fin in flow across its plane, without the body, per radian, shape of `mach`.

    `section_slope` is the two-dimensional lift slope of its aerofoil at low speed, per radian (Diederich's η).
    """
    m = np.asarray(mach, float)
    cos_sweep = np.cos(plan.midchord_sweep)

    def below(x: np.ndarray) -> np.ndarray:
        beta = np.sqrt(np.maximum(1 - x * x, 1e-6))
        f = plan.aspect_ratio * beta * 2 * np.pi / (section_slope * cos_sweep)
        slope = section_slope / beta * (plan.area / reference_area) * f * cos_sweep / (2 + np.sqrt(f * f + 4))
        return np.asarray(slope)

    def above(x: np.ndarray) -> np.ndarray:
        beta = np.sqrt(np.maximum(x * x - 1, 0.05))
        ab = np.maximum(plan.aspect_ratio * beta, 1.0)
        return np.asarray(4 / beta * (plan.area / reference_area) * (1 - 1 / (2 * ab)))

    return _joined(m, below, above)


def _joined(m: np.ndarray, below: Law, above: Law) -> np.ndarray:
    a, b, e = _SUBSONIC, _SUPERSONIC, 1e-3
    fa, fb = float(below(np.array(a))), float(above(np.array(b)))
    ga = (fa - float(below(np.array(a - e)))) / e * (b - a)
    gb = (float(above(np.array(b + e))) - fb) / e * (b - a)
    # A cubic through both ends; the steep subsonic slope is capped so that the cubic does not overshoot by much.
    ga = min(ga, 0.45 * max(fa, fb))
    s = np.clip((m - a) / (b - a), 0, 1)
    mid = fa * (1 + 2 * s) * (1 - s) ** 2 + ga * s * (1 - s) ** 2 + fb * s * s * (3 - 2 * s) + gb * s * s * (s - 1)
    return np.where(m <= a, below(np.minimum(m, a)), np.where(m >= b, above(np.maximum(m, b)), mid))


def _fin_cp(plan: Planform, mach: np.ndarray) -> np.ndarray:
    """Centre of pressure aft of the root's leading edge: quarter of the mean chord, moving aft above Mach 0.8."""
    ab = np.maximum(plan.aspect_ratio * np.sqrt(np.maximum(mach**2 - 1, 0.0)), 1.0)
    share = np.where(ab > 1.0, (ab - 0.67) / (2 * ab - 1), 0.33)
    far = np.clip(share, 0.25, 0.5)
    w = np.clip((mach - 0.8) / 0.8, 0, 1)
    w = w * w * (3 - 2 * w)
    return np.asarray(plan.mac_leading_edge + plan.mean_aerodynamic_chord * (0.25 + w * (far - 0.25)))


def _fins(q: Placed, mach: np.ndarray, rocket: Rocket, section_slope: float) -> Lift:
    fin = q.part
    assert isinstance(fin, FinSet)
    plan, r, n = planform(fin), q.at.outer, fin.count
    tau = r / (r + plan.span)
    one = fin_lift_slope(plan, mach, rocket.reference_area, section_slope)
    efficiency = _COUNT_EFFICIENCY.get(n, 1.0 if n < 5 else 0.75)
    slope_one = one * (1 + tau) * efficiency
    angles = fin.angle + 2 * np.pi * np.arange(n) / n
    normal = np.stack([-np.sin(angles), np.cos(angles)])
    shares = normal @ normal.T
    mean = 0.5 * n
    xi = r + plan.y
    damp = float((plan.chord * xi**2).sum() * plan.dy / plan.area)
    arm = r + plan.mac_height
    return Lift(
        fin.name or "fins", q.path, slope_one * mean, q.front + _fin_cp(plan, mach), shares / mean,
        roll_force=n * one * (1 + tau) * efficiency * fin.cant * arm / rocket.diameter,
        roll_damp=n * one * efficiency * damp,
        roll_side=-arm * normal.sum(axis=1) / mean,
        cant_side=-fin.cant * normal.sum(axis=1) / mean,
    )  # fmt: skip


def lifts(rocket: Rocket, mach: np.ndarray, section_slope: float = 2 * np.pi) -> list[Lift]:
    """Every component's linear normal force at `mach` (n,)."""
    out = []
    for q in rocket.placed:
        if isinstance(q.part, NoseCone | Transition) and q.depth == 0:
            x, r = outline(q)
            fore, aft = np.pi * r[0] ** 2, np.pi * r[-1] ** 2
            change = aft - fore
            if abs(change) < 1e-12:
                continue
            volume = float(np.trapezoid(np.pi * r**2, x))
            cp = q.front + ((q.aft - q.front) * aft - volume) / change
            slope = 2 * change / rocket.reference_area
            name = q.part.name or ("nose" if isinstance(q.part, NoseCone) else "transition")
            out.append(_plain(name, q.path, np.full_like(mach, slope), np.full_like(mach, cp)))
        elif isinstance(q.part, FinSet):
            out.append(_fins(q, mach, rocket, section_slope))
    return out


def body_lift_factor() -> float:
    """Galejs' constant: cross-flow normal force over planform area times sin²α."""
    return _BODY_LIFT
