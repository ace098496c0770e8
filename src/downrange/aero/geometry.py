"""The rocket's outline as the air meets it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from downrange.remember import remembered
from downrange.rocket import FinSet, NoseCone, Placed, Rocket, Transition, planform, profile, transition_profile

__all__ = ["Body", "body_outline", "outline", "planform_area", "wetted_area"]


class _Form(NamedTuple):
    """The numbers that an outline follows from: a nose, a transition or a tube between `front` and `aft`, m aft of the nose tip."""

    kind: str
    front: float
    aft: float
    fore: float
    radius: float
    shape: str = ""
    parameter: float | None = None
    clipped: bool = False
    tip_radius: float = 0.0
    diameter: float = 0.0


def _form(q: Placed) -> _Form:
    part, ends = q.part, (q.front, q.aft)
    if isinstance(part, NoseCone):
        return _Form(
            "nose", *ends, 0.0, q.at.aft_outer, part.shape, part.shape_parameter, False, part.tip_radius, part.diameter
        )
    if isinstance(part, Transition):
        return _Form("transition", *ends, q.at.outer, q.at.aft_outer, part.shape, part.shape_parameter, part.clipped)
    return _Form("tube", *ends, q.at.outer, q.at.aft_outer)


def outline(q: Placed, n: int = 400) -> tuple[np.ndarray, np.ndarray]:
    """Stations (n + 1,) m aft of the nose tip and radii of a body part, not to be written to; a nose's are closer together at the tip."""
    return _outline(_form(q), n)


@remembered(512)
def _outline(f: _Form, n: int) -> tuple[np.ndarray, np.ndarray]:
    s = np.linspace(0, 1, n + 1)
    length = f.aft - f.front
    if f.kind == "nose":
        s = s**1.5
        r = profile(f.shape, s, length=length, radius=f.radius, parameter=f.parameter)
        if f.tip_radius > 0:
            r = _blunted(f, s * length, length)
    elif f.kind == "transition":
        r = transition_profile(
            f.shape, s, length=length, fore=f.fore, aft=f.radius, parameter=f.parameter, clipped=f.clipped
        )
    else:
        r = np.full_like(s, f.radius)
    x = f.front + s * length
    x.setflags(write=False)
    r.setflags(write=False)
    return x, r


def _blunted(nose: _Form, x: np.ndarray, length: float) -> np.ndarray:
    """Radii at `x` of a nose whose tip is a sphere: the sharp profile, longer, cut where the sphere touches it."""
    radius, sharp = min(nose.tip_radius, 0.499 * nose.diameter), length
    t = np.linspace(0, 1, 2001) ** 1.5
    for _ in range(20):
        xs = t * sharp
        rs = profile(nose.shape, t, length=sharp, radius=nose.diameter / 2, parameter=nose.parameter)
        slope = np.gradient(rs, xs)
        touching = rs * np.hypot(1, slope)
        k = int(np.argmax(touching[1:] >= radius)) + 1
        centre = xs[k] + rs[k] * slope[k]
        tip = centre - radius
        if abs(sharp - tip - length) < 1e-6 * length:
            break
        sharp = length + max(tip, 0.0)
    at = x + tip
    cap = np.sqrt(np.maximum(radius**2 - (at - centre) ** 2, 0))
    return np.where(at < xs[k], cap, np.interp(at, xs, rs))


@dataclass(frozen=True, eq=False)
class Body:
    """The whole body in frusta: x, r (k + 1,) m, and for each frustum the index of its part in `parts` (k,)."""

    x: np.ndarray
    r: np.ndarray
    owner: np.ndarray
    parts: tuple[Placed, ...]


def body_outline(rocket: Rocket) -> Body:
    """Frusta of the body for a march along it: close where it bends. A jump in diameter is a short steep frustum."""
    parts = tuple(q for q in rocket.placed if q.depth == 0)
    xs, rs, owners = [np.zeros(1)], [np.zeros(1)], []
    for i, q in enumerate(parts):
        if isinstance(q.part, NoseCone):
            x, r = outline(q, 36)
        elif isinstance(q.part, Transition):
            x, r = outline(q, 1 if q.part.shape == "conical" else 16)
            if q.part.shape == "conical":
                x, r = np.linspace(x[0], x[-1], 9), np.linspace(r[0], r[-1], 9)
        else:
            count = int(np.clip(np.ceil((q.aft - q.front) / (0.4 * rocket.diameter)), 3, 24))
            x = q.front + (q.aft - q.front) * np.linspace(0, 1, count + 1) ** 1.4
            r = np.full(count + 1, q.at.aft_outer)
        jump = abs(r[0] - rs[-1][-1])
        if jump > 1e-6:  # a face: as long as a hundredth of its height, so that lengths stay above zero
            x = np.concatenate([[x[0]], x + 0.01 * jump * (x[-1] - x) / (x[-1] - x[0])])
            r = np.concatenate([[rs[-1][-1]], r])
        xs.append(x[1:])
        rs.append(r[1:])
        owners.append(np.full(x.size - 1, i))
    return Body(np.concatenate(xs), np.concatenate(rs), np.concatenate(owners), parts)


def wetted_area(q: Placed) -> float:
    """Wetted area of a body part, m2."""
    return _wetted_area(_form(q))


@remembered(512)
def _wetted_area(f: _Form) -> float:
    x, r = _outline(f, 400)
    return float(np.sum(np.pi * (r[1:] + r[:-1]) * np.hypot(np.diff(x), np.diff(r))))


def planform_area(rocket: Rocket) -> tuple[float, float, float, float]:
    """Side area of the body and its moment about the nose tip, then those of half the fins; over the reference area.

    Half of a set's fins is what evenly spaced fins show to any side. Moments in m.
    """
    body = body_moment = fins = fin_moment = 0.0
    for q in rocket.find(FinSet):
        assert isinstance(q.part, FinSet)
        plan = planform(q.part)
        side = 0.5 * len(q.part.present) * plan.area
        middle = q.front + float(((plan.le + 0.5 * plan.chord) * plan.chord).sum() / plan.chord.sum())
        fins += side
        fin_moment += side * middle
    for q in rocket.placed:
        if q.depth == 0:
            x, r = outline(q)
            body += float(np.trapezoid(2 * r, x))
            body_moment += float(np.trapezoid(2 * r * x, x))
    for a in rocket.attached:
        share = len(a.places) * a.rocket.reference_area
        side, at, wings, wings_at = planform_area(a.rocket)
        body, body_moment = body + share * side, body_moment + share * (at + a.front * side)
        fins, fin_moment = fins + share * wings, fin_moment + share * (wings_at + a.front * wings)
    s = rocket.reference_area
    return body / s, body_moment / s, fins / s, fin_moment / s
