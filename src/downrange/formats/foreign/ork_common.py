"""What the readers of OpenRocket's components share: what holds a part, radii and walls, places, and what stands instead of computed values.

What a tag means was learnt from files and the program's documentation; automatic sizes follow its documented rules. Lengths in the
file are metres, masses kg, angles degrees.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import pi, radians
from typing import Any

from downrange.formats.foreign.design import PartData
from downrange.formats.foreign.materials import finish_of, material_of
from downrange.formats.foreign.nodes import Node

__all__ = [
    "DEFAULT_RADIUS", "LOOSE", "THIN", "Host", "angle_of", "automatic", "density_of", "length_of", "off_axis", "overrides", "place_of", "put",
    "put_finish", "put_material", "put_mount", "put_shape", "radius_of", "spread", "tube_wall", "wall_of",
]  # fmt: skip

THIN = 1e-5  # m; a wall or sheet of nothing, which weighs nothing
LOOSE = 0.0005  # m; how much wider than its bore a part may be said, for rounding
DEFAULT_RADIUS = 0.025  # m; OpenRocket's, where nothing says another one


@dataclass(frozen=True)
class Host:
    """What holds a part: its front (m aft of the nose tip), length, outer radius at a distance from its front, wall (None: solid), and
    whether what fills it may leave its diameter out with us: in tubes, whose bore is the same all along."""

    front: float
    length: float
    outer: Callable[[float], float]
    wall: float | None
    tube: bool

    @property
    def room(self) -> float | None:
        """The widest that what lies in it may be with us: its bore, of a transition at its wider end; None where that is not asked."""
        if self.wall is None:
            return None
        wide = max(self.outer(0.0), self.outer(self.length)) - self.wall
        return wide if wide > 0 else None

    def bore(self, part: PartData) -> float:
        """The narrowest radius inside where a part lies that has its place and length."""
        front = self.front_of(part)
        ends = [min(max(x, 0.0), self.length) for x in (front, front + length_of(part))]
        return 0.0 if self.wall is None else max(min(self.outer(x) for x in ends) - self.wall, 0.0)

    def front_of(self, part: PartData) -> float:
        """The front of a part, m aft of the front of what holds it."""
        offset, length = float(part.get("offset", 0.0)), length_of(part)
        places: dict[str, float] = {
            "middle": 0.5 * (self.length - length) + offset, "bottom": self.length - length + offset, "absolute": offset - self.front,
        }  # fmt: skip
        return places.get(str(part.get("position", "top")), offset)


def length_of(part: PartData) -> float:
    """Length of a part along the rocket, all its copies together, m."""
    if "points" in part:
        return float(part["points"][-1][0] - part["points"][0][0])
    own: Any = 0.0
    if part["type"] != "rail buttons":
        own = part.get("packed_length", part.get("root_chord", part.get("length", 0.0)))
    return float(own + (part.get("count", 1) - 1) * part.get("spacing", 0.0))


def automatic(text: str | None) -> bool:
    """Whether a radius says `auto`; a number behind it is what was last computed."""
    return text is not None and text.strip().lower().startswith("auto")


def radius_of(node: Node, *tags: str) -> float | None:
    """A radius, m; None where it is automatic or not said."""
    text = node.text(*tags)
    return None if text is None or automatic(text) else node.parsed(text, tags[0])


def wall_of(node: Node, radius: float, *tags: str) -> float | None:
    """A wall's thickness; None where it is filled."""
    text = node.text(*tags)
    if text is None or text.strip().lower() == "filled":
        return None
    wall = node.parsed(text, tags[0])
    return None if wall and wall >= radius else wall


def tube_wall(node: Node, part: PartData, radius: float) -> None:
    """The wall of a tube, which cannot be solid or nothing with us: nearly so."""
    wall = wall_of(node, radius, "thickness")
    if wall is None:
        part["wall"] = max(radius, THIN) * (1 - 1e-9)
    elif wall == 0:
        part["wall"] = min(THIN, 0.5 * radius)
        part.setdefault("mass", 0.0)
        node.report.approximated(node.place, "a wall of no thickness is one of 0.01 mm that weighs nothing")
    else:
        part["wall"] = wall


def put(part: PartData, key: str, value: Any, default: Any = None) -> None:
    if value is not None and value != default:
        part[key] = value


def put_material(
    node: Node, part: PartData, key: str = "material", kind: str = "volume", tag: str = "material"
) -> None:
    put(part, key, material_of(node, tag, kind))


def place_of(node: Node, part: PartData, default: str) -> None:
    """Position and offset: the newer tag, else the older one."""
    found = node.child("axialoffset") or node.child("position")
    node.skip("axialoffset", "position")
    if found is None:
        if default != "after":
            node.report.chosen(node.place, f"the file does not say where it is; at the {default} of what holds it")
            part["position"] = default
        return
    method = (found.attribute("method") or found.attribute("type") or default).lower()
    text = found.own_text()
    offset = node.parsed(text, "axialoffset") if text else 0.0
    if method not in ("top", "middle", "bottom", "absolute", "after"):
        node.report.approximated(node.place, f"the position method {method[:30]!r} is not known; taken from the top")
        method = "top"
    if method != "after" or default != "after":
        part["position"] = method
        put(part, "offset", offset, 0.0)


def spread(part: PartData, count: int, spacing: float) -> None:
    """Set `count` copies, `spacing` apart: aft, or forward where it is negative.

    OpenRocket places the first by its own length, we all of them together: the offset makes up for it.
    """
    if count > 1:
        part["count"], part["spacing"] = count, abs(spacing)
        first = 0.0 if spacing >= 0 else 1.0  # where the first stands among them, from the front
        share = {"bottom": 1.0, "middle": 0.5}.get(part.get("position", "top"), 0.0)
        if share != first:
            part["offset"] = part.get("offset", 0.0) + (share - first) * (count - 1) * abs(spacing)


def overrides(node: Node, part: PartData) -> None:
    """Mass, CG and drag that stand instead of the computed ones, for the part or for all in it."""
    flags = {}
    whole = node.truth("overridesubcomponents")
    for key, tag in (("mass", "mass"), ("cg", "cg"), ("drag_coefficient", "cd")):
        value = node.number(f"override{tag}")
        own = node.truth(f"overridesubcomponents{tag}")
        if value is not None:
            part[key] = value
            flags[key] = bool(whole if own is None else own)
    if any(flags.values()):
        part["override_children"] = True
        if not all(flags.values()):
            mixed = ", ".join(k for k, v in flags.items() if not v)
            node.report.approximated(
                node.place, f"{mixed} stood for the part alone, the rest for all in it; with us all stand for all in it"
            )


def angle_of(node: Node, *tags: str) -> float:
    return radians(node.amount(*tags))


def put_shape(node: Node, part: PartData) -> None:
    """The parameter of a shape; OpenRocket's default where it is not said, since ours may be another."""
    known = {"conical": None, "ellipsoid": None, "ogive": 1.0, "power": 0.5, "parabolic": 1.0, "haack": 0.0}
    if part["shape"] not in known:
        node.report.approximated(node.place, f"the shape {part['shape'][:30]!r} is not known; an ogive is taken")
        part["shape"] = "ogive"
    parameter = node.number("shapeparameter", default=known[part["shape"]])
    if known[part["shape"]] is not None:
        part["shape_parameter"] = parameter


def put_finish(node: Node, part: PartData) -> None:
    put(part, "finish", finish_of(node.text("finish"), node.place, node.report))


def put_mount(node: Node, part: PartData) -> None:
    mount = node.child("motormount")
    if mount is not None:
        part["motor_mount"] = True
        put(part, "overhang", mount.amount("overhang"), 0.0)
        part["@mount"] = mount


def density_of(material: Any) -> float:
    from downrange.rocket import find_material

    return (
        float(material["density"])
        if isinstance(material, dict)
        else find_material(material or "delrin", "volume").density
    )


def off_axis(node: Node, part: PartData, carried: bool = False) -> None:
    """A place beside the axis, which only mass parts and inner tubes have with us."""
    r = node.amount("radialposition")
    angle = angle_of(node, "radialdirection")
    if not r:
        return
    if carried:
        part |= {"radial_offset": r, "angle": angle % (2 * pi)}
    else:
        node.report.approximated(node.place, f"it lies {r * 1e3:.3g} mm beside the axis; with us on the axis")
