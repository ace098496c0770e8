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

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from downrange.rocket.planform import Planform

__all__ = ["Surface", "body_lift_kept", "lifting_surface"]

_ROWS, _COLUMNS = 5, 9  # lattice below Mach 1
_BOXES = 14  # along the longest chord and the span, above; at most _MOST
_MOST = 44
_ACROSS = np.array([0.0, 0.4, 0.7, 0.9, 1.0])  # ends of the flat body's strips, over its radius
_EDGE = 0.2  # boxes: a free edge acts so far outside its outermost box; found with the exact rectangular fin


_Forces = tuple[np.ndarray, np.ndarray, np.ndarray]  # ΔCp times area, x, y (n,)


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


def _downwash(x: np.ndarray, y: np.ndarray, xc: np.ndarray, yc: np.ndarray, *, mirrored: bool = False) -> np.ndarray:
    """(..., k - 1, n): downwash at the points xc (n,), yc (..., 1, n) of unit horseshoe vortices from each of the points x, y (..., k) to the
    next and on to infinity aft; `mirrored`: of their images beyond y = 0, which turn the same way.

    Neighbouring vortices share a point, and what is computed of it.
    """
    at = -y if mirrored else y
    dx, dy = xc - x[..., None], yc - at[..., None]
    r = dx * dx + dy * dy
    np.sqrt(r, out=r)
    aft = dx / r
    aft += 1
    aft /= dy
    first, last = slice(None, -1), slice(1, None)
    a, b = (last, first) if mirrored else (first, last)
    ex, ey = (x[..., b] - x[..., a])[..., None], (at[..., b] - at[..., a])[..., None]
    dxa, dya, dxb, dyb = dx[..., a, :], dy[..., a, :], dx[..., b, :], dy[..., b, :]
    out = (ex * dxa + ey * dya) / r[..., a, :]
    out -= (ex * dxb + ey * dyb) / r[..., b, :]
    out /= dxa * dyb - dxb * dya
    out -= aft[..., a, :]
    out += aft[..., b, :]
    out /= 4 * np.pi
    return out


def body_lift_kept(
    plan: Planform, radius: float, mach: tuple[float, ...], tail: float
) -> tuple[np.ndarray, np.ndarray]:
    """Share of the fins' lift on the body that falls on a body ending `tail` (m) behind the root, at each `mach` (n) below 1; and its place.

    The body is flat, as NACA Report 1307 has it above Mach 1, and at no incidence; the fins are at one. The share is of what a body
    long enough to take it all carries. The place is in m aft of the root's leading edge.
    """
    long = max(3 * plan.root_chord, 8 * radius)
    outline = _Outline.of(plan)
    short, place = _flat_body_lift(outline, radius, mach, tail)
    return np.minimum(short / _flat_body_lift(outline, radius, mach, max(long, tail))[0], 1.0), place


@lru_cache(maxsize=256)
def _flat_body_lift(
    outline: _Outline, radius: float, mach: tuple[float, ...], tail: float
) -> tuple[np.ndarray, np.ndarray]:
    plan = outline.plan
    beta = np.sqrt(1 - np.square(mach))[:, None]
    ahead = 4 * radius
    edge = plan.span * np.sin(np.linspace(0, np.pi / 2, 8))
    le, te = (v[:, None] for v in _edges(plan, 0.5 * (edge[:-1] + edge[1:])))
    s = np.arange(5)
    on_fins = [
        le + (s + part) / 5 * (te - le) for part in (0.25, 0.75)
    ]  # strips, rows: bound vortices and control points
    rows = int(np.clip(np.ceil(5 * (ahead + plan.root_chord + tail) / plan.root_chord), 8, 30))
    length, s = plan.root_chord + tail + ahead, np.arange(rows)
    on_body = [-ahead + (s + part) / rows * length for part in (0.25, 0.75)]
    y_fins, y_body = beta * (radius + edge), beta * (radius * _ACROSS)
    own = on_fins[0].size
    yc = np.concatenate([np.repeat(_middles(y_fins), 5, axis=1), np.repeat(_middles(y_body), rows, axis=1)], axis=1)
    xc = np.concatenate([on_fins[1].ravel(), np.tile(on_body[1], 4)])

    pairs = np.stack(_two(y_fins), axis=-1)[:, :, None, :]
    x = np.broadcast_to(on_fins[0][..., None], (7, 5, 2))
    by_fins = _both_sides(x, pairs, xc, yc[:, None, None, None]).reshape(-1, own, xc.size).swapaxes(1, 2)
    x = np.broadcast_to(on_body[0][:, None], (rows, 5))
    by_body = _both_sides(x, y_body[:, None, :], xc[:own], yc[:, None, None, :own])  # Mach, rows, strips, controls
    by_body = by_body.transpose(0, 3, 2, 1).reshape(-1, own, 4 * rows)
    # The body lets no air through: its vortices follow from those of the fins, and need solving once for all fins on it.
    follows = _body_alone(radius, mach, rows, length) @ by_fins[:, own:]
    on_the_fins = np.linalg.solve(by_fins[:, :own] - by_body @ follows, np.full((own, 1), -1.0))
    kept = -(follows @ on_the_fins)[..., 0] * np.repeat(np.diff(y_body), rows, axis=1)
    total = kept.sum(axis=1)
    return total, (kept * np.tile(on_body[0], 4)).sum(axis=1) / total


@lru_cache(maxsize=16)
def _body_alone(radius: float, mach: tuple[float, ...], rows: int, length: float) -> np.ndarray:
    """(Mach numbers, n, n): vortices on the flat body over what blows at its controls, the inverse of what they do there.

    Its rows stand evenly: what one does to another follows from how many lie between.
    """
    y = np.sqrt(1 - np.square(mach))[:, None] * (radius * _ACROSS)
    apart = np.tile((np.arange(1 - rows, rows) + 0.5) / rows * length, 4)
    across = np.repeat(_middles(y), 2 * rows - 1, axis=1)
    on = _both_sides(np.zeros(5), y, apart, across[:, None]).reshape(-1, 4, 4, 2 * rows - 1)
    by_rows = _windows(on, rows)[
        :, :, :, ::-1
    ]  # Mach, strips of vortices and of controls, rows of vortices and of controls
    return np.asarray(np.linalg.inv(by_rows.transpose(0, 2, 4, 1, 3).reshape(-1, 4 * rows, 4 * rows)))


def _middles(ends: np.ndarray) -> np.ndarray:
    return 0.5 * (ends[..., :-1] + ends[..., 1:])


def _two(ends: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where strips between neighbours begin and end, along the last axis."""
    return ends[..., :-1], ends[..., 1:]


def _both_sides(x: np.ndarray, y: np.ndarray, xc: np.ndarray, yc: np.ndarray) -> np.ndarray:
    return _downwash(x, y, xc, yc) + _downwash(x, y, xc, yc, mirrored=True)


@dataclass(frozen=True, eq=False)
class _Lattice:
    """The lattice of a fin at rest: points (rows, columns + 1) of bound vortices, control points and what blows at them, places (m)
    of the elements' forces; elements (n,) row by row. `keep`: those on the fin."""

    x: np.ndarray
    y: np.ndarray
    xc: np.ndarray
    yc: np.ndarray
    upwash: np.ndarray
    width: np.ndarray
    middle: np.ndarray
    height: np.ndarray
    keep: np.ndarray


@lru_cache(maxsize=16)
def _lattice(outline: _Outline, radius: float, roll: bool) -> _Lattice:
    plan = outline.plan
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
    y = np.tile(ym, _ROWS)
    return _Lattice(
        x=xe, y=edge + shift, xc=(le_m + control * (te_m - le_m)).ravel(), yc=np.tile(ym + shift, _ROWS),
        upwash=np.where(y > 0, radius + y, 0.0) if roll else np.ones_like(y), width=np.tile(np.diff(edge), _ROWS),
        middle=(0.5 * (xe[:, :-1] + xe[:, 1:])).ravel(), height=y, keep=y > 0,
    )  # fmt: skip


def _subsonic(outline: _Outline, radius: float, mach: tuple[float, ...], roll: bool) -> _Forces:
    """ΔCp times area (n, elements) at each `mach` (n), and x and y above the body, of the lattice's elements."""
    beta, n = np.sqrt(1 - np.square(mach))[:, None], _lattice(outline, radius, roll)
    y, yc = (beta * n.y)[:, None, :], (beta * n.yc)[:, None, None, :]
    direct, image = _downwash(n.x, y, n.xc, yc), _downwash(n.x, y, n.xc, yc, mirrored=True)
    a = (direct - image if roll else direct + image).reshape(len(mach), n.xc.size, -1)
    gamma = np.linalg.solve(a.swapaxes(1, 2), -n.upwash[:, None])[..., 0]
    force = 2 * gamma * n.width / beta  # Göthert: Cp = Cp'/β², α' = βα
    return force[:, n.keep], n.middle[n.keep], n.height[n.keep]


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


@dataclass(frozen=True, eq=False)
class _Boxes:
    """Mach boxes over a fin, the body beside it and what lies beyond its tip, (rows, strips) or (strips,): the first `inner` strips are the body's,
    then `columns` of the fin. `x` (rows,) and `y` (strips,): their middles, m; `size` along x, m; `known`: the share of each that lies
    behind the leading edge; `on` the fin, or `behind` it."""

    inner: int
    columns: int
    size: float
    beta: float
    x: np.ndarray
    y: np.ndarray
    le: np.ndarray
    te: np.ndarray
    on: np.ndarray
    behind: np.ndarray
    known: np.ndarray

    def alone(self) -> _Boxes:
        """Without the body's strips."""
        k = self.inner
        return self if k == 0 else _Boxes(
            0, self.columns, self.size, self.beta, self.x, self.y[k:], self.le[k:], self.te[k:], self.on[:, k:], self.behind[:, k:], self.known[:, k:],
        )  # fmt: skip


def _boxes(plan: Planform, radius: float, mach: float) -> _Boxes:
    front = min(float(plan.le.min()), 0.0)
    long = max(float((plan.le + plan.chord).max()), 1e-9) - front
    # Far inside the Mach cone the lift no longer depends on it (R. T. Jones); the boxes would be too many.
    beta = max(np.sqrt(mach * mach - 1), 4 * long / (_MOST * plan.span))
    columns = int(np.clip(np.ceil(beta * plan.span * _BOXES / long), _BOXES // 2, _MOST))
    columns = max(3, min(columns, int(_MOST * beta * plan.span / long)))  # slender in the stretched space: fewer, wider
    size = beta * plan.span / (columns + _EDGE)  # along x; size / beta across
    rows = int(np.clip(np.ceil(long / size), 1, _MOST))
    inner = min(round(radius * beta / size), rows)  # strips of the body, as far as Mach lines reach
    wide = inner + columns + min(rows, columns)  # beyond the tip as far as a Mach line may matter
    strips = np.arange(wide)
    y = (strips + 0.5 - inner) * size / beta
    x = front + (np.arange(rows) + 0.5) * size
    le, te = _edges(plan, y)
    strip = (strips >= inner) & (strips < inner + columns)
    before = x[:, None] < te
    on, behind = strip & (x[:, None] >= le) & before, strip & ~before
    fine = np.interp(y[:, None] + (np.arange(5) - 2) / 5 * size / beta, plan.y, plan.le)
    ahead_of = np.clip((x[:, None, None] + 0.5 * size - fine) / size, 0, 1).mean(axis=2)
    known = np.where(strip & before, ahead_of, 0.0)
    known[:, :inner] = 1.0
    return _Boxes(inner, columns, size, beta, x, y, le, te, on, behind, known)


@lru_cache(maxsize=12)
def _of_rows_ahead(rows: int, wide: int, roll: bool) -> tuple[np.ndarray, np.ndarray]:
    """What unit strengths of the boxes in the rows ahead, the nearest first, do (n, wide) to those of a row, and each box to itself (wide,)."""
    influence = _influences()[:rows]
    both = np.concatenate([influence[:, wide - 1 : 0 : -1], influence[:, :wide]], axis=1)
    direct = _windows(both, wide)[:, ::-1]  # of strips i and j, |i - j| apart
    image = _windows(influence[:, 1 : 2 * wide], wide)  # and i + j + 1 from the other's image
    table = (np.subtract if roll else np.add)(direct, image, order="C")  # symmetric in its last two
    return table[1:].reshape(-1, wide), np.diagonal(table[0]).copy()


def _potentials(boxes: Sequence[_Boxes], upwash: Sequence[np.ndarray], *, roll: bool) -> list[np.ndarray]:
    """(rows, strips) each: the potential on boxes at which the air blows with `upwash` (strips,); `roll`: of an antisymmetric flow.

    Sets of many rows have few strips, near Mach 1, and sets of many strips few rows: apart they take half the time.
    """
    out: dict[int, np.ndarray] = {}
    for long in (True, False):
        alike = [k for k, b in enumerate(boxes) if (b.x.size > b.y.size) is long]
        if alike:
            together = _march_together([boxes[k] for k in alike], [upwash[k] for k in alike], roll=roll)
            out.update(zip(alike, together, strict=True))
    return [out[k] for k in range(len(boxes))]


def _march_together(boxes: Sequence[_Boxes], upwash: Sequence[np.ndarray], *, roll: bool) -> list[np.ndarray]:
    """The same, row by row; what a set has less of the others' rows and strips has no strength there."""
    rows, wide = max(b.x.size for b in boxes), -(-max(b.y.size for b in boxes) // 4) * 4
    of_ahead, own = _of_rows_ahead(rows, wide, roll)
    shape = rows, len(boxes), wide
    given, follows, behind, on = np.zeros(shape), np.zeros(shape), np.zeros(shape, bool), np.zeros(shape, bool)
    for k, (b, blows) in enumerate(zip(boxes, upwash, strict=True)):
        here = slice(b.x.size), k, slice(b.y.size)
        given[here], follows[here] = b.known * blows, (1 - b.known) / own[: b.y.size]
        behind[here], on[here] = b.behind, b.on
    nearest_first, phi = np.zeros((len(boxes), rows * wide)), np.empty(shape)
    held, ahead = np.zeros(shape[1:]), np.zeros(shape[1:])
    for k in range(rows):
        if k:
            ahead = nearest_first[:, (rows - k) * wide :] @ of_ahead[: k * wide]
        # A box's share behind the leading edge has the strength that is known; the rest that with which the potential stays as it is.
        strength = given[k] + follows[k] * (behind[k] * held - ahead)
        nearest_first[:, (rows - 1 - k) * wide : (rows - k) * wide] = strength
        phi[k] = ahead + own * strength
        np.copyto(held, phi[k], where=on[k])
    return [phi[: b.x.size, k, : b.y.size] for k, b in enumerate(boxes)]


def _windows(values: np.ndarray, wide: int) -> np.ndarray:
    """(..., wide, wide): of values (..., 2 wide - 1), what stands at i + j."""
    return sliding_window_view(values, wide, axis=-1)


def _stretches(b: _Boxes, phi: np.ndarray) -> _Forces:
    """ΔCp times area (..., n), and x and y (n,), of the stretches of each strip of the fin, of the potential phi (..., rows, strips): from its
    leading edge over its boxes to its trailing edge."""
    rows = b.x.size
    strip = np.flatnonzero(b.on.any(axis=0))
    first, last = np.argmax(b.on, axis=0)[strip], rows - 1 - np.argmax(b.on[::-1], axis=0)[strip]
    le, te, one = b.le[strip], b.te[strip], last == first
    before = np.where(one, 0.0, phi[..., last - 1, strip])
    slope = (phi[..., last, strip] - before) / np.maximum(b.x[last] - np.where(one, le, b.x[last - 1]), 0.5 * b.size)
    at_edge = phi[..., last, strip] + slope * (te - b.x[last])
    count = last - first + 2
    n = np.repeat(np.arange(strip.size), count)
    row = first[n] + np.arange(n.size) - np.repeat(np.cumsum(count) - count, count)  # of the box that a stretch ends in
    begins, ends = row == first[n], row > last[n]
    box, earlier = np.minimum(row, rows - 1), np.maximum(row - 1, 0)
    rise = np.where(ends, at_edge[..., n], phi[..., box, strip[n]]) - np.where(begins, 0.0, phi[..., earlier, strip[n]])
    middle = 0.5 * (np.where(ends, te[n], b.x[box]) + np.where(begins, le[n], b.x[earlier]))
    scale = (
        4 * b.size / (np.pi * b.beta) * b.size / b.beta
    )  # ΔCp = 4 φ_x with φ = (size / πβ) Σ, times the strip's width
    return rise * scale, middle, b.y[strip][n]


def _supersonic(boxes: Sequence[_Boxes], radius: float) -> list[_Forces]:
    """ΔCp times area (2, n), in incidence and in roll, and x and y above the body, of stretches of the strips, for each set of boxes."""
    fins = [b.alone() for b in boxes]
    in_incidence = _potentials(fins, [(np.arange(b.y.size) < b.columns) * 1.0 for b in fins], roll=False)
    own = [np.arange(b.y.size) - b.inner for b in boxes]
    turning = [np.where((k >= 0) & (k < b.columns), radius + b.y, 0.0) for k, b in zip(own, boxes, strict=True)]
    in_roll = _potentials(boxes, turning, roll=True)
    return [
        _stretches(fin, np.stack([straight, rolling[:, b.inner :]]))
        for fin, straight, b, rolling in zip(fins, in_incidence, boxes, in_roll, strict=True)
    ]


def lifting_surface(plan: Planform, radius: float, mach: np.ndarray) -> Surface:
    """One fin of outline `plan` on a body of `radius` (m) at each `mach` (n,), none nearer to 1 than 0.03."""
    outline, asked = _Outline.of(plan), np.asarray(mach, float)
    return Surface(*_surfaces(outline, radius, tuple(asked.tolist())).T)


@lru_cache(maxsize=64)
def _known_below(outline: _Outline, radius: float) -> dict[float, tuple[float, ...]]:
    """The numbers of `Surface` at the Mach numbers below 1 that were asked for: each has its own lattice, whichever are solved with it."""
    return {}


@lru_cache(maxsize=256)
def _surfaces(outline: _Outline, radius: float, mach: tuple[float, ...]) -> np.ndarray:
    """The numbers of `Surface` at each Mach number (n, 5); not a number where the fin is too thin for the boxes."""
    plan, m = outline.plan, np.array(mach)
    out = np.full((m.size, 5), np.nan)
    known = _known_below(outline, radius)
    if new := tuple(x for x in mach if x < 1 and x not in known):
        straight, rolling = (_subsonic(outline, radius, new, roll) for roll in (False, True))
        for at, one, other in zip(new, straight[0], rolling[0], strict=True):
            known[at] = _sums(plan, radius, (one, *straight[1:]), (other, *rolling[1:]))
    for k in np.flatnonzero(m < 1):
        out[k] = known[mach[k]]
    fast = [(k, b) for k in np.flatnonzero(m >= 1) if (b := _boxes(plan, radius, mach[k])).on.any()]
    if fast:
        for (k, _), (force, x, y) in zip(fast, _supersonic([b for _, b in fast], radius), strict=True):
            out[k] = _sums(plan, radius, (force[0], x, y), (force[1], x, y))
    return out


def _sums(plan: Planform, radius: float, straight: _Forces, rolling: _Forces) -> tuple[float, ...]:
    """The numbers of `Surface` from ΔCp times area, and where, in incidence and in roll."""
    force, x, y = straight
    total = force.sum()
    cx, cy = (force * x).sum() / total, (force * y).sum() / total
    spread = max((force * (x - cx) ** 2).sum() / total, 0.0)
    rolled, _, height = rolling
    return total / plan.area, cx, cy, spread, max((rolled * (radius + height)).sum(), 0.0)
