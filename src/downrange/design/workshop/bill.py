"""The bill of materials: every part with its material, size, how many and what it weighs; and in which order they are joined."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from downrange.design.workshop.drawing import mm
from downrange.design.workshop.items import Item, items_of
from downrange.rocket import (
    PART_TYPES,
    Assembly,
    BodyTube,
    Bulkhead,
    CentringRing,
    FinSet,
    InnerTube,
    LaunchLug,
    MassObject,
    Material,
    NoseCone,
    Parachute,
    Part,
    Protuberance,
    RailButtons,
    Recovery,
    RingFin,
    Rocket,
    ShockCord,
    Streamer,
    Transition,
    TubeCoupler,
    TubeFins,
    part_mass,
)

__all__ = ["Line", "bill_of", "steps_of"]


@dataclass(frozen=True)
class Line:
    """A part in the bill: `count` pieces in all, which weigh `total` kg, as the design has them.

    `how`: `computed` from size and material, `given` in the file, or what part's given mass it is in. `shares`: over how many equal
    places a mass that is given in the file is taken (`Item.copies`).
    """

    path: str
    name: str
    kind: str
    within: str
    material: str
    size: str
    count: int
    total: float
    how: str
    shares: int

    @property
    def each(self) -> float:
        """Mass of one piece, kg."""
        return self.total / self.count if self.count else 0.0

    def summary(self) -> dict[str, Any]:
        """By the keys of `--json`."""
        return {
            "path": self.path, "name": self.name, "part": self.kind, "within": self.within, "material": self.material, "size": self.size,
            "count": self.count, "mass_each_kg": self.each, "mass_total_kg": self.total, "mass_from": self.how,
        }  # fmt: skip


def bill_of(rocket: Rocket) -> tuple[Line, ...]:
    """Every part in the order of the file. The sum of `total` is the mass of the rocket from its parts (`Rocket.structure`)."""
    held: list[tuple[str, str]] = []  # paths of parts whose given mass is that of all in them, and their names
    lines = []
    for item in items_of(rocket):
        over = next((name for path, name in held if item.path.startswith(f"{path}.")), None)
        total, how = _mass(item)
        if over is not None:
            total, how = 0.0, f"in the mass of {over}"
        elif item.part.override_children and item.part.mass is not None:
            held.append((item.path, item.name))
        lines.append(
            Line(
                item.path,
                item.name,
                _kind(item.part),
                item.within,
                _material(item.part),
                _size(item),
                _count(item),
                total,
                how,
                item.copies,
            )
        )
    return tuple(lines)


def _mass(item: Item) -> tuple[float, str]:
    """What all copies of a part weigh, kg, and where that is from."""
    if item.part.mass is not None:
        return item.part.mass * item.copies, "given"
    if isinstance(item.part, Assembly):
        return 0.0, "in its parts"
    return part_mass(item.part, item.placed.at).mass * item.copies, "computed"


def _kind(part: Part) -> str:
    return next((word for word, kind in PART_TYPES.items() if type(part) is kind), type(part).__name__)


def _material(part: Part) -> str:
    if isinstance(part, MassObject | Protuberance | Assembly):
        return ""
    given = getattr(part, "material", "")
    return given.name if isinstance(given, Material) else str(given)


def _count(item: Item) -> int:
    part, n = item.part, item.copies
    if isinstance(part, FinSet):
        return n * len(part.present)
    if isinstance(part, InnerTube):
        return n * len(part.middles)
    if isinstance(part, Assembly | CentringRing | LaunchLug | RailButtons | Protuberance | TubeFins):
        return n * part.count
    return n


def _size(item: Item) -> str:
    """The sizes that one buys or cuts by."""
    part, at = item.part, item.placed.at
    if isinstance(part, NoseCone):
        return f"{part.shape}, {mm(part.length)} long, Ø {mm(part.diameter)}"
    if isinstance(part, Transition):
        return f"{part.shape}, {mm(part.length)} long, Ø {mm(2 * at.outer)} to Ø {mm(2 * at.aft_outer)}"
    if isinstance(part, BodyTube | InnerTube | TubeCoupler):
        return f"{mm(part.length)} long, Ø {mm(2 * at.outer)}, wall {mm(part.wall)}"
    if isinstance(part, LaunchLug | TubeFins | RingFin):
        return f"{mm(part.length)} long, Ø {mm(part.diameter)}, wall {mm(part.wall)}"
    if isinstance(part, FinSet):
        return f"{mm(part.thickness)} thick; see its template"
    if isinstance(part, CentringRing):
        return f"Ø {mm(2 * at.outer)}, {mm(part.length)} thick; see its drawing"
    if isinstance(part, Bulkhead):
        return f"Ø {mm(2 * at.outer)}, {mm(part.length)} thick"
    if isinstance(part, RailButtons):
        return f"Ø {mm(part.diameter)}, {mm(part.height)} high"
    if isinstance(part, Parachute):
        return f"Ø {mm(part.diameter)}" if part.diameter else ""
    if isinstance(part, Streamer):
        return f"{mm(part.length)} x {mm(part.width)}"
    return f"{mm(part.length)} long" if isinstance(part, ShockCord) else ""


_ORDER: tuple[tuple[tuple[type[Part], ...], str], ...] = (
    ((CentringRing, Bulkhead), "Glue"), ((InnerTube, TubeCoupler), "Glue"), ((FinSet, TubeFins, RingFin, LaunchLug), "Glue"),
    ((RailButtons, Protuberance), "Fix"), ((Assembly,), "Fix"), ((MassObject,), "Mount"), ((ShockCord,), "Tie"), ((Recovery,), "Pack"),
)  # fmt: skip


def steps_of(rocket: Rocket) -> tuple[str, ...]:
    """What is joined to what, and where, one line a step: what is inside first, what is packed last."""
    items = list(items_of(rocket))
    deepest = sorted(items, key=lambda i: -i.path.count(".parts["))
    out = [s for kinds, verb in _ORDER for i in deepest if isinstance(i.part, kinds) for s in _step(i, verb)]
    bodies = [i for i in items if i.host is None]
    groups: dict[str, list[str]] = {}
    for i in bodies:
        groups.setdefault(i.path.rpartition(".parts[")[0], []).append(i.name)
    out += [f"Join from the nose back: {', '.join(names)}." for names in groups.values() if len(names) > 1]
    return tuple(out)


def _step(item: Item, verb: str) -> Iterator[str]:
    """Where a part goes in or on what holds it."""
    host = item.host
    if host is None:
        return
    from_front, to_aft = item.placed.front - host.front, host.aft - item.placed.aft
    where = (
        f"{mm(from_front)} from the front end" if from_front <= to_aft else f"its aft end {mm(to_aft)} from the aft end"
    )
    count = _count(item)
    what = f"{item.name} ({count} of them)" if count > 1 else item.name
    into = (
        "on"
        if isinstance(item.part, FinSet | TubeFins | RingFin | LaunchLug | RailButtons | Protuberance | Assembly)
        else "in"
    )
    yield f"{verb} {what} {into} {_called(host.part)}, {where}."


def _called(part: Part) -> str:
    return part.name or _kind(part)
