"""Noses, shoulders, tubes and boat-tails: pressure drag, normal force and its place, across Mach.

* Normal force: slender-body theory to Mach 0.9 (Munk, NACA Report 184; Barrowman 1967), second-order shock expansion from Mach 1.3
  (`downrange.aero.expansion`), the lift that carries over on to the cylinder with it; joined smoothly between.
* Noses: below Mach 0.9 0.8 sin² of the angle at the joint (Hoerner, ch. 3, on cones before tubes). A nose that goes on in a rounded
  shoulder ends with that: the suction round it takes back what the pressure ahead took. To Mach 1.3 the shape of TR R-100's
  curves (`downrange.aero.noses`). From there shock expansion; where the report measured the very family of shapes, shock expansion
  times the report's ratio to it at fineness 3, so that at fineness 3 it is the report, and theory carries the fineness.
* Shoulders and steps up: the same 0.8 sin² below Mach 0.9 (a blunt face: Hoerner's stagnation drag), shock expansion from Mach 1.3.
* Boat-tails: the suction behind a corner at low speed on a share of what narrows, all for lengths up to the diameter lost, none from
  three times it (Niskanen 2009, after Hoerner), growing as pressures do, with 1/√(1 - M²) (Prandtl and Glauert) to Mach 0.8; from Mach 1.06
  shock expansion's. Steps down: bases behind a corner.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np

from downrange.aero.base import base_pressure_drag
from downrange.aero.blunt import stagnation_pressure
from downrange.aero.expansion import march
from downrange.aero.geometry import Body, body_outline, outline
from downrange.aero.noses import has_curve, rise, tr_r100
from downrange.rocket import NoseCone, Placed, Rocket, Transition, profile
from downrange.tables import monotone, smoothstep

__all__ = ["BodyFlow", "body_flow", "nose_by_march", "separated_share"]

SLENDER_TO, MARCH_FROM = 0.9, 1.3
_ROUNDED = 0.05  # rad; a corner that turns back by less is the rounding of the lengths that were written down
_NODES = np.array([1.3, 1.45, 1.65, 1.9, 2.25, 2.7, 3.3, 4.1, 5.2, 6.6, 8.0, 10.0])


@dataclass(frozen=True, eq=False)
class BodyFlow:
    """One body part over Mach (n,): pressure drag, CNα, and its first and second moments (m, m2) about the nose tip.

    wave: what of the drag is a transition's wave drag.
    """

    part: Placed
    drag: np.ndarray
    wave: np.ndarray
    a0: np.ndarray
    a1: np.ndarray
    a2: np.ndarray


def separated_share(q: Placed) -> float:
    """Share (0-1) of a boat-tail's flow that has separated, from its length over the diameter lost."""
    lost = 2 * (q.at.outer - q.at.aft_outer)
    return float(np.clip((3 - (q.aft - q.front) / max(lost, 1e-9)) / 2, 0, 1))


def _slender(body: Body, area: float) -> np.ndarray:
    """(parts, 3) CNα and moments of slender-body theory: 2 dS/dx, the mean radius of a frustum squared at its ends."""
    out = np.zeros((len(body.parts), 3))
    for i, q in enumerate(body.parts):
        x, r = outline(q)
        s = 2 * np.pi * r**2 / area
        ds, mid = np.diff(s), 0.5 * (x[1:] + x[:-1])
        # ∫ x dS over a frustum, exact for a straight one.
        first = ds * mid + np.pi / 3 / area * (r[1:] - r[:-1]) ** 2 * np.diff(x)
        out[i] = ds.sum(), first.sum(), (ds * mid**2).sum()
        if i == 0 and s[0] > 0:  # the air parts at the foremost face as at a nose of no length
            out[i] += s[0] * np.array([1.0, x[0], x[0] ** 2])
    return out


def _marched(body: Body, mach: np.ndarray, area: float) -> tuple[np.ndarray, np.ndarray]:
    """Pressure drag (nodes, parts) and CNα with moments (nodes, parts, 3) by shock expansion."""
    flow = march(body.x, body.r, mach)
    mid, mean, dx = 0.5 * (body.x[1:] + body.x[:-1]), 0.5 * (body.r[1:] + body.r[:-1]), np.diff(body.x)
    force = flow.pressure * np.pi * np.diff(body.r**2) / area
    lift = flow.lift * np.pi * mean * dx / area
    drag = np.zeros((mach.size, len(body.parts)))
    normal = np.zeros((mach.size, len(body.parts), 3))
    for i in range(len(body.parts)):
        own = body.owner == i
        drag[:, i] = force[:, own].sum(axis=1)
        normal[:, i] = np.stack([(lift[:, own] * mid[own] ** p).sum(axis=1) for p in (0, 1, 2)], axis=-1)
    return drag, normal


def nose_by_march(shape: str, parameter: float | None, mach: np.ndarray) -> np.ndarray:
    """Pressure drag of a nose of fineness 3 on its base area by shock expansion, at `mach` (n,) above 1."""
    s = np.linspace(0, 1, 61) ** 1.5
    r = profile(shape, s, length=3.0, radius=0.5, parameter=parameter)
    flow = march(3 * s, r, mach)
    return np.asarray((flow.pressure * np.diff(r**2)).sum(axis=1) / 0.25)


@lru_cache(maxsize=64)
def _report_ratio(shape: str, parameter: float | None) -> np.ndarray:
    """TR R-100 over shock expansion at fineness 3 at `_NODES`; held beyond the report's end. One where it has no curve."""
    if not has_curve(shape, parameter):
        return np.ones_like(_NODES)
    theory = nose_by_march(shape, parameter, _NODES)
    measured, end = tr_r100(shape, parameter, _NODES)
    ratio = measured / theory
    return np.where(end >= _NODES, ratio, np.interp(end, _NODES, ratio))


def _slope(q: Placed, end: Literal["fore", "aft"]) -> float:
    """Angle (rad) to the axis of a body part's outline at one end."""
    x, r = outline(q)
    a, b = (0, 4) if end == "fore" else (-5, -1)
    return float(np.arctan2(r[b] - r[a], x[b] - x[a]))


def _at_rest(parts: tuple[Placed, ...], area: float) -> list[float]:
    """Pressure drag below Mach 0.9 of each body part that widens: 0.8 sin² of the slope where it meets what follows, on what it widens.

    A fore body of several parts that bends away smoothly or in corners, a cone and its rounded shoulder, is one: its last part has all of it.
    """
    out, ahead = [0.0] * len(parts), 0.0
    for i, q in enumerate(parts):
        fore = 0.0 if isinstance(q.part, NoseCone) else q.at.outer
        if not isinstance(q.part, NoseCone | Transition) or q.at.aft_outer <= fore + 1e-9:
            continue
        face, slope = ahead + np.pi * (q.at.aft_outer**2 - fore**2) / area, _slope(q, "aft")
        if _bends_on(q, slope, parts[i + 1 : i + 2]):
            ahead = face
        else:
            out[i], ahead = face * 0.8 * np.sin(slope) ** 2, 0.0
    return out


def _bends_on(q: Placed, slope: float, after: tuple[Placed, ...]) -> bool:
    """Whether a body part that ends with `slope` (rad) goes on in what comes `after` it, without a step, widening and no steeper."""
    return any(
        isinstance(n.part, Transition)
        and n.at.aft_outer > n.at.outer + 1e-9
        and abs(n.at.outer - q.at.aft_outer) < 1e-6
        and _slope(n, "fore") < slope + _ROUNDED
        for n in after
    )


def _nose_drag(q: Placed, rest: float, mach: np.ndarray, nodes: np.ndarray, marched: np.ndarray) -> np.ndarray:
    part = q.part
    # The drag of the joint's angle is there at rest; the wave drag takes its place by Mach 1.3. The report's shapes measure none.
    if isinstance(part, NoseCone):
        rest = 0.0 if has_curve(part.shape, part.shape_parameter) else rest
        marched = marched * _report_ratio(part.shape, part.shape_parameter)[: nodes.size]
        low, _ = tr_r100(part.shape, part.shape_parameter, mach)
        share = low / tr_r100(part.shape, part.shape_parameter, np.array([MARCH_FROM]))[0][0]
    else:
        share = rise(mach)
    above = monotone(nodes, marched, np.maximum(mach, MARCH_FROM))
    below = rest * (1 - np.clip(share, 0, 1)) + share * marched[0]
    return np.where(mach < MARCH_FROM, below, above)


def _step_drag(mach: np.ndarray, face: float) -> np.ndarray:
    """A forward step at a part's front: Hoerner's blunt face."""
    return 0.85 * stagnation_pressure(mach) * face


def _tail_drag(
    q: Placed, mach: np.ndarray, nodes: np.ndarray, marched: np.ndarray, area: float
) -> tuple[np.ndarray, np.ndarray]:
    """Drag of a boat-tail, and what of it is wave drag."""
    face = np.pi * (q.at.outer**2 - q.at.aft_outer**2) / area
    low = base_pressure_drag(0.0 * mach) / np.sqrt(1 - np.minimum(mach, 0.8) ** 2) * face * separated_share(q)
    high = monotone(nodes, marched, np.maximum(mach, MARCH_FROM))
    w = smoothstep(mach, 0.86, 1.06)
    return (1 - w) * low + w * high, w * high


def body_flow(rocket: Rocket, mach: np.ndarray) -> list[BodyFlow]:
    """Every body part's pressure drag and normal force at `mach` (n,), on the rocket's reference area."""
    area, body = rocket.reference_area, body_outline(rocket)
    nodes = _NODES[: max(int(np.searchsorted(_NODES, mach.max())) + 1, 1)]
    slender, rest = _slender(body, area), _at_rest(body.parts, area)
    drag, normal = _marched(body, nodes, area)
    w = smoothstep(mach, SLENDER_TO, MARCH_FROM)[:, None]
    out = []
    for i, q in enumerate(body.parts):
        lift = (1 - w) * slender[i] + w * monotone(nodes, normal[:, i], np.maximum(mach, MARCH_FROM))
        before = body.parts[i - 1].at.aft_outer if i else 0.0
        fore = 0.0 if isinstance(q.part, NoseCone) else q.at.outer
        cd, wave = np.zeros_like(mach), np.zeros_like(mach)
        if isinstance(q.part, NoseCone | Transition) and q.at.aft_outer > fore + 1e-9:
            cd = _nose_drag(q, rest[i], mach, nodes, drag[:, i])
            wave = np.clip(rise(mach), 0, 1) * cd if isinstance(q.part, Transition) else wave
        elif isinstance(q.part, Transition) and q.at.aft_outer < fore - 1e-9:
            cd, wave = _tail_drag(q, mach, nodes, drag[:, i], area)
        if abs(step := fore - before) > 1e-6 and not isinstance(q.part, NoseCone):
            face = np.pi * abs(fore**2 - before**2) / area
            # A march through a shoulder has its front step in it.
            here = mach < MARCH_FROM if isinstance(q.part, Transition) and q.at.aft_outer > fore else mach >= 0
            cd = cd + (_step_drag(mach, face) if step > 0 else base_pressure_drag(mach) * face) * here
        out.append(BodyFlow(q, cd, wave, *lift.T))
    return out
