"""Barrowman's method, kept to compare with: low-speed slender bodies, Diederich's fins, (1 + τ) for interference.

Sources: J. S. Barrowman, The Practical Calculation of the Aerodynamic Characteristics of Slender Finned Vehicles
(1967); F. W. Diederich, NACA TN 2335 (1951); E. L. Fleeman, Tactical Missile Design (2006), p. 33 for the supersonic centre of
pressure. Fins are good to Mach 0.9; above, the linear supersonic value 4/β with tip loss, and a cubic between.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from downrange.aero.beside import attached_at, lift_beside
from downrange.aero.geometry import outline
from downrange.aero.lift import Lift, fin_set_lift, part_lift, plain_lift
from downrange.aero.planes import least_plane
from downrange.rocket import Assembly, FinSet, NoseCone, Placed, Rocket, Transition, planform
from downrange.rocket.planform import Planform
from downrange.tables import smoothstep

__all__ = ["barrowman_cp", "barrowman_lifts", "fin_lift_slope"]

_SUBSONIC, _SUPERSONIC = 0.9, 1.3  # Mach numbers between which a cubic joins both theories
Law = Callable[[np.ndarray], np.ndarray]


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
    w = smoothstep(mach, 0.8, 1.6)
    return np.asarray(plan.mac_leading_edge + plan.mean_aerodynamic_chord * (0.25 + w * (far - 0.25)))


def _fins(q: Placed, mach: np.ndarray, rocket: Rocket, section_slope: float) -> Lift:
    fin = q.part
    assert isinstance(fin, FinSet)
    plan, r = planform(fin), q.at.outer
    tau = r / (r + plan.span)
    one = fin_lift_slope(plan, mach, rocket.reference_area, section_slope)
    xi = r + plan.y
    damp = one * float((plan.chord * xi**2).sum() * plan.dy / plan.area)
    cp = q.front + _fin_cp(plan, mach)
    arm = np.full_like(mach, r + plan.mac_height)
    return fin_set_lift(
        q, rocket.diameter, one=one * (1 + tau), canted=one * (1 + tau), damp=damp, cp=cp, second=cp**2, arm=arm
    )


def barrowman_lifts(rocket: Rocket, mach: np.ndarray, section_slope: float = 2 * np.pi) -> list[Lift]:
    """Every component's linear normal force at `mach` (n,)."""
    out = []
    for q in rocket.placed:
        if q is rocket.placed[0] and not isinstance(q.part, NoseCone | Transition):
            face = np.full_like(mach, 2 * np.pi * q.at.outer**2 / rocket.reference_area)
            out.append(plain_lift(q.part.name or "face", q.path, face, np.full_like(mach, q.front)))
        elif isinstance(q.part, NoseCone | Transition) and q.depth == 0:
            x, r = outline(q)
            fore = 0.0 if q is rocket.placed[0] else np.pi * r[0] ** 2  # the foremost face lifts as a nose of no length
            aft = np.pi * r[-1] ** 2
            change = aft - fore
            if abs(change) < 1e-12:
                continue
            volume = float(np.trapezoid(np.pi * r**2, x))
            cp = q.front + ((q.aft - q.front) * aft - volume) / change
            slope = 2 * change / rocket.reference_area
            name = q.part.name or ("nose" if isinstance(q.part, NoseCone) else "transition")
            out.append(plain_lift(name, q.path, np.full_like(mach, slope), np.full_like(mach, cp)))
        elif isinstance(q.part, FinSet):
            out.append(_fins(q, mach, rocket, section_slope))
        elif isinstance(q.part, Assembly):
            a = attached_at(rocket, q.path)
            out.append(lift_beside(a, barrowman_lifts(a.rocket, mach, section_slope), rocket))
        elif (lift := part_lift(q.part, q, mach, rocket, section_slope)) is not None:
            out.append(lift)
    return [replace(p, kind="barrowman") if p.kind in ("body", "fins", "pods") else p for p in out]


def barrowman_cp(rocket: Rocket, mach: float = 0.3) -> float:
    """Centre of pressure by this method, m aft of the nose tip, in the plane that steers least; NaN where forces cancel.

    The rule of one calibre stands on it.

    mach: Mach number, below 1.
    """
    sums = np.zeros((2, 2, 2))
    size = 0.0
    for p in barrowman_lifts(rocket, np.array([mach])):
        sums += np.stack([p.slope[0] * p.matrix, p.first[0] * p.matrix])
        size += abs(p.slope[0])
    mean, half, both = 0.5 * (sums[:, 0, 0] + sums[:, 1, 1]), 0.5 * (sums[:, 0, 0] - sums[:, 1, 1]), sums[:, 0, 1]
    _, cp, least = least_plane(mean[0], mean[1], half[0], half[1], both[0], both[1])
    return float(cp) if least > 0.005 * size else float("nan")
