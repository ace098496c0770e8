"""Solids of the parts that are printed: closed meshes in millimetres, by type (booleans and checks by manifold3d).

A circle is a polygon of `SIDES` corners on it, so that what is turned fits where it should; the volume is then 0.02 % short.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import singledispatch
from math import pi
from typing import TYPE_CHECKING, Any

import numpy as np

from downrange.aero.geometry import outline
from downrange.design.workshop.drawing import mm
from downrange.design.workshop.items import Item
from downrange.design.workshop.templates import SMALLEST, fin_outline, jig_loops, rim, ring_holes
from downrange.rocket import (
    BodyTube,
    Bulkhead,
    CentringRing,
    EllipticalFins,
    FinSet,
    MassProperties,
    Material,
    NoseCone,
    Part,
    Transition,
    find_material,
    part_mass,
)

if TYPE_CHECKING:
    from manifold3d import Manifold

__all__ = ["SIDES", "Solid", "solids_of", "unmeshed"]

SIDES = 180
_STATIONS = 400
_FLAT = 0.002  # mm; how far the mesh of a curve may leave it along its length
_JIG = 4.0  # mm; thickness of a jig
_LEAST = 0.05  # mm; no printer lays a thinner wall


@dataclass(frozen=True, eq=False)
class Solid:
    """A closed solid: corners (n, 3) mm, triangles (m, 3) of their indices, turned outwards.

    `density` kg/m³ of the part's material; `part_mass` kg of one as the design has it, NaN where the solid is no part of it (a jig).
    """

    key: str
    title: str
    corners: np.ndarray
    triangles: np.ndarray
    volume: float
    area: float
    density: float
    part_mass: float
    needed: int
    path: str
    notes: tuple[str, ...] = ()

    @property
    def mass(self) -> float:
        """Of one, if it is solid throughout and of the part's material, kg."""
        return self.volume * self.density

    def printed(self, density: float, wall: float, infill: float) -> float:
        """Mass as printed, kg: `wall` m of full material under the whole surface, the rest filled to `infill` (0 to 1)."""
        shell = min(self.area * wall, self.volume)
        return density * (shell + infill * (self.volume - shell))


def unmeshed(part: Part) -> bool:
    """Whether a part has no solid: it is bought or cut."""
    return not isinstance(part, NoseCone | Transition | FinSet | CentringRing | Bulkhead)


@singledispatch
def solids_of(part: Part, item: Item) -> tuple[Solid, ...]:
    """The solids of a part in its place; none where it is bought or cut to length."""
    return ()


def _manifold() -> Any:
    import manifold3d

    return manifold3d


def _solid(
    body: Manifold, item: Item, key: str, title: str, density: float, mass: float, needed: int, *notes: str
) -> Solid:
    mesh = body.to_mesh64()
    corners, triangles = np.asarray(mesh.vert_properties, float)[:, :3], np.asarray(mesh.tri_verts, int)
    return Solid(
        key, title, corners, triangles, body.volume() * 1e-9, body.surface_area() * 1e-6, density, mass, needed, item.path, notes
    )  # fmt: skip


def _density(part: Part) -> float:
    given: str | Material = getattr(part, "material", "")
    return find_material(given, "volume").density


def _own_mass(item: Item, count: int = 1) -> float:
    """Mass of one of a part's `count`, from its geometry and material, kg."""
    body: MassProperties = part_mass(item.part, item.placed.at)
    return body.mass / count


# ---- bodies of revolution -----------------------------------------------------------------------------------------


def _shell(item: Item, wall: float | None) -> Any:
    """The half section of a nose or transition as a polygon of (radius, -station) mm."""
    from shapely import Polygon

    x, r = outline(item.placed, _STATIONS)
    x = x - item.placed.front
    if wall is None:
        inner = np.zeros_like(r)
    else:  # as the mass of the part has it: the wall is measured across itself
        inner = np.maximum(r - wall * np.hypot(1, np.gradient(r, x)), 0.0)
    edge = np.vstack([np.column_stack([r, -x]), np.column_stack([inner, -x])[::-1]]) * 1e3
    return Polygon(edge).buffer(0)


def _box(r0: float, r1: float, x0: float, x1: float) -> Any:
    from shapely import box

    return box(min(r0, r1) * 1e3, -max(x0, x1) * 1e3, max(r0, r1) * 1e3, -min(x0, x1) * 1e3)


def _shoulder(root: float, length: float, radius: float, wall: float | None, capped: bool) -> list[Any]:
    """A shoulder from its root over `length` (negative: forward), with the disc that closes it."""
    inner = 0.0 if wall is None else max(radius - wall, 0.0)
    pieces = [_box(inner, radius, root, root + length)]
    if capped and wall and inner > 0:
        end = root + length
        pieces.append(_box(0.0, inner, end, end - wall if length > 0 else end + wall))
    return pieces


def _turned(pieces: list[Any], wall: float | None) -> tuple[Manifold, bool]:
    """The pieces of a half section in one, turned round the axis; whether they hang together."""
    from shapely import union_all

    m = _manifold()
    # A hair (1e-6 mm) of overlap, so that what touches along an edge is one.
    shape = (
        union_all([p.buffer(1e-6, join_style="mitre") for p in pieces])
        .intersection(_half_plane())
        .simplify(_fine(wall))
    )
    polygons = [shape] if shape.geom_type == "Polygon" else [g for g in shape.geoms if g.area > 1e-9]
    loops = [np.asarray(loop.coords)[:-1] for p in polygons for loop in (p.exterior, *p.interiors)]
    section = m.CrossSection(loops, m.FillRule.EvenOdd)
    return section.revolve(SIDES), len(polygons) == 1


def _fine(wall: float | None) -> float:
    """How far the section's edge may be moved, mm: little beside the wall, too."""
    return _FLAT if wall is None else min(_FLAT, 5.0 * wall)


def _half_plane() -> Any:
    from shapely import box

    return box(0.0, -1e6, 1e6, 1e6)


_APART = "a shoulder does not touch the wall: add a step that joins them"


@solids_of.register
def _(part: NoseCone, item: Item) -> tuple[Solid, ...]:
    pieces = [_shell(item, part.wall)]
    if part.shoulder_length and part.shoulder_diameter:
        wall = part.shoulder_wall if part.shoulder_wall is not None else part.wall
        pieces += _shoulder(part.length, part.shoulder_length, part.shoulder_diameter / 2, wall, part.shoulder_capped)
    body, whole = _turned(pieces, part.wall)
    notes = [] if whole else [_APART]
    notes += [] if part.tip_radius == 0 else ["its mass in the design is of the sharp tip"]
    notes += _thin(part.wall)
    return (
        _solid(body, item, "nose", f"Nose cone: {item.name}", _density(part), _own_mass(item), item.copies, *notes),
    )


@solids_of.register
def _(part: Transition, item: Item) -> tuple[Solid, ...]:
    at, pieces = item.placed.at, [_shell(item, part.wall)]
    wall = part.shoulder_wall if part.shoulder_wall is not None else part.wall
    if length := part.fore_shoulder_length:
        radius = at.outer if part.fore_shoulder_diameter is None else part.fore_shoulder_diameter / 2
        pieces += _shoulder(0.0, -length, radius, wall, part.fore_shoulder_capped)
    if length := part.aft_shoulder_length:
        radius = at.aft_outer if part.aft_shoulder_diameter is None else part.aft_shoulder_diameter / 2
        own = wall if part.aft_shoulder_wall is None else part.aft_shoulder_wall
        pieces += _shoulder(part.length, length, radius, own, part.aft_shoulder_capped)
    body, whole = _turned(pieces, part.wall)
    notes = ([] if whole else [_APART]) + _thin(part.wall)
    return (
        _solid(
            body, item, "transition", f"Transition: {item.name}", _density(part), _own_mass(item), item.copies, *notes
        ),
    )


def _thin(wall: float | None) -> list[str]:
    return [f"its wall of {mm(wall)} is too thin to print"] if wall is not None and wall * 1e3 < _LEAST else []


# ---- discs --------------------------------------------------------------------------------------------------------


def _disc(radius: float, holes: tuple[tuple[float, float, float], ...], thick: float) -> Manifold:
    m = _manifold()
    section = m.CrossSection.circle(radius * 1e3, SIDES)
    for y, z, r in holes:
        section = section - m.CrossSection.circle(r * 1e3, SIDES).translate((y * 1e3, z * 1e3))
    return section.extrude(thick * 1e3)


@solids_of.register
def _(part: CentringRing, item: Item) -> tuple[Solid, ...]:
    holes = ring_holes(item)
    if rim(holes, item.placed.at.outer) < SMALLEST:
        return ()
    body = _disc(item.placed.at.outer, holes, part.length)
    n = part.count * item.copies
    title, mass = f"Centring ring: {item.name}", _own_mass(item, part.count)
    return (_solid(body, item, "ring", title, _density(part), mass, n),)


@solids_of.register
def _(part: Bulkhead, item: Item) -> tuple[Solid, ...]:
    body = _disc(item.placed.at.outer, (), part.length)
    return (_solid(body, item, "bulkhead", f"Bulkhead: {item.name}", _density(part), _own_mass(item), item.copies),)


# ---- fins ---------------------------------------------------------------------------------------------------------


def _section(kind: str, chord: float, thick: float) -> np.ndarray:
    """The section of a fin (2 k, 2) [aft, across] mm, its points in the same order for every chord, anticlockwise."""
    t = 0.5 * thick
    if kind == "airfoil":  # NACA four-digit, with its blunt trailing edge: Abbott and von Doenhoff (1959), eq. 6.2
        s = 0.5 * (1 - np.cos(np.linspace(0, pi, 41)))
        y = 10 * t * (0.2969 * np.sqrt(s) - 0.1260 * s - 0.3516 * s**2 + 0.2843 * s**3 - 0.1015 * s**4)
        low, high = np.column_stack([chord * s, -y]), np.column_stack([chord * s, y])
        return np.vstack([low, high[-1:0:-1]])
    if kind == "rounded":
        end = min(t, 0.5 * chord)
        a = np.linspace(-pi / 2, pi / 2, 17)
        aft = np.column_stack([chord - end + end * np.cos(a), t * np.sin(a)])
        return np.vstack([aft, [chord, 0.0] - aft])
    if kind == "wedge":
        return np.array([(0.0, 0.0), (chord, -t), (chord, t)])
    if kind == "double wedge":
        return np.array([(0.0, 0.0), (0.5 * chord, -t), (chord, 0.0), (0.5 * chord, t)])
    if kind == "hexagonal":
        third = chord / 3
        return np.array([(0.0, 0.0), (third, -t), (2 * third, -t), (chord, 0.0), (2 * third, t), (third, t)])
    return np.array([(0.0, -t), (chord, -t), (chord, t), (0.0, t)])


def _sides(edge: np.ndarray) -> tuple[np.ndarray, np.ndarray] | None:
    """Leading and trailing edge of an outline (n, 2), each from the root outwards; None where one of them turns back or steps."""
    high = float(edge[:, 1].max())
    top = np.flatnonzero(edge[:, 1] > high - 1e-9)
    fore, aft = edge[: top[0] + 1], edge[top[-1] :][::-1]
    rising = all((np.diff(side[:, 1]) > 1e-6).all() for side in (fore, aft))
    return (fore, aft) if rising and len(top) == top[-1] - top[0] + 1 else None


def _lofted(fin: FinSet, fore: np.ndarray, aft: np.ndarray) -> Manifold:
    """A fin of any section between two edges (n, 2) mm: sections along the span, joined."""
    heights = np.unique(np.concatenate([fore[:, 1], aft[:, 1]]))
    if isinstance(fin, EllipticalFins):
        heights = heights[::6] if len(heights) % 6 == 1 else np.append(heights[::6], heights[-1])
    rings = []
    for y in heights:
        le, te = (float(np.interp(y, side[:, 1], side[:, 0])) for side in (fore, aft))
        section = _section(fin.section, max(te - le, 1e-4), fin.thickness * 1e3)
        rings.append(np.column_stack([le + section[:, 0], section[:, 1], np.full(len(section), y)]))
    return _manifold().Manifold(_joined(rings))


def _joined(rings: list[np.ndarray]) -> Any:
    """The closed mesh of equally long, convex rings of corners over each other."""
    m, n, k = _manifold(), len(rings[0]), len(rings)
    corners = np.vstack(rings)
    sides = []
    for j in range(k - 1):
        a = j * n + np.arange(n)
        b = j * n + (np.arange(n) + 1) % n
        sides += [np.column_stack([a, b, b + n]), np.column_stack([a, b + n, a + n])]
    fan = np.arange(1, n - 1)
    low = np.column_stack([np.zeros_like(fan), fan + 1, fan])
    high = (k - 1) * n + np.column_stack([np.zeros_like(fan), fan, fan + 1])
    return m.Mesh64(corners, np.vstack([*sides, low, high]).astype(np.uint64))


def _flat(fin: FinSet) -> bool:
    """Whether a fin's mesh is a plate, its section not in it."""
    return fin.section != "square" and _sides(fin_outline(fin)) is None


def _fin(fin: FinSet) -> Manifold:
    """One fin with its tab: x aft, y across, z outwards from the body, mm."""
    m, edge = _manifold(), fin_outline(fin) * 1e3
    sides = None if fin.section == "square" else _sides(edge)
    if sides is None:
        plate = m.CrossSection([edge[::-1]], m.FillRule.NonZero).extrude(fin.thickness * 1e3)
        body = plate.translate((0, 0, -fin.thickness * 500)).rotate((90, 0, 0))
    else:
        body = _lofted(fin, *sides)
    if fin.tab_length and fin.tab_height:
        size = (fin.tab_length * 1e3, fin.thickness * 1e3, fin.tab_height * 1e3 + 1e-3)
        body = body + m.Manifold.cube(size).translate(
            (fin.tab_offset * 1e3, -fin.thickness * 500, -fin.tab_height * 1e3)
        )
    return body


@solids_of.register
def _(part: FinSet, item: Item) -> tuple[Solid, ...]:
    n = len(part.present)
    if n == 0:
        return ()
    flat = _flat(part)
    notes = [f"a flat plate: sand its edges {part.section}; its mass in the design has that"] if flat else []
    notes += ["without its fillets; the mass in the design is without them too, here"] if part.fillet_radius else []
    notes += _thin(part.thickness)
    one = _solid(
        _fin(part),
        item,
        "fin",
        f"Fin: {item.name}",
        _density(part),
        _bare_mass(part, item) / n,
        n * item.copies,
        *notes,
    )
    return (one, *_can(part, item), _jig(part, item))


def _bare_mass(part: FinSet, item: Item) -> float:
    """Mass of all fins of a set without fillets, kg."""
    return part_mass(replace(part, fillet_radius=0.0), item.placed.at).mass


def _can(part: FinSet, item: Item) -> tuple[Solid, ...]:
    """All fins on the stretch of tube under them, in one piece; where they stand on a straight tube."""
    host = item.host
    if host is None or not isinstance(host.part, BodyTube):
        return ()
    m, r = _manifold(), host.at.outer
    low = max(host.front, item.placed.front) - item.placed.front
    high = min(host.aft, item.placed.aft) - item.placed.front
    if high - low < 1e-4 or host.at.inner <= 0:
        return ()
    inner = host.at.inner
    tube = _disc(r, ((0.0, 0.0, inner),), high - low).rotate((0, 90, 0)).translate((low * 1e3, 0, 0))
    bore = m.Manifold.cylinder(2e3 * (high - low) + 1e3, inner * 1e3, circular_segments=SIDES, center=True).rotate(
        (0, 90, 0)
    )
    root, deep = float(fin_outline(part)[-1, 0]), r - inner
    kind = "square" if _flat(part) else part.section
    section = m.CrossSection([_section(kind, root * 1e3, part.thickness * 1e3)], m.FillRule.NonZero)
    foot = section.extrude(deep * 1e3 + 1e-3).translate((0, 0, -deep * 1e3))
    one = (_fin(part) + foot).translate((-root * 500, 0, r * 1e3))
    body = tube
    for k, cant in zip(part.present, _cants(part), strict=True):
        turn = 360.0 * k / part.count + float(np.degrees(part.angle))
        # From behind, what turns the rocket clockwise has its leading edge to the right of its trailing edge.
        placed = one.rotate((0, 0, -float(np.degrees(cant)))).translate((root * 500, 0, 0))
        body = body + placed.rotate((-turn, 0, 0))
    body = (body - bore).rotate((0, 90, 0)).simplify(_FLAT)
    notes = [
        "the tube under the fins, of the same material, in one piece with them: it takes that piece of the tube's place"
    ]
    notes += ["its fins are canted"] if any(_cants(part)) else []
    density, mass = _density(part), float("nan")
    if not (part.tab_length and part.tab_height):
        under = sum(_under_root(kind, root, part.thickness, cant, tube=(r, deep)) for cant in _cants(part))
        mass = _bare_mass(part, item) + density * (pi * (r**2 - inner**2) * (high - low) + under)
    return (_solid(body, item, "fin-can", f"Fin can: {item.name}", density, mass, item.copies, *notes),)


def _under_root(kind: str, root: float, thickness: float, cant: float, *, tube: tuple[float, float]) -> float:
    """Volume between a fin's flat root and the round tube under it, m³; `tube`: its outer radius and how deep the fin's foot goes, m.

    The tube lies r - √(r² - u²) below the root at a distance u from the line in which they touch.
    """
    x = (np.arange(200) + 0.5) / 200 * root
    upper = np.array(sorted((a, y) for a, y in _section(kind, root, thickness) if y >= 0))
    half = np.interp(x, upper[:, 0], upper[:, 1])
    nodes, weights = np.polynomial.legendre.leggauss(8)
    u = (x - 0.5 * root)[:, None] * np.sin(cant) + half[:, None] * nodes * np.cos(cant)
    r, deep = tube
    gap = np.minimum(r - np.sqrt(np.maximum(r**2 - u**2, 0.0)), deep)
    return float((gap @ weights * half).sum() * root / len(x))


def _cants(part: FinSet) -> tuple[float, ...]:
    """The angle of each fin that is there, rad."""
    more = dict(enumerate(part.misalignments))
    return tuple(part.cant + more.get(k, 0.0) for k in part.present)


def _jig(part: FinSet, item: Item) -> Solid:
    m = _manifold()
    from shapely import Polygon

    loops = [np.asarray(Polygon(loop * 1e3).simplify(_FLAT).exterior.coords)[:-1] for loop in jig_loops(part, item)]
    body = m.CrossSection(loops, m.FillRule.EvenOdd).extrude(_JIG)
    note = "prints as drawn: sand hole and slots until they slide"
    return _solid(body, item, "fin-jig", f"Fin jig: {item.name}", float("nan"), float("nan"), 2, note)
