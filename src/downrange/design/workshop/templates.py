"""True-size drawings of the parts that are cut, by type; what has none says why, and an unknown type is an error."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import singledispatch
from math import cos, hypot, pi, sin

import numpy as np

from downrange.aero.geometry import outline
from downrange.design.workshop.drawing import (
    Circle,
    Drawing,
    Line,
    Shape,
    arrow,
    cross,
    dimension,
    line,
    mm,
    note,
    ring,
)
from downrange.design.workshop.guides import shroud
from downrange.design.workshop.items import Item
from downrange.rocket import (
    Assembly,
    BodyTube,
    Bulkhead,
    CentringRing,
    EllipticalFins,
    FinSet,
    FreeformFins,
    InnerTube,
    LaunchLug,
    MassObject,
    Material,
    NoseCone,
    Part,
    Protuberance,
    RailButtons,
    Recovery,
    RingFin,
    ShockCord,
    Transition,
    TrapezoidalFins,
    TubeCoupler,
    TubeFins,
)

__all__ = ["Made", "SMALLEST", "fin_outline", "jig_loops", "made_of", "rim", "ring_holes"]

_WOOD = ("balsa", "basswood", "birch", "maple", "pine", "plywood", "spruce")
SMALLEST = 1e-5  # m; a hundredth of a millimetre: nothing thinner is cut


@dataclass(frozen=True)
class Made:
    """What comes of a part: its drawings, and in words what they do not say, or why there is none."""

    drawings: tuple[Drawing, ...] = ()
    said: tuple[str, ...] = ()


def _material(part: Part) -> str:
    given = getattr(part, "material", "")
    return given.name if isinstance(given, Material) else str(given)


@singledispatch
def made_of(part: Part, item: Item) -> Made:
    """The drawings of a part in its place."""
    raise TypeError(f"{type(part).__name__} has no drawing: register it with made_of")


# ---- fins ---------------------------------------------------------------------------------------------------------


def fin_outline(fin: FinSet) -> np.ndarray:
    """The edge of one fin above the body (n, 2) [aft, outward] m, from the root's leading edge to its trailing edge."""
    if isinstance(fin, TrapezoidalFins):
        points = [(0.0, 0.0), (fin.sweep, fin.span), (fin.sweep + fin.tip_chord, fin.span), (fin.root_chord, 0.0)]
        return np.array(points if fin.tip_chord > 0 else [points[0], points[1], points[3]])
    if isinstance(fin, EllipticalFins):
        a = np.linspace(pi, 0, 721)
        return np.column_stack([0.5 * fin.root_chord * (1 + np.cos(a)), np.maximum(fin.span * np.sin(a), 0.0)])
    assert isinstance(fin, FreeformFins)
    points_ = np.asarray(fin.points, float)
    return points_ - [points_[0, 0], 0.0]


def _tab(fin: FinSet) -> list[tuple[float, float]]:
    """The tab's edge from the root's trailing edge to its leading edge; nothing where there is none."""
    if not (fin.tab_length and fin.tab_height):
        return []
    front, aft, deep = fin.tab_offset, fin.tab_offset + fin.tab_length, -fin.tab_height
    return [(aft, 0.0), (aft, deep), (front, deep), (front, 0.0)]


def _grain(fin: FinSet, edge: np.ndarray) -> tuple[Shape, ...]:
    """An arrow along the grain: with the leading edge, or along the span where that is round."""
    along = np.array([0.0, 1.0]) if isinstance(fin, EllipticalFins) else edge[1] - edge[0]
    if along[1] <= 0:
        along = np.array([0.0, 1.0])
    along = along / np.hypot(*along)
    middle, reach = edge.mean(axis=0), 0.22 * float(edge[:, 1].max())
    tail, head = middle - reach * along, middle + reach * along
    turn = float(np.arctan2(along[1], along[0]))
    turn = turn - pi if turn > pi / 2 else turn
    beside = middle + 0.0015 * np.array([-sin(turn), cos(turn)])
    return *arrow((tail[0], tail[1]), (head[0], head[1])), note(
        (float(beside[0]), float(beside[1])), "grain", turn=turn
    )


@made_of.register
def _(part: FinSet, item: Item) -> Made:
    edge, tab = fin_outline(part), _tab(part)
    root, span = float(edge[-1, 0]), float(edge[:, 1].max())
    points = [*map(tuple, edge.tolist()), *(p for p in tab if p not in ((root, 0.0), (0.0, 0.0)))]
    shapes: list[Shape] = [Line(tuple((float(x), float(y)) for x, y in points), closed=True)]
    if tab:
        shapes.append(Line(((part.tab_offset, 0.0), (part.tab_offset + part.tab_length, 0.0)), "fold"))
    low = -part.tab_height if tab else 0.0
    shapes += dimension((0.0, low), (root, low), -0.008)
    right = float(edge[:, 0].max())
    shapes += dimension((right, 0.0), (right, span), -0.008)
    if isinstance(part, TrapezoidalFins):
        tip = (part.sweep, part.span), (part.sweep + part.tip_chord, part.span)
        shapes += dimension(*tip, 0.006)
        shapes += dimension((0.0, span), (part.sweep, span), 0.006) if part.sweep > 0.004 else ()
    if tab:
        shapes += dimension((part.tab_offset, low), (part.tab_offset + part.tab_length, low), -0.015, text="tab ")
        shapes += dimension((right, low), (right, 0.0), -0.008)
    if _material(part) in _WOOD:
        shapes += _grain(part, edge)
    shapes.append(note((0.5 * root, 0.12 * span), "root: glued to the tube"))
    how = "" if part.section == "square" else f" Sand the edges {part.section} after cutting."
    notes: tuple[str, ...] = (
        f"Cut {len(part.present) * item.copies} from {_material(part)}, {mm(part.thickness)} thick.{how}",
    )
    if part.thickness < 2e-4:
        notes += (f"It is only {mm(part.thickness)} thick: check that.",)
    drawing = Drawing(
        "fin", f"Fin template: {item.name}", tuple(shapes), len(part.present) * item.copies, notes, item.path
    )
    return Made((drawing, *_jig(part, item)))


def _jig(part: FinSet, item: Item) -> tuple[Drawing, ...]:
    """A board that holds the fins at their angles: a hole for the body, and a slot for each fin."""
    loops = jig_loops(part, item)
    r = item.placed.at.outer
    shapes: list[Shape] = [line(*np.asarray(loop).T, closed=True) for loop in loops]
    for k, a in enumerate(_angles(part)):
        where, beside = r + 0.6 * jig_reach(part), 0.5 * part.thickness + 0.005
        at = (where * sin(a) + beside * cos(a), where * cos(a) - beside * sin(a))
        shapes.append(note(at, str(part.present[k] + 1)))
    shapes += cross((0.0, 0.0), 0.004)
    shapes += dimension((-r, 0.0), (r, 0.0), 0.004, text="Ø ")
    notes = (
        "Cut two of stiff board; slide them on, before and behind the middle of the fins, and sand the slots until the fins go in.",
    )
    return (Drawing("fin-jig", f"Fin jig: {item.name}", tuple(shapes), 2, notes, item.path),)


def jig_reach(part: FinSet) -> float:
    """How far the jig's slots reach off the body, m."""
    return min(0.6 * float(fin_outline(part)[:, 1].max()), 0.06)


def _angles(part: FinSet) -> tuple[float, ...]:
    """Roll position of each fin that is there, rad."""
    return tuple(part.angle + 2 * pi * k / part.count for k in part.present)


def jig_loops(part: FinSet, item: Item) -> list[np.ndarray]:
    """The jig's outer edge and its hole with slots (n, 2), m; seen from behind, roll position 0 at the top, clockwise."""
    from shapely import Polygon, union_all

    r, reach = item.placed.at.outer, jig_reach(part)
    a = np.linspace(0, 2 * pi, 1441)[:-1]
    hole = Polygon(np.column_stack([r * np.sin(a), r * np.cos(a)]))
    slots = []
    for roll in _angles(part):
        out, across = np.array([sin(roll), cos(roll)]), np.array([cos(roll), -sin(roll)]) * part.thickness / 2
        near, far = out * 0.5 * r, out * (r + reach)
        slots.append(Polygon([near - across, far - across, far + across, near + across]))
    opening = union_all([hole, *slots])
    board = r + reach + 0.012
    edge = np.column_stack([board * np.sin(a), board * np.cos(a)])
    shape = Polygon(edge).difference(opening)
    polygons = [shape] if shape.geom_type == "Polygon" else list(shape.geoms)
    return [np.asarray(loop.coords)[:-1] for p in polygons for loop in (p.exterior, *p.interiors)]


@made_of.register
def _(part: TubeFins, item: Item) -> Made:
    n = part.count * item.copies
    return Made(
        _tube_fins(part, item),
        (f"cut {n} tubes of {mm(part.length)}, outer diameter {mm(part.diameter)}; the guide has their lines",),
    )


def _tube_fins(part: TubeFins, item: Item) -> tuple[Drawing, ...]:
    """How the tubes stand round the body, from behind."""
    r, own = item.placed.at.outer, 0.5 * part.diameter
    shapes: list[Shape] = [Circle((0.0, 0.0), r, "mark")]
    for k in range(part.count):
        a = part.angle + 2 * pi * k / part.count
        at = ((r + own) * sin(a), (r + own) * cos(a))
        shapes += [Circle(at, own), Circle(at, own - part.wall, "hidden"), note(at, str(k + 1))]
    shapes += cross((0.0, 0.0), 0.004)
    shapes += dimension((-r, 0.0), (r, 0.0), 0.004, text="Ø ")
    notes = (
        f"Seen from behind. {part.count * item.copies} tubes, {mm(part.length)} long, Ø {mm(part.diameter)}, wall {mm(part.wall)}.",
    )
    return (Drawing("tube-fins", f"Tube fins from behind: {item.name}", tuple(shapes), 1, notes, item.path),)


@made_of.register
def _(part: RingFin, item: Item) -> Made:
    gap = 0.5 * part.diameter - part.wall - item.placed.at.outer
    said = (f"cut {item.copies} ring of {mm(part.length)} from a tube of {mm(part.diameter)}",)
    if part.strut_count == 0 or gap <= SMALLEST or part.strut_thickness <= 0:
        return Made((), said)
    shapes: list[Shape] = [Line(((0.0, 0.0), (part.length, 0.0), (part.length, gap), (0.0, gap)), closed=True)]
    shapes += [
        *dimension((0.0, 0.0), (part.length, 0.0), -0.008),
        *dimension((part.length, 0.0), (part.length, gap), -0.008),
    ]
    n = part.strut_count * item.copies
    notes = (f"Cut {n} from {_material(part)}, {mm(part.strut_thickness)} thick. The long edges touch body and ring.",)
    return Made((Drawing("strut", f"Strut of the ring: {item.name}", tuple(shapes), n, notes, item.path),), said)


# ---- discs --------------------------------------------------------------------------------------------------------


def ring_holes(item: Item) -> tuple[tuple[float, float, float], ...]:
    """The holes of a centring ring, each (y, z, radius) m."""
    at = item.placed.at
    return at.holes or (((0.0, 0.0, at.inner),) if at.inner > 0 else ())


def rim(holes: Sequence[tuple[float, float, float]], outer: float) -> float:
    """The least width of a disc of radius `outer` between its edge and its holes (y, z, radius), m."""
    return min((outer - hypot(y, z) - r for y, z, r in holes), default=outer)


@made_of.register
def _(part: CentringRing, item: Item) -> Made:
    at, n = item.placed.at, part.count * item.copies
    holes = ring_holes(item)
    if (wide := rim(holes, at.outer)) < SMALLEST:
        return Made((), (f"its rim is {mm(wide, 4)} wide: there is nothing to cut; check its diameters",))
    shapes: list[Shape] = [
        *ring((0.0, 0.0), at.outer),
        *dimension((-at.outer, 0.0), (at.outer, 0.0), at.outer + 0.006, text="Ø "),
    ]
    for y, z, r in holes:
        shapes.append(Circle((y, z), r))
        shapes += cross((y, z), 0.003) if len(holes) > 1 else ()
    if holes:
        y, z, r = holes[0]
        shapes += dimension((y - r, z), (y + r, z), -0.004, text="Ø ")
    notes = (f"Cut {n} from {_material(part)}, {mm(part.length)} thick.",)
    return Made((Drawing("ring", f"Centring ring: {item.name}", tuple(shapes), n, notes, item.path),))


@made_of.register
def _(part: Bulkhead, item: Item) -> Made:
    r = item.placed.at.outer
    shapes = (*ring((0.0, 0.0), r), *dimension((-r, 0.0), (r, 0.0), r + 0.006, text="Ø "))
    notes = (
        f"Cut {item.copies} from {_material(part)}, {mm(part.length)} thick. Holes for eye bolts and wires: drill your own.",
    )
    return Made((Drawing("bulkhead", f"Bulkhead: {item.name}", shapes, item.copies, notes, item.path),))


# ---- bodies of revolution -----------------------------------------------------------------------------------------


def _profile(item: Item, shoulders: Sequence[tuple[float, float, float]], wall: float | None) -> list[Shape]:
    """The side view, nose to the left: outer edge, inside, shoulders (front, aft, radius) m, middle line, lengths."""
    x, r = outline(item.placed, 600)
    x = x - item.placed.front
    top, bottom = np.column_stack([x, r]), np.column_stack([x, -r])[::-1]
    edge = np.vstack([top, bottom])
    keep = np.append(np.hypot(*np.diff(edge, axis=0).T) > 1e-9, True)
    shapes: list[Shape] = [line(*edge[keep].T, closed=True)]
    for front, aft, radius in shoulders:
        shapes.append(Line(((front, radius), (aft, radius), (aft, -radius), (front, -radius)), "cut", True))
    if wall is not None:
        slope = np.gradient(r, x)
        inner = r - wall * np.hypot(1, slope)
        inside = inner > 0
        shapes += [line(x[inside], up * inner[inside], "hidden") for up in (1, -1)] if inside.sum() > 1 else []
    ends = [0.0, float(x[-1]), *(v for s in shoulders for v in s[:2])]
    shapes.append(Line(((min(ends) - 0.005, 0.0), (max(ends) + 0.005, 0.0)), "centre"))
    big = float(r.max())
    shapes += dimension((0.0, -big), (float(x[-1]), -big), -0.008)
    for at, radius in ((0.0, float(r[0])), (float(x[-1]), float(r[-1]))):
        if radius > 0:
            side = 0.010 if at else -0.010
            far = at + (max(ends) - float(x[-1]) if at else min(ends))
            shapes += dimension((far, radius), (far, -radius), side, text="Ø ")
    for front, aft, radius in shoulders:
        shapes += dimension((front, radius), (aft, radius), big - radius + 0.006)
    return shapes


@made_of.register
def _(part: NoseCone, item: Item) -> Made:
    shoulders = []
    if part.shoulder_length:
        radius = 0.5 * (part.shoulder_diameter or part.diameter)
        shoulders.append((part.length, part.length + part.shoulder_length, radius))
    notes = [f"{part.shape}, {_material(part)}, " + ("solid." if part.wall is None else f"wall {mm(part.wall)}.")]
    if part.tip_radius:
        notes.append(f"Tip rounded to a radius of {mm(part.tip_radius)}.")
    if part.shoulder_length:
        notes.append(f"Shoulder Ø {mm(2 * shoulders[0][2])}, {mm(part.shoulder_length)} long.")
    shapes = tuple(_profile(item, shoulders, part.wall))
    return Made((Drawing("nose", f"Nose profile: {item.name}", shapes, item.copies, tuple(notes), item.path),))


@made_of.register
def _(part: Transition, item: Item) -> Made:
    at, shoulders = item.placed.at, []
    if part.fore_shoulder_length:
        shoulders.append(
            (
                -part.fore_shoulder_length,
                0.0,
                0.5 * part.fore_shoulder_diameter if part.fore_shoulder_diameter else at.outer,
            )
        )
    if part.aft_shoulder_length:
        shoulders.append(
            (
                part.length,
                part.length + part.aft_shoulder_length,
                0.5 * part.aft_shoulder_diameter if part.aft_shoulder_diameter else at.aft_outer,
            )
        )
    notes = [f"{part.shape}, {_material(part)}, " + ("solid." if part.wall is None else f"wall {mm(part.wall)}.")]
    notes += [f"Shoulder Ø {mm(2 * r)}, {mm(b - a)} long." for a, b, r in shoulders]
    profile = Drawing(
        "transition",
        f"Transition profile: {item.name}",
        tuple(_profile(item, shoulders, part.wall)),
        item.copies,
        tuple(notes),
        item.path,
    )
    if part.shape != "conical":
        return Made(
            (profile,), (f"its sides are curved ({part.shape}): no flat sheet can be rolled to it; turn or print it",)
        )
    return Made((profile, shroud(item)))


# ---- what is only cut to length, or bought ------------------------------------------------------------------------


def _cut_to_length(n: int, length: float, outer: float, wall: float) -> tuple[str, ...]:
    return (f"cut {n} to {mm(length)}, outer diameter {mm(2 * outer)}, wall {mm(wall)}",)


@made_of.register
def _(part: BodyTube, item: Item) -> Made:
    return Made((), _cut_to_length(item.copies, part.length, item.placed.at.outer, part.wall))


@made_of.register
def _(part: InnerTube | TubeCoupler, item: Item) -> Made:
    n = item.copies * (len(part.middles) if isinstance(part, InnerTube) else 1)
    return Made((), _cut_to_length(n, part.length, item.placed.at.outer, part.wall))


@made_of.register
def _(part: LaunchLug, item: Item) -> Made:
    n = part.count * item.copies
    return Made((), (*_cut_to_length(n, part.length, 0.5 * part.diameter, part.wall), "its place is on the guide"))


@made_of.register
def _(part: RailButtons, item: Item) -> Made:
    return Made((), (f"buy {part.count * item.copies}, Ø {mm(part.diameter)}; their places are on the guide",))


@made_of.register
def _(part: Protuberance, item: Item) -> Made:
    said = "its place is on the guide" + (f", of the first of {part.count}" if part.count > 1 else "")
    return Made((), (said,))


@made_of.register
def _(part: MassObject | ShockCord | Recovery, item: Item) -> Made:
    return Made((), ("bought or weighed: nothing to cut",))


@made_of.register
def _(part: Assembly, item: Item) -> Made:
    return Made((), (f"{part.count} of them, of the parts that follow",))
