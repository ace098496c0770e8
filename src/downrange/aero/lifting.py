"""One fin as a lifting surface in linear theory, from rest to Mach 8: normal force, its place, and damping in roll.

In incidence the fin stands on a wall that reflects (its body); what the body adds is `downrange.aero.interference`. In roll the flow is
antisymmetric about the rocket's axis, and the body between axis and fin a surface that the air does not cross.

* Below Mach 1: horseshoe vortices in a lattice (Falkner, ARC R&M 1910; Margason and Lamar, NASA TN D-6142), in the
  stretched space of Göthert's rule.
* Above: Mach boxes of constant source strength (Pines, Dugundji and Neuringer, J. Aero. Sci. 22, 1955; after Evvard,
  NACA Report 951). On the fin the upwash is known; off it, between its edges and their Mach lines, the strength is such
  that no pressure difference stands; behind a trailing edge the potential stays. Subsonic and supersonic edges
  of any outline come out alike. Lift is the potential at the trailing edge, so no pressure needs to be differenced.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from downrange.rocket.planform import Planform

__all__ = ["Surface", "body_lift_kept", "lifting_surface"]

_ROWS, _COLUMNS = 5, 9  # lattice below Mach 1
_BOXES = 14  # along the longest chord and the span, above; at most _MOST
_MOST = 44
_EDGE = 0.2  # boxes: a free edge acts so far outside its outermost box; found with the exact rectangular fin


@dataclass(frozen=True)
class _Outline:
    """A planform that is told by its numbers: the same fins come again in every configuration that flies."""

    plan: Planform = field(compare=False)
    numbers: tuple[bytes, bytes, float, float]

    @classmethod
    def of(cls, plan: Planform) -> _Outline:
        return cls(plan, (plan.le.tobytes(), plan.chord.tobytes(), plan.span, plan.root_chord))


@dataclass(frozen=True, eq=False)
class Surface:
    """One fin at several Mach numbers, arrays (n,): lift slope on its own area (1/rad), place of the force, damping.

    x, y (m): aft of the root's leading edge, above the body. spread (m2): Σ of the slope's x² about x, over the slope.
    roll (m4): ∫∫ ΔCp ξ dA for an upwash ξ = r + y, one fin opposite another.
    """

    slope: np.ndarray
    x: np.ndarray
    y: np.ndarray
    spread: np.ndarray
    roll: np.ndarray


def _edges(plan: Planform, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    le = np.interp(y, plan.y, plan.le)
    return le, le + np.interp(y, plan.y, plan.chord)


def _downwash(
    xc: np.ndarray, yc: np.ndarray, ya: np.ndarray, yb: np.ndarray, xa: np.ndarray, xb: np.ndarray
) -> np.ndarray:
    """(control points, vortices): downwash of unit horseshoe vortices from (xa, ya) to (xb, yb) and on to infinity aft."""
    dxa, dxb = xc[:, None] - xa, xc[:, None] - xb
    dya, dyb = yc[:, None] - ya, yc[:, None] - yb
    ra, rb = np.hypot(dxa, dya), np.hypot(dxb, dyb)
    across = dxa * dyb - dxb * dya
    ex, ey = xb - xa, yb - ya
    line = ((ex * dxa + ey * dya) / ra - (ex * dxb + ey * dyb) / rb) / across
    return np.asarray((line - (1 + dxa / ra) / dya + (1 + dxb / rb) / dyb) / (4 * np.pi))


def body_lift_kept(plan: Planform, radius: float, mach: float, tail: float) -> tuple[float, float]:
    """Share of the fins' lift on the body that falls on a body ending `tail` (m) behind the root, below Mach 1; and its place.

    The body is flat, as NACA Report 1307 has it above Mach 1, and at no incidence; the fins are at one. The share is of what a body
    long enough to take it all carries. The place is in m aft of the root's leading edge.
    """
    long = max(3 * plan.root_chord, 8 * radius)
    outline = _Outline.of(plan)
    short, place = _flat_body_lift(outline, radius, mach, tail)
    return min(short / _flat_body_lift(outline, radius, mach, max(long, tail))[0], 1.0), place


@lru_cache(maxsize=256)
def _flat_body_lift(outline: _Outline, radius: float, mach: float, tail: float) -> tuple[float, float]:
    plan = outline.plan
    beta = np.sqrt(1 - mach * mach)
    ahead = 4 * radius
    cells = []
    edge = plan.span * np.sin(np.linspace(0, np.pi / 2, 8))
    for ya, yb in zip(edge[:-1], edge[1:], strict=True):
        cells.append(
            (radius + ya, radius + yb, *(float(e[0]) for e in _edges(plan, np.array([0.5 * (ya + yb)]))), 5, 1.0)
        )
    inner = radius * np.array([0.0, 0.4, 0.7, 0.9, 1.0])
    rows = int(np.clip(np.ceil(5 * (ahead + plan.root_chord + tail) / plan.root_chord), 8, 30))
    for ya, yb in zip(inner[:-1], inner[1:], strict=True):
        cells.append((ya, yb, -ahead, plan.root_chord + tail, rows, 0.0))
    y1, y2, x1, xc, upwash = [], [], [], [], []
    for ya, yb, le, te, count, w in cells:
        s = np.arange(count)
        x1.append(le + (s + 0.25) / count * (te - le))
        xc.append(le + (s + 0.75) / count * (te - le))
        y1.append(np.full(count, ya))
        y2.append(np.full(count, yb))
        upwash.append(np.full(count, w))
    xa, xp, ya, yb, w = (np.concatenate(v) for v in (x1, xc, y1, y2, upwash))
    ya, yb = beta * ya, beta * yb
    a = _downwash(xp, 0.5 * (ya + yb), ya, yb, xa, xa) + _downwash(xp, 0.5 * (ya + yb), -yb, -ya, xa, xa)
    force = np.linalg.solve(a, -w) * (yb - ya)
    on = w == 0
    total = float(force[on].sum())
    return total, float((force[on] * xa[on]).sum() / total)


def _subsonic(plan: Planform, radius: float, mach: float, roll: bool) -> tuple[np.ndarray, ...]:
    """ΔCp times area, and x and y above the body, of the lattice's elements."""
    beta = np.sqrt(1 - mach * mach)
    edge = plan.span * np.sin(np.linspace(0, np.pi / 2, _COLUMNS + 1))
    shift = radius if roll else 0.0
    if roll:
        edge = np.concatenate([np.linspace(-radius, 0, 4)[:-1], edge])
    le_e, te_e = _edges(plan, edge)
    ym = 0.5 * (edge[1:] + edge[:-1])
    le_m, te_m = _edges(plan, ym)
    s = np.arange(_ROWS)[:, None]
    bound, control = (s + 0.25) / _ROWS, (s + 0.75) / _ROWS
    xe = le_e + bound * (te_e - le_e)
    x1, x2 = xe[:, :-1].ravel(), xe[:, 1:].ravel()
    y1, y2 = (np.tile(beta * (v + shift), _ROWS) for v in (edge[:-1], edge[1:]))
    xc, yc = (le_m + control * (te_m - le_m)).ravel(), np.tile(beta * (ym + shift), _ROWS)

    image = _downwash(xc, yc, -y2, -y1, x2, x1)
    y = np.tile(ym, _ROWS)
    upwash = np.where(y > 0, radius + y, 0.0) if roll else np.ones_like(y)
    a = _downwash(xc, yc, y1, y2, x1, x2) + (-image if roll else image)
    gamma = np.linalg.solve(a, -upwash)
    force = 2 * gamma * np.tile(np.diff(edge), _ROWS) / beta  # Göthert: Cp = Cp'/β², α' = βα
    keep = y > 0
    return force[keep], (0.5 * (x1 + x2))[keep], y[keep]


def _source(u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """∬ du dv / √(u² - v²) over the part of [0, u] x [0, v] inside the Mach cone."""
    a = np.maximum(u, 0.0)
    b = np.clip(v, -a, a)  # beyond the cone it grows on as ±(π/2) u
    safe = np.where(a > 0, a, 1.0)
    w = np.abs(np.where(b == 0, safe, b))
    out = a * np.arcsin(b / safe) + b * np.arccosh(np.maximum(safe / w, 1.0))
    return np.asarray(np.where(a > 0, out, 0.0))


def _box_influence(rows: int, columns: int) -> np.ndarray:
    """(rows, columns): potential at a box's centre of a unit source box so many rows ahead and columns beside."""
    u = np.arange(rows)[:, None] + 0.0
    v = np.arange(columns)[None, :] + 0.0
    return _source(u + 0.5, v + 0.5) - _source(u + 0.5, v - 0.5) - _source(u - 0.5, v + 0.5) + _source(u - 0.5, v - 0.5)


@lru_cache(maxsize=1)
def _influences() -> np.ndarray:
    return _box_influence(_MOST + 2, 6 * _MOST + 4)


def _supersonic(plan: Planform, radius: float, mach: float, roll: bool) -> tuple[np.ndarray, ...]:
    """ΔCp times area, and x and y above the body, of stretches of the strips."""
    front = min(float(plan.le.min()), 0.0)
    long = max(float((plan.le + plan.chord).max()), 1e-9) - front
    # Far inside the Mach cone the lift no longer depends on it (R. T. Jones); the boxes would be too many.
    beta = max(np.sqrt(mach * mach - 1), 4 * long / (_MOST * plan.span))
    columns = int(np.clip(np.ceil(beta * plan.span * _BOXES / long), _BOXES // 2, _MOST))
    columns = max(3, min(columns, int(_MOST * beta * plan.span / long)))  # slender in the stretched space: fewer, wider
    size = beta * plan.span / (columns + _EDGE)  # along x; size / beta across
    rows = int(np.clip(np.ceil(long / size), 1, _MOST))
    inner = min(round(radius * beta / size), rows) if roll else 0  # strips of the body, as far as Mach lines reach
    wide = inner + columns + min(rows, columns)  # beyond the tip as far as a Mach line may matter
    y = (np.arange(wide) + 0.5 - inner) * size / beta
    x = front + (np.arange(rows) + 0.5) * size
    le, te = _edges(plan, y)
    strip, body = (np.arange(wide) >= inner) & (np.arange(wide) < inner + columns), np.arange(wide) < inner
    on = strip & (x[:, None] >= le) & (x[:, None] < te)
    behind = strip & (x[:, None] >= te)
    fine = _edges(plan, y[:, None] + (np.arange(5) - 2) / 5 * size / beta)[0]
    ahead_of = np.clip((x[:, None, None] + 0.5 * size - fine) / size, 0, 1).mean(axis=2)
    known = np.where(strip & (x[:, None] < te), ahead_of, 0.0)  # share of each box that lies behind the leading edge
    known[:, body] = 1.0
    influence, i = _influences()[:rows], np.arange(wide)
    image = influence[:, i[:, None] + i + 1]
    table = influence[:, np.abs(i[:, None] - i)] + (-image if roll else image)  # symmetric in its last two
    upwash = np.where(strip, radius + y, 0.0) if roll else strip * 1.0
    own = float(influence[0, 0]) + np.diagonal(table[0] - influence[0][np.abs(i[:, None] - i)])
    strength, phi, held = np.zeros((rows, wide)), np.zeros((rows, wide)), np.zeros(wide)
    for k in range(rows):
        ahead = np.einsum("kij,kj->i", table[k:0:-1], strength[:k]) if k else np.zeros(wide)
        free = (np.where(behind[k], held, 0.0) - ahead) / own
        strength[k] = free + known[k] * (upwash - free)
        phi[k] = ahead + own * strength[k]
        held = np.where(on[k], phi[k], held)
    scale = 4 * size / (np.pi * beta) * size / beta  # ΔCp = 4 φ_x with φ = (size / πβ) Σ, times the strip's width
    first, last = np.argmax(on, axis=0), rows - 1 - np.argmax(on[::-1], axis=0)
    force, xs, ys = [], [], []
    for n in np.flatnonzero(on.any(axis=0)):
        a, b = first[n], last[n]
        at = np.concatenate([[le[n]], x[a : b + 1], [te[n]]])
        p = np.concatenate([[0.0], phi[a : b + 1, n]])
        slope = (p[-1] - p[-2]) / max(at[-2] - at[-3], 0.5 * size)
        force.append(np.diff(p, append=p[-1] + slope * (at[-1] - at[-2])) * scale)
        xs.append(0.5 * (at[1:] + at[:-1]))
        ys.append(np.full(b - a + 2, y[n]))
    return np.concatenate(force), np.concatenate(xs), np.concatenate(ys)


def lifting_surface(plan: Planform, radius: float, mach: np.ndarray) -> Surface:
    """One fin of outline `plan` on a body of `radius` (m) at each `mach` (n,), none nearer to 1 than 0.03."""
    outline = _Outline.of(plan)
    return Surface(*np.array([_surface_at(outline, radius, m) for m in np.asarray(mach, float).tolist()]).T)


@lru_cache(maxsize=1024)
def _surface_at(outline: _Outline, radius: float, mach: float) -> tuple[float, float, float, float, float]:
    """The numbers of `Surface` at one Mach number."""
    plan, solve = outline.plan, _subsonic if mach < 1 else _supersonic
    force, x, y = solve(plan, radius, mach, False)
    total = force.sum()
    cx, cy = (force * x).sum() / total, (force * y).sum() / total
    spread = max((force * (x - cx) ** 2).sum() / total, 0.0)
    rolling, _, height = solve(plan, radius, mach, True)
    return (total / plan.area, cx, cy, spread, max((rolling * (radius + height)).sum(), 0.0))
