"""What is wrapped round a body: strips with the places of fins, lugs, buttons, vents and balance, and the shroud of a cone.

A strip is as wide as the tube's circumference, printed side out, nose up. Its left edge is roll position 0; angles grow to the
right, which is clockwise seen from behind.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import singledispatch
from math import cos, degrees, hypot, pi, sin

from downrange.design.workshop.drawing import Arc, Circle, Drawing, Line, Shape, arrow, cross, dimension, mm, note
from downrange.design.workshop.items import Item, around
from downrange.rocket import (
    Assembly,
    BodyTube,
    Bulkhead,
    CentringRing,
    FinSet,
    InnerTube,
    LaunchLug,
    MassObject,
    NoseCone,
    Part,
    Placed,
    Protuberance,
    RailButtons,
    Recovery,
    RingFin,
    ShockCord,
    Transition,
    TubeCoupler,
    TubeFins,
    called,
)

__all__ = ["Mark", "marks_on", "shroud", "strips"]

_ROOM = 0.012  # m; of a strip before and behind what it marks
_GAP = 0.10  # m; marks further apart stand on strips of their own
_FLAP = 0.010  # m; that is glued under


@dataclass(frozen=True)
class Mark:
    """Something at the surface: from `front` to `aft` (m aft of the body's nose tip; equal: a point) at `angles` (rad; none: all round).

    `hole`: diameter of a hole to drill there, m.
    """

    name: str
    front: float
    aft: float
    angles: tuple[float, ...] = ()
    hole: float = 0.0


def _evenly(first: float, count: int) -> tuple[float, ...]:
    return tuple(first + 2 * pi * k / count for k in range(count))


@singledispatch
def marks_on(part: Part, q: Placed) -> tuple[Mark, ...]:
    """What a part needs marked on the body that it stands on; nothing where it lies inside."""
    raise TypeError(f"{type(part).__name__} says not where it stands: register it with marks_on")


@marks_on.register
def _(part: NoseCone | BodyTube | Transition | InnerTube | TubeCoupler | CentringRing | Bulkhead | MassObject | ShockCord | Recovery, q: Placed) -> tuple[Mark, ...]:  # fmt: skip
    return ()


@marks_on.register
def _(part: FinSet, q: Placed) -> tuple[Mark, ...]:
    return tuple(Mark(f"fin {k + 1}", q.front, q.aft, (part.angle + 2 * pi * k / part.count,)) for k in part.present)


@marks_on.register
def _(part: TubeFins, q: Placed) -> tuple[Mark, ...]:
    return tuple(Mark(f"tube {k + 1}", q.front, q.aft, (a,)) for k, a in enumerate(_evenly(part.angle, part.count)))


@marks_on.register
def _(part: RingFin, q: Placed) -> tuple[Mark, ...]:
    return tuple(
        Mark(f"strut {k + 1}", q.front, q.aft, (a,)) for k, a in enumerate(_evenly(0.0, max(part.strut_count, 1)))
    )


@marks_on.register
def _(part: LaunchLug, q: Placed) -> tuple[Mark, ...]:
    starts = [q.front + k * part.spacing for k in range(part.count)]
    return tuple(Mark(called(part), x, x + part.length, (part.angle,)) for x in starts)


@marks_on.register
def _(part: RailButtons, q: Placed) -> tuple[Mark, ...]:
    return tuple(
        Mark("rail button", x, x, (part.angle,)) for x in (q.front + k * part.spacing for k in range(part.count))
    )


@marks_on.register
def _(part: Protuberance, q: Placed) -> tuple[Mark, ...]:
    return (Mark(called(part), q.front, q.aft, (part.angle,)),)


@marks_on.register
def _(part: Assembly, q: Placed) -> tuple[Mark, ...]:
    return tuple(Mark(f"{called(part)} {k + 1}", q.front, q.aft, (a,)) for k, a in enumerate(part.angles()))


def strips(item: Item, more: Sequence[Mark] = ()) -> tuple[Drawing, ...]:
    """The marking guides of a body tube: one for each stretch of it that has marks.

    more: balance, pressure and vents, in the body's own lengths.
    """
    part, q = item.part, item.placed
    assert isinstance(part, BodyTube)
    marks = [m for h in item.held for m in marks_on(h.part, h)]
    inside = [m for m in marks if m.aft > q.front - 1e-9 and m.front < q.aft + 1e-9]
    inside += [m for m in more if q.front <= m.front <= q.aft]
    if not inside:
        return ()
    stretches: list[tuple[float, float]] = []
    for m in sorted(inside, key=lambda m: m.front):
        low, high = max(m.front - _ROOM, q.front), min(m.aft + _ROOM, q.aft)
        if stretches and low - stretches[-1][1] < _GAP:
            stretches[-1] = (stretches[-1][0], max(stretches[-1][1], high))
        else:
            stretches.append((low, high))
    return tuple(_strip(item, inside, s, k, len(stretches)) for k, s in enumerate(stretches))


def _strip(item: Item, marks: Sequence[Mark], stretch: tuple[float, float], k: int, of: int) -> Drawing:
    q = item.placed
    low, high = stretch
    around_it, tall = 2 * pi * q.at.outer, high - low
    shapes: list[Shape] = [
        Line(((0.0, 0.0), (around_it, 0.0), (around_it, tall), (0.0, tall)), closed=True),
        Line(
            ((around_it, 0.0), (around_it + _FLAP, 0.003), (around_it + _FLAP, tall - 0.003), (around_it, tall)), "fold"
        ),
        note((around_it + 0.55 * _FLAP, 0.5 * tall), "lap", turn=pi / 2, height=0.0022),
        *dimension((0.0, tall), (around_it, tall), 0.014, text="once round "),
    ]
    shapes += arrow((around_it + _FLAP + 0.005, 0.2 * tall), (around_it + _FLAP + 0.005, 0.8 * tall))
    shapes.append(note((around_it + _FLAP + 0.009, 0.5 * tall), "nose", turn=pi / 2))
    inside = [m for m in marks if m.front < high + 1e-9 and m.aft > low - 1e-9]
    for m in inside:
        shapes += _marked(m, around_it, high, tall)
    fore, aft = low - q.front, q.aft - high
    ends = f"Upper edge {mm(fore)} from the front end of the tube, lower edge {mm(aft)} from its aft end."
    notes = (
        ends,
        f"Wrap it round {item.name}, Ø {mm(2 * q.at.outer)}, printed side out; the edges meet at roll position 0.",
        *_in_words(inside, q),
    )
    title = f"Marking guide: {item.name}" + (f", {k + 1} of {of}" if of > 1 else "")
    return Drawing("guide", title, tuple(shapes), item.copies, notes, item.path)


def _in_words(marks: Sequence[Mark], q: Placed) -> tuple[str, ...]:
    """Where each mark lies along the tube, the same once."""
    said = []
    for m in marks:
        where = mm(q.aft - m.aft) + " from the aft end"
        if m.aft > m.front:
            where = f"{mm(m.aft - m.front)} long, its aft end " + where
        hole = f", holes of {mm(m.hole)}" if m.hole else ""
        angles = ", ".join(f"{degrees(around(a)):.4g}°" for a in m.angles)
        said.append(f"{m.name}: {where}{hole}" + (f", at {angles}." if angles else "."))
    return tuple(dict.fromkeys(said))


def _marked(m: Mark, around_it: float, top: float, tall: float) -> list[Shape]:
    """A mark on a strip whose upper edge lies at `top`: along it the whole way, thick where the thing itself stands."""
    y0, y1 = (min(max(top - x, 0.0), tall) for x in (m.aft, m.front))
    if not m.angles:
        return [Line(((0.0, y0), (around_it, y0)), "mark"), note((0.5 * around_it, y0 + 0.001), m.name)]
    shapes: list[Shape] = []
    for a in m.angles:
        s = around(a) / (2 * pi) * around_it
        shapes.append(Line(((s, 0.0), (s, tall)), "mark"))
        if y1 > y0:
            shapes.append(Line(((s, y0), (s, y1)), "cut"))
            shapes += [Line(((s - 0.003, y), (s + 0.003, y)), "mark") for y in (y0, y1)]
        else:
            shapes += cross((s, y0), 0.004, "mark")
            shapes += [Circle((s, y0), 0.5 * m.hole, "cut")] if m.hole else []
        if y1 > y0:
            shapes.append(note((s - 0.001, 0.5 * (y0 + y1)), m.name, turn=pi / 2))
        else:
            shapes.append(note((s + 0.0055, y0 - 0.001), m.name, anchor="start"))
    return shapes


def shroud(item: Item) -> Drawing:
    """A conical transition laid flat: a piece of a ring, whose arcs are as long as the ends are round.

    With `s` the slant length and R, r the radii, the sector turns by 2π (R - r) / s about the cone's tip, at R s / (R - r) and
    r s / (R - r). Fins on the cone stand on its lines.
    """
    q = item.placed
    fore, aft, length = q.at.outer, q.at.aft_outer, item.length
    wide, narrow = max(fore, aft), min(fore, aft)
    slant = hypot(length, wide - narrow)
    name, notes = (
        f"Shroud of {item.name}",
        [f"Rolled it is Ø {mm(2 * fore)} in front, Ø {mm(2 * aft)} behind, {mm(length)} long."],
    )
    notes.append("For thin sheet: it is the outer surface. The flap is glued under.")
    if wide - narrow < 1e-9:
        around_it = 2 * pi * wide
        shapes: list[Shape] = [Line(((0.0, 0.0), (around_it, 0.0), (around_it, length), (0.0, length)), closed=True)]
        shapes += dimension((0.0, length), (around_it, length), 0.008)
        return Drawing("shroud", name, tuple(shapes), item.copies, tuple(notes), item.path)
    outer, inner = wide * slant / (wide - narrow), narrow * slant / (wide - narrow)
    turn = 2 * pi * (wide - narrow) / slant
    start, end = pi / 2 - turn / 2, pi / 2 + turn / 2

    def at(radius: float, angle: float) -> tuple[float, float]:
        return radius * cos(angle), radius * sin(angle)

    shapes = [
        Arc((0.0, 0.0), outer, start, end),
        Line((at(inner, start), at(outer, start))),
        Line((at(inner, end), at(outer, end))),
    ]
    shapes += [Arc((0.0, 0.0), inner, start, end)] if inner > 0 else []
    low, high = (inner + 0.1 * slant, outer - 0.1 * slant)
    lap = min(_FLAP, 0.4 * max(inner, 0.2 * outer)) / outer
    shapes.append(Line((at(inner, start), at(low, start - lap), at(high, start - lap), at(outer, start)), "fold"))
    shapes += dimension(at(inner, end), at(outer, end), 0.006)
    shapes.append(note(at(outer + 0.002, pi / 2), f"arc of {mm(turn * outer)}, radius {mm(outer)}"))
    if inner > 0:
        shapes.append(note(at(max(inner - 0.005, 0.0), pi / 2), f"arc of {mm(turn * inner)}, radius {mm(inner)}"))
    notes.append(f"The sector turns by {degrees(turn):.3f}°.")
    shapes += _lines_on_cone(item, start, turn, outer, inner, fore > aft, notes)
    return Drawing("shroud", name, tuple(shapes), item.copies, tuple(notes), item.path)


def _lines_on_cone(
    item: Item, start: float, turn: float, outer: float, inner: float, narrows: bool, notes: list[str]
) -> list[Shape]:
    """Lines of what stands on the cone, from the flat's radius of its front to that of its aft end."""
    q, shapes = item.placed, list[Shape]()
    slant = outer - inner
    for held in item.held:
        for m in marks_on(held.part, held):
            shares = [(x - q.front) / max(item.length, 1e-12) for x in (m.front, m.aft)]
            radii = [outer - slant * s if narrows else inner + slant * s for s in shares]
            for a in m.angles:
                # Printed side out, angles grow to the right where the nose is up: here where it narrows. Else it is upside down.
                share = around(a) / (2 * pi)
                angle = start + turn * (1 - share if narrows else share)
                shapes.append(Line(tuple((r * cos(angle), r * sin(angle)) for r in radii), "mark"))
                middle = 0.5 * sum(radii)
                shapes.append(
                    note((middle * cos(angle), middle * sin(angle)), m.name, turn=angle - pi / 2, height=0.0022)
                )
            notes.append(f"{m.name}: from {mm(m.front - q.front)} to {mm(m.aft - q.front)} behind the front.")
    return shapes
