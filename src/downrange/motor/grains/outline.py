"""Cores of any outline: their offsets as polygons, in a disc of radius one, kept for grains of the same shape.

A burning edge moves along its normals (the eikonal equation), so the gas passage after burning x is all that lies within x
of the passage at first: shapely's buffer, with arcs at outward corners. Areas, moments and lengths are then of polygons.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from downrange.errors import InputError
from downrange.motor.gas import Array
from downrange.motor.grains.section import Section, SectionAt

__all__ = ["Outline", "circle"]

_DISC = 1440  # vertices of the casing; its area is 3e-6 too small
_RIM = np.cos(np.pi / _DISC) - 1e-7  # middles of edges beyond it are of the casing
_ARC = 48  # segments of a quarter turn at a corner
_FEW = 16  # parts; with more, most corners are of the joints between them, and half the arcs will do
_FIRST = 40  # levels before refinement
_DEPTH = 4  # halvings of an interval in which the perimeter is not a chord
_MOST = 200  # levels at most
_CHORD = 4e-4  # of the perimeter; chords closer than this are not refined
_VERTICES = 20_000  # of an outline

Points = tuple[tuple[float, float], ...]


def circle(radius: float, x: float = 0.0, y: float = 0.0, n: int = 480) -> Points:
    """A circle as a polygon of the same area: its vertices lie outside by 1.4e-5 of the radius."""
    angle = np.arange(n) * 2 * np.pi / n
    r = radius / np.sqrt(np.sin(2 * np.pi / n) / (2 * np.pi / n))
    return tuple(zip((x + r * np.cos(angle)).tolist(), (y + r * np.sin(angle)).tolist(), strict=True))


def _polygon(loop: Points) -> Any:
    """A polygon as shapely has it. Raises `InputError` for one that crosses itself, is too fine, or is no area."""
    import shapely

    if not 3 <= len(loop) <= _VERTICES:
        raise InputError(f"an outline of {len(loop)} points; it takes 3 to {_VERTICES:,}", key="outline")
    if not np.all(np.isfinite(np.array(loop, float))):
        raise InputError("a point of the outline is not a finite number", key="outline")
    shape = shapely.Polygon(loop)
    if not shape.is_valid or not shape.area > 0:
        why = shapely.is_valid_reason(shape).partition("[")[0] if shape.area > 0 else "it encloses nothing"
        raise InputError(f"the outline crosses or touches itself ({why.lower()})", key="outline")
    return shape


def _convex_parts(loops: tuple[Points, ...], less: tuple[Points, ...]) -> list[Any]:
    """Convex polygons whose union is the passage.

    The offset of a union is the union of the offsets, and that of a convex polygon has no inner corners: those of GEOS are
    wrong by several per cent of the edge where arcs meet in them.
    """
    import shapely

    shapes = [_polygon(loop) for loop in loops]
    islands = [_polygon(loop) for loop in less]
    parts: list[Any] = []
    for shape in shapes:
        if islands:
            shape = shapely.difference(shape, shapely.union_all(islands))
        for piece in shapely.get_parts(shape):
            parts += [piece] if _convex(piece) else _decomposed(piece)
    return parts


def _convex(shape: Any) -> bool:
    return len(shape.interiors) == 0 and bool(shape.convex_hull.area - shape.area <= 1e-12 * shape.area)


def _decomposed(shape: Any) -> list[Any]:
    """Triangles of a polygon, joined while they stay convex (Hertel & Mehlhorn 1983)."""
    import shapely

    parts = list(shapely.get_parts(shapely.constrained_delaunay_triangles(shape)))
    out: list[Any] = []
    while parts:
        one = parts.pop()
        grown = True
        while grown:
            grown = False
            for k, other in enumerate(parts):
                if one.touches(other) and shapely.length(shapely.intersection(one.boundary, other.boundary)) > 0:
                    both = shapely.union(one, other)
                    if both.geom_type == "Polygon" and _convex(both):
                        one, grown = both, True
                        parts.pop(k)
                        break
        out.append(one)
    return out


@dataclass(frozen=True)
class Outline(Section):
    """A core of any outline in a disc of `radius` (m): the passages `loops`, each of points (x, y) in m, without the islands `less`.

    Islands are propellant that stands in the passage; they burn all round. Raises `InputError` for a core that leaves no propellant, or lies
    outside.
    """

    radius: float
    loops: tuple[Points, ...]
    less: tuple[Points, ...] = ()

    @property
    def outer(self) -> float:
        """Radius of the propellant, m."""
        return self.radius

    @property
    def _table(self) -> SectionAt:
        return _unit_table(*(_scaled(group, self.radius) for group in (self.loops, self.less)))

    @property
    def web(self) -> float:
        """The greatest distance of any propellant from the core, m."""
        return float(self._table.x[-1]) * self.radius

    @property
    def levels(self) -> Array:
        """Close where the perimeter bends."""
        return self._table.x * self.radius

    def at(self, x: Array) -> SectionAt:
        """Interpolated between the levels."""
        t, r = self._table, self.radius
        u = np.asarray(x, float) / r

        def pick(column: Array, power: int) -> Array:
            return np.interp(u, t.x, column, right=0.0) * r**power

        return SectionAt(x, pick(t.area, 2), pick(t.perimeter, 1), pick(t.polar, 4), pick(t.aside, 1))


def _scaled(loops: tuple[Points, ...], radius: float) -> tuple[Points, ...]:
    """In units of the radius, rounded so that grains of one shape and different sizes share their table."""
    return tuple(tuple((round(a / radius, 12), round(b / radius, 12)) for a, b in loop) for loop in loops)


@lru_cache(maxsize=256)
def _unit_table(loops: tuple[Points, ...], less: tuple[Points, ...]) -> SectionAt:
    """The table of a core in the disc of radius 1: refined where the perimeter bends."""
    import shapely

    parts = _convex_parts(loops, less)
    arc = _ARC if len(parts) <= _FEW else _ARC // 2
    disc = shapely.Polygon(circle(1.0, n=_DISC))

    def propellant(x: float) -> Any:
        passage = shapely.union_all(shapely.buffer(parts, x, quad_segs=arc) if x else parts)
        return shapely.difference(disc, passage)

    start = propellant(0.0)
    if start.area > disc.area * (1 - 1e-9):
        raise InputError("the core lies outside the grain", key="outline")
    if not start.area > 1e-9:
        raise InputError("the core leaves no propellant", key="outline")

    def measure(x: float) -> tuple[float, ...]:
        return (x, *_measured(propellant(x)))

    web = _last(
        lambda x: not propellant(x).is_empty, float(shapely.hausdorff_distance(start, shapely.union_all(parts)))
    )
    rows = {x: measure(x) for x in np.linspace(0.0, web, _FIRST).tolist()}
    most = max(r[4] for r in rows.values())
    _refine(rows, measure, most)
    t = np.array([rows[k] for k in sorted(rows)])
    t[-1, 1:4] = 0.0
    return SectionAt(t[:, 0], t[:, 1], t[:, 4], t[:, 2], t[:, 3])


def _last(holds: Any, high: float) -> float:
    """The greatest distance, at most `high`, for which a falling condition holds, to 1e-7 of the radius."""
    low, high = 0.0, min(2.0, 1.001 * high)
    while high - low > 1e-7:
        middle = 0.5 * (low + high)
        low, high = (middle, high) if holds(middle) else (low, middle)
    return low


def _refine(rows: dict[float, tuple[float, ...]], measure: Any, most: float) -> None:
    """Halve intervals in which the perimeter (column 4) leaves its chord, the widest first."""
    todo = [(a, b, 0) for a, b in zip(sorted(rows), sorted(rows)[1:], strict=False)]
    while todo and len(rows) < _MOST:
        a, b, depth = todo.pop(0)
        middle = 0.5 * (a + b)
        rows[middle] = measure(middle)
        bent = abs(rows[middle][4] - 0.5 * (rows[a][4] + rows[b][4])) > _CHORD * most
        if bent and depth < _DEPTH:
            todo += [(a, middle, depth + 1), (middle, b, depth + 1)]


def _measured(shape: Any) -> tuple[float, float, float, float]:
    """Area, polar second moment about the origin, distance of the centre from it, and length of the edges that are not the disc's, of
    polygons in the unit disc (Green's theorem along the edges)."""
    import shapely

    rings = shapely.get_rings(shapely.get_parts(shapely.orient_polygons(shape)))
    p, ring = shapely.get_coordinates(rings, return_index=True)
    same = ring[1:] == ring[:-1]
    a, b = p[:-1][same], p[1:][same]
    cross = a[:, 0] * b[:, 1] - b[:, 0] * a[:, 1]
    area = 0.5 * float(cross.sum())
    if not area > 0:
        return 0.0, 0.0, 0.0, 0.0
    polar = float((cross * (a * a + a * b + b * b).sum(axis=1)).sum()) / 12
    mx, my = (float((cross * (a[:, k] + b[:, k])).sum()) / 6 for k in (0, 1))
    burns = np.hypot(*(0.5 * (a + b)).T) < _RIM
    return area, polar, float(np.hypot(mx, my)) / area, float(np.hypot(*(b - a)[burns].T).sum())
