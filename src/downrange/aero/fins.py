"""Fins on a body, across Mach: lift with interference and thickness, and drag by section.

Lift: `downrange.aero.lifting` for one fin on a wall, times K_W(B), plus K_B(W) on the body (`downrange.aero.interference`); thickness by

the mean dynamic pressure of the body's boundary layer, and thickness by Busemann's second-order pressure above Mach 1 (Z. angew. Math. Mech. 15, 1935; Liepmann and Roshko, ch. 4): a surface that faces the flow
by δ lifts 1 + 2 (C₂/C₁) δ times as much. Against its own cant a fin lifts k_W (NACA Report 1307, eq. 19) times as much as alone.
"""

from __future__ import annotations

import numpy as np

from downrange.aero.bodies import separated_share
from downrange.aero.expansion import turned_mach, turning_response
from downrange.aero.interference import body_carry_over, deflected_share, fin_share
from downrange.aero.lift import Lift, fin_set_lift, part_lift
from downrange.aero.lifting import lifting_surface
from downrange.constants import HEAT_RATIO_AIR as G
from downrange.errors import InputError
from downrange.rocket import FinSet, Placed, Planform, Rocket, Transition, planform
from downrange.tables import monotone, smoothstep

__all__ = ["NODES", "centre_of_gravity", "fin_alone", "fin_lift", "fin_slope", "thickness_gain"]

NODES = np.array([0.0, 0.5, 0.75, 0.88, 0.96, 1.1, 1.2, 1.33, 1.52, 1.8, 2.2, 2.8, 3.6, 5.0, 8.0])

# Mean slope of the surface over thickness/chord, and how far aft of mid-chord its share of the lift lies over chord and thickness ratio.
_SECTION = {
    "wedge": (0.5, 0.0),
    "double wedge": (0.0, -0.25),
    "hexagonal": (0.0, -1 / 3),
    "airfoil": (0.0, -1 / 3),
}


def thickness_gain(mach: np.ndarray) -> np.ndarray:
    """2 C₂/C₁ = ((M² - 2)² + γM⁴) / (2β³) per radian of slope; held below Mach 1.5, where it loses its meaning, to none at Mach 1."""
    m = np.maximum(np.asarray(mach, float), 1.5)
    w = smoothstep(np.asarray(mach, float), 1.0, 1.5)
    return np.asarray(w * ((m * m - 2) ** 2 + G * m**4) / (2 * (m * m - 1) ** 1.5))


def _boundary_layer(q: Placed, plan: Planform, mach: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean dynamic pressure over a fin that stands in the body's boundary layer, over the free stream's: for lift, for roll.

    Turbulent layer δ = 0.37 x Re^-0.2 with the 1/7-power profile (Schlichting), at the ground's unit Reynolds number.
    """
    x = max(q.front + 0.5 * plan.root_chord, 1e-6)  # ahead of the body there is no layer
    unit = 2.3e7 * np.maximum(mach, 0.1)
    delta = (0.37 * x * (unit * x) ** -0.2)[:, None]
    pressure = np.minimum(plan.y / delta, 1.0) ** (2 / 7)
    arm = q.at.outer + plan.y
    lift, roll = plan.chord, plan.chord * arm**2
    return (pressure * lift).sum(axis=1) / lift.sum(), (pressure * roll).sum(axis=1) / roll.sum()


def _boat_tail(
    q: Placed, plan: Planform, mach: np.ndarray, rocket: Rocket
) -> tuple[np.ndarray, float, np.ndarray, float]:
    """What a boat-tail beside the fins takes from their lift (a share at each Mach), the mean width of the body along the root over its
    radius, the share of the boat-tail's flow that has left it, and where it begins (m aft of the root's trailing edge; negative).

    Above Mach 1 the flow that it turns away lifts less by Prandtl and Meyer's p M²/√(M² - 1), behind the corner's Mach line, fading
    outwards as the root of the radius. Below, what has separated holds no pressure difference: the part of the fins' lift that thin
    aerofoils carry behind the corner goes, with the same fading, and the body's share of the lift ends there. The separated
    share grows as the pressures that cause it, with 1/√(1 - M²), until the expansion at the corner turns supersonic.
    """
    radius, root = q.at.outer, np.array([q.front, q.front + plan.root_chord])
    share, width, left, corner_at = np.ones_like(mach), 1.0, np.zeros_like(mach), 0.0
    for tail in rocket.placed:
        narrows = isinstance(tail.part, Transition) and tail.depth == 0 and tail.at.aft_outer < tail.at.outer
        if not narrows or tail.front <= root[0] or tail.front >= root[1] or tail.at.outer < 0.9 * radius:
            continue
        reach = min(root[1], tail.aft) - tail.front
        angle = np.arctan2(tail.at.outer - tail.at.aft_outer, tail.aft - tail.front)
        width -= reach / plan.root_chord * 0.5 * reach * np.tan(angle) / radius
        m = np.maximum(mach, 1.3)
        after = turned_mach(m, min(angle, 0.35))
        ratio = turning_response(after) / turning_response(m)
        corner, fading = tail.front - q.front, np.sqrt(radius / (radius + plan.y))
        line = corner + plan.y[None, :] * np.sqrt(m * m - 1)[:, None]
        behind = np.clip((plan.le + plan.chord - line) / np.maximum(plan.chord, 1e-9), 0, 1)
        lost = behind * (1 - ratio[:, None]) * fading
        w = np.clip((mach - 0.95) / 0.15, 0, 1)
        share = share - w * (lost * plan.chord).sum(axis=1) / plan.chord.sum()
        corner_at = tail.front - root[1]
        left = np.minimum(separated_share(tail) / np.sqrt(1 - np.minimum(mach, 0.95) ** 2), 1.0) * (1 - w)
        share = share - left * (_lift_behind(plan, corner) * fading * plan.chord).sum() / plan.chord.sum()
    return share, width, left, corner_at


def _lift_behind(plan: Planform, corner: float) -> np.ndarray:
    """Share of each strip's lift behind `corner` (m aft of the root's leading edge): 1 - (θ + sin θ)/π, cos θ = 1 - 2x/c (thin aerofoils)."""
    at = np.clip((corner - plan.le) / np.maximum(plan.chord, 1e-9), 0, 1)
    theta = np.arccos(1 - 2 * at)
    return np.asarray(1 - (theta + np.sin(theta)) / np.pi)


def _lag(mach: np.ndarray, aspect_ratio: float) -> np.ndarray:
    """What a growing angle of attack adds to a fin's lift, in half-chords travelled: (M² - 2)/(M² - 1) above Mach 1.

    Garrick and Rubinow, NACA Report 846, to first order in the frequency: in an oscillation it damps less below Mach √2 and more
    above. Where the tips' Mach lines cross (β A < 1, A no more than 2) it grows no more; below Mach 0.75 it is left out. It enters as damping about the centre of
    gravity without motor (`centre_of_gravity`), which the propellant moves by little against the fins' arm.
    """
    inverse = (np.maximum(mach**2 - 1, 0.0) ** 4 + min(aspect_ratio, 2.0) ** -8) ** -0.25
    w = smoothstep(mach, 0.75, 1.1)
    return np.asarray(w * (1 - inverse))


def centre_of_gravity(rocket: Rocket) -> float:
    """Without motor, m aft of the nose tip: about it the damping that sums cannot hold is exact."""
    try:
        return float(rocket.without_motor.cg[0])
    except InputError:  # no mass given: where centres of gravity lie
        return 0.6 * rocket.length


def fin_alone(q: Placed, mach: np.ndarray, rocket: Rocket, section_slope: float) -> np.ndarray:
    """CNα at `mach` (n,) of one fin without its body, on the reference area of `rocket`, in the flow that it stands in there."""
    fin = q.part
    assert isinstance(fin, FinSet)
    plan = planform(fin)
    slack, slow = _boat_tail(q, plan, mach, rocket)[0], _boundary_layer(q, plan, mach)[0]
    return _one_fin(q, mach, rocket, section_slope, slack * slow)


def _one_fin(q: Placed, mach: np.ndarray, rocket: Rocket, section_slope: float, meets: np.ndarray) -> np.ndarray:
    """`fin_alone` where what its flow `meets` takes from the lift is known, (n,)."""
    fin = q.part
    assert isinstance(fin, FinSet)
    plan = planform(fin)
    slope = lifting_surface(plan, q.at.outer, mach).slope
    gain = thickness_gain(mach) * fin.thickness / plan.mean_aerodynamic_chord
    mean, section = _SECTION.get(fin.section, (0.0, 0.0))[0], np.where(mach < 1, section_slope / (2 * np.pi), 1.0)
    return np.asarray(slope * section * meets * plan.area / rocket.reference_area * (1 + mean * gain))


@part_lift.register
def fin_lift(fin: FinSet, q: Placed, mach: np.ndarray, rocket: Rocket, section_slope: float) -> Lift:
    """A set of fins at `mach` (n,). `section_slope` (1/rad) scales the lift below Mach 1 by its ratio to 2π."""
    plan, radius = planform(fin), q.at.outer
    tau = radius / (radius + plan.span)
    # one node beyond the table: what stands at a Mach number must not hang on where the table ends
    nodes = NODES[: int(np.searchsorted(NODES, mach.max())) + 2]
    surface = lifting_surface(plan, radius, nodes)
    tail = max(rocket.length - (q.front + plan.root_chord), 0.0)
    k_body, x_body = body_carry_over(plan, radius, nodes, surface.slope, tail)
    k_fin = fin_share(tau)
    slack, width, left, corner = _boat_tail(q, plan, nodes, rocket)
    if left.any():
        k_short, x_short = body_carry_over(plan, radius, nodes, surface.slope, corner)
        k_both = (1 - left) * k_body + left * k_short
        x_body = ((1 - left) * k_body * x_body + left * k_short * x_short) / k_both
        k_body = k_both
    k_body = k_body * width
    slow, slow_roll = _boundary_layer(q, plan, nodes)
    ratio = fin.thickness / plan.mean_aerodynamic_chord
    mean, aft = _SECTION.get(fin.section, (0.0, 0.0))
    gain = thickness_gain(nodes) * ratio
    section = np.where(nodes < 1, section_slope / (2 * np.pi), 1.0)
    alone = _one_fin(q, nodes, rocket, section_slope, slack * slow)
    x_fin = surface.x + aft * gain * plan.mean_aerodynamic_chord
    share = k_fin / (k_fin + k_body)
    x = q.front + share * x_fin + (1 - share) * x_body
    spread = share * (q.front + x_fin) ** 2 + (1 - share) * (q.front + x_body) ** 2 + share * surface.spread
    arm_x = x - centre_of_gravity(rocket)
    lag = arm_x * 0.5 * plan.mean_aerodynamic_chord * _lag(nodes, plan.aspect_ratio)
    spread += np.maximum(lag, -0.6 * arm_x**2)  # fins of long chord close to it: no more than most of their damping
    damp = surface.roll / rocket.reference_area * section * slow_roll * slack * (1 + mean * gain)
    values = np.stack(
        [alone * (k_fin + k_body), alone * deflected_share(tau), damp, x, spread, radius + surface.y], axis=1
    )
    one, canted, damp, cp, second, arm = monotone(nodes, values, mach).T
    return fin_set_lift(q, rocket.diameter, one=one, canted=canted, damp=damp, cp=cp, second=second, arm=arm)


def fin_slope(plan: Planform, radius: float, mach: float = 0.0) -> float:
    """Lift slope of one fin alone on its own area, 1/rad."""
    return float(lifting_surface(plan, radius, np.array([mach])).slope[0])
