"""OpenRocket's fins, lugs and buttons."""

from __future__ import annotations

from math import pi, sin

from downrange.errors import InputError
from downrange.formats.foreign.design import PartData
from downrange.formats.foreign.nodes import Node
from downrange.formats.foreign.ork_common import (
    THIN,
    angle_of,
    density_of,
    put,
    put_finish,
    put_material,
    radius_of,
    spread,
    tube_wall,
)

__all__ = ["button", "ellipse", "freeform", "lug", "outline_of", "trapezoid", "tube_fins"]


def _fins(node: Node, part: PartData) -> None:
    count = node.number("fincount", "instancecount", default=3.0)
    node.skip("instancecount", "fincount")
    part["count"] = int(count or 0)
    thickness = node.needed("thickness")
    part["thickness"] = thickness or THIN
    if thickness == 0:
        part.setdefault("mass", 0.0)
    section = (node.text("crosssection") or "square").lower()
    if section not in ("square", "rounded", "airfoil", "wedge"):
        node.report.approximated(node.place, f"the fin section {section[:30]!r} is not known; square is taken")
        section = "square"
    part["section"] = section
    put_material(node, part)
    put(part, "cant", angle_of(node, "cant"), 0.0)
    put(part, "angle", angle_of(node, "angleoffset", "rotation"), 0.0)
    node.skip("rotation", "angleoffset", "radiusoffset")
    _tab(node, part)
    if fillet := node.amount("filletradius"):
        part["fillet_radius"] = fillet
        put_material(node, part, "fillet_material", tag="filletmaterial")
    else:
        node.skip("filletmaterial")
    put_finish(node, part)


def _tab(node: Node, part: PartData) -> None:
    length, height = node.amount("tablength"), node.amount("tabheight")
    places = list(node.children("tabposition"))
    if not length or not height:
        return
    part |= {"tab_length": length, "tab_height": height}
    if places:
        part["@tab"] = (
            places[0].attribute("relativeto") or "front",
            node.parsed(places[0].own_text() or "0", "tabposition"),
        )


def tab_offset(part: PartData, root: float) -> None:
    """Where the tab begins, aft of the root's leading edge."""
    where, offset = part.pop("@tab", ("front", 0.0))
    share = {"center": 0.5, "middle": 0.5, "end": 1.0, "bottom": 1.0}.get(where, 0.0)
    if "tab_length" in part:
        put(part, "tab_offset", share * (root - part["tab_length"]) + offset, 0.0)


def trapezoid(node: Node, part: PartData) -> None:
    part |= {"root_chord": node.needed("rootchord"), "tip_chord": node.needed("tipchord"), "span": node.needed("height"),
             "sweep": node.amount("sweeplength")}  # fmt: skip
    _fins(node, part)
    tab_offset(part, part["root_chord"])


def ellipse(node: Node, part: PartData) -> None:
    part |= {"root_chord": node.needed("rootchord"), "span": node.needed("height")}
    _fins(node, part)
    tab_offset(part, part["root_chord"])


def freeform(node: Node, part: PartData) -> None:
    _fins(node, part)
    list_ = node.child("finpoints")
    points = []
    for p in list_.children("point") if list_ else ():
        points.append((p.parsed(p.attribute("x") or "", "x"), p.parsed(p.attribute("y") or "", "y")))
    part["points"] = outline_of(points, node)
    tab_offset(part, part["points"][-1][0] - part["points"][0][0])


def outline_of(points: list[tuple[float, float]], node: Node) -> list[tuple[float, float]]:
    """The points of a fin as we have them: from the body to the body, none twice. Raises `InputError` for fewer than three points."""
    if len(points) < 3:
        raise InputError(
            f"{node.place}: a free-form fin of {len(points)} points", file=node.report.file, key="finpoints"
        )
    (x0, y0), kept = points[0], [(0.0, 0.0)]
    for x, y in points[1:]:
        here = (x - x0, y - y0)
        if abs(here[0] - kept[-1][0]) < 1e-9 and abs(here[1] - kept[-1][1]) < 1e-9:
            node.report.approximated(node.place, "a point of the fin that stood twice stands once")
        else:
            kept.append(here)
    root, rise = kept[-1]
    if abs(rise) > 1e-9 and root > 0:
        node.report.approximated(
            node.place, "the fin's root follows a sloping body: heights are measured from the root, its area is kept"
        )
        kept = [(x, y - rise * min(max(x / root, 0.0), 1.0)) for x, y in kept]
    kept[-1] = (root, 0.0)
    low = [y for _, y in kept if y < -1e-9]
    if low:
        node.report.approximated(
            node.place, f"fin points up to {-min(low) * 1e3:.3g} mm inside the body are laid on it"
        )
    return [(x, max(y, 0.0) if abs(y) > 1e-9 else 0.0) for x, y in kept]


def tube_fins(node: Node, part: PartData) -> None:
    count = int(node.number("fincount", "instancecount", default=6.0) or 0)
    node.skip("instancecount", "fincount", "radiusoffset")
    radius = radius_of(node, "radius")
    if radius is None:
        host = part["@host"]
        body = host.outer(0.5 * host.length)
        s = sin(pi / count) if count > 2 else 0.5
        radius = body * s / (1 - s)
    part |= {"count": count, "length": node.needed("length"), "diameter": 2 * radius}
    tube_wall(node, part, radius)
    put_material(node, part)
    put(part, "angle", angle_of(node, "angleoffset", "rotation"), 0.0)
    node.skip("rotation")
    put_finish(node, part)


def lug(node: Node, part: PartData) -> None:
    radius = radius_of(node, "radius") or 0.0025
    part |= {"length": node.needed("length"), "diameter": 2 * radius}
    tube_wall(node, part, radius)
    put_material(node, part)
    part["angle"] = angle_of(node, "angleoffset", "radialdirection")
    node.skip("radialdirection", "finish")
    spread(part, int(node.number("instancecount", default=1.0) or 1), node.amount("instanceseparation"))


def button(node: Node, part: PartData) -> None:
    outer, inner = node.needed("outerdiameter"), node.amount("innerdiameter")
    height, base = node.needed("height"), node.amount("baseheight")
    flange, count = node.amount("flangeheight"), int(node.number("instancecount", default=1.0) or 1)
    part |= {"diameter": outer, "height": height, "count": 1}
    put_material(node, part)
    part["angle"] = angle_of(node, "angleoffset", "radialdirection")
    node.skip("finish", "radialdirection")
    density = part.get("material")
    if "mass" not in part and 0 < inner < outer:
        rho = density_of(density)
        spool = pi / 4 * (outer**2 * (base + flange) + inner**2 * max(height - base - flange, 0.0))
        part["mass"] = count * rho * spool
        node.report.approximated(
            node.place, f"a button with a neck is a cylinder with the mass of the button, {part['mass'] * 1e3:.3g} g"
        )
    if node.amount("screwheight"):
        node.report.dropped(node.place, "the screw head on the button: its mass and drag")
    node.skip("screwmass", "nutmass")
    spread(part, count, node.amount("instanceseparation"))
