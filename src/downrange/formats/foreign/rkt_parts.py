"""RockSim's parts as ours. In its files lengths are mm, masses g, angles rad, densities kg/m³ (`DensityType` 0); those of cloth and cord
have other units from version to version, so that masses which RockSim computed stand for them."""

from __future__ import annotations

from collections.abc import Callable
from math import cos, pi, sin
from typing import Any

from downrange.errors import InputError
from downrange.formats.foreign.design import PartData
from downrange.formats.foreign.materials import finish_of, own_material
from downrange.formats.foreign.nodes import Node
from downrange.formats.foreign.ork_common import THIN
from downrange.formats.foreign.ork_surfaces import outline_of

__all__ = ["KINDS", "read_part"]

_SHAPES = {0: "conical", 1: "ogive", 2: "ellipsoid", 3: "ellipsoid", 4: "power", 5: "parabolic", 6: "haack"}
_SECTIONS = {0: "square", 1: "rounded", 2: "airfoil"}
_FINISHES = {0: "finishpolished", 1: "smooth", 2: "normal", 3: "unfinished"}  # as OpenRocket reads them
MM, GRAM = 1e-3, 1e-3


def mm(node: Node, tag: str) -> float:
    """A length, m."""
    return node.amount(tag) * MM


def code(node: Node, tag: str) -> int:
    """A number that stands for a word."""
    return int(node.amount(tag))


def _solid_wall(part: PartData, wall: float, radius: float) -> None:
    """The wall of a tube; solid where it is as thick as the radius."""
    part["wall"] = radius * (1 - 1e-9) if wall >= radius else wall if wall > 0 else min(THIN, 0.5 * radius)
    if wall <= 0:
        part.setdefault("mass", 0.0)


def _material(node: Node, part: PartData) -> None:
    density = node.amount("density")
    if code(node, "densitytype") == 0 and density > 0:
        part["material"] = own_material(node.text("material") or "material", density, "volume")
    elif "mass" not in part:
        part["mass"] = node.amount("calcmass") * GRAM
        node.report.approximated(
            node.place,
            f"its material has no density of volume: the mass that RockSim computed, {part['mass'] * 1e3:.4g} g, stands for it",
        )


def _place(node: Node, part: PartData) -> None:
    """Where it stands: from the front of its owner, from the nose tip, or from the rear of its owner, counted forward."""
    x, mode = mm(node, "xb"), code(node, "locationmode")
    if mode == 2:
        part["position"], x = "bottom", -x
    elif mode == 1:
        part["position"] = "absolute"
    elif mode != 0:
        node.report.approximated(
            node.place, f"the location mode {mode} is not known; taken from the front of its owner"
        )
    if x:
        part["offset"] = x


def _weighed(node: Node, part: PartData, point: bool = False) -> None:
    mass, cg = node.amount("knownmass") * GRAM, mm(node, "knowncg")
    if code(node, "useknowncg") == 1 or code(node, "useknownmass") == 1:
        part["mass"] = mass
        if not point:
            part["cg"] = cg


def _finish(node: Node, part: PartData) -> None:
    number = node.number("finishcode")
    if number is not None and (finish := finish_of(_FINISHES.get(int(number)), node.place, node.report)):
        part["finish"] = finish


def _shape(node: Node, part: PartData) -> None:
    number = code(node, "shapecode")
    part["shape"] = _SHAPES.get(number, "ogive")
    if number == 2:
        node.report.approximated(node.place, "RockSim's 'parabola' is an ellipsoid with us, as OpenRocket reads it")
    if part["shape"] in ("power", "parabolic", "haack"):
        part["shape_parameter"] = node.amount("shapeparameter")
    elif part["shape"] == "ogive":
        part["shape_parameter"] = 1.0


def _nose(node: Node, part: PartData) -> None:
    radius, wall = mm(node, "basedia") / 2, mm(node, "wallthickness")
    part |= {"length": mm(node, "len"), "diameter": 2 * radius}
    _shape(node, part)
    if code(node, "constructiontype") == 1 and 0 < wall < radius:
        part["wall"] = wall
    length, outer = mm(node, "shoulderlen"), mm(node, "shoulderod")
    if length and outer:
        part |= {"shoulder_length": length, "shoulder_diameter": outer}
    part["@extension"] = mm(node, "baseextensionlen")
    _material(node, part)
    _finish(node, part)


def _tube(node: Node, part: PartData) -> None:
    outer, inner = mm(node, "od"), mm(node, "id")
    part |= {"length": max(mm(node, "len"), THIN), "diameter": outer}
    _solid_wall(part, (outer - inner) / 2, outer / 2)
    _material(node, part)
    if part["type"] == "body tube":
        _finish(node, part)
    if code(node, "ismotormount") == 1:
        part["motor_mount"] = True
        part["@serial"] = code(node, "serialno")
        if overhang := mm(node, "engineoverhang"):
            part["overhang"] = overhang
    if (r := mm(node, "radialloc")) and part["type"] == "inner tube":
        angle = node.amount("radialangle")
        part["cluster"] = {"places": [(r * cos(angle), r * sin(angle))]}


def _transition(node: Node, part: PartData) -> None:
    fore, aft, wall = mm(node, "frontdia"), mm(node, "reardia"), mm(node, "wallthickness")
    part |= {"length": max(mm(node, "len"), THIN), "fore_diameter": fore, "aft_diameter": aft}
    _shape(node, part)
    if part["shape"] != "conical":
        part["clipped"] = True
    if code(node, "constructiontype") == 1 and 0 < wall < max(fore, aft) / 2:
        part["wall"] = wall
    for side, ours in (("front", "fore"), ("rear", "aft")):
        length, outer = mm(node, f"{side}shoulderlen"), mm(node, f"{side}shoulderdia")
        if length and outer:
            part |= {f"{ours}_shoulder_length": length, f"{ours}_shoulder_diameter": outer}
    _material(node, part)
    _finish(node, part)


def _fins(node: Node, part: PartData) -> None:
    part |= {"count": code(node, "fincount"), "thickness": mm(node, "thickness") or THIN}
    part["section"] = _SECTIONS.get(code(node, "tipshapecode"), "square")
    if cant := node.amount("cantangle"):
        part["cant"] = cant
    if angle := node.amount("radialangle"):
        part["angle"] = angle % (2 * pi)
    length, depth = mm(node, "tablength"), mm(node, "tabdepth")
    if length and depth:
        part |= {"tab_length": length, "tab_height": depth, "tab_offset": mm(node, "taboffset")}
    _material(node, part)
    _finish(node, part)


def _trapezoid(node: Node, part: PartData) -> None:
    _fins(node, part)
    part |= {"root_chord": mm(node, "rootchord"), "span": mm(node, "semispan")}
    if code(node, "shapecode") == 1:
        part["type"] = "elliptical fins"
    else:
        part |= {"tip_chord": mm(node, "tipchord"), "sweep": mm(node, "sweepdistance")}


def _freeform(node: Node, part: PartData) -> None:
    _fins(node, part)
    points = []
    for pair in (node.text("pointlist") or "").split("|"):
        if pair.strip():
            x, _, y = pair.partition(",")
            points.append((node.parsed(x, "pointlist") * MM, node.parsed(y or "0", "pointlist") * MM))
    if len(points) < 3:
        raise InputError(f"{node.place}: a fin of {len(points)} points", file=node.report.file, key="pointlist")
    if points[0][0] > points[-1][0]:
        points.reverse()
    part["points"] = outline_of(points, node)


def _tube_fins(node: Node, part: PartData) -> None:
    outer = mm(node, "od")
    part |= {"count": code(node, "tubecount"), "length": mm(node, "len"), "diameter": outer}
    _solid_wall(part, (outer - mm(node, "id")) / 2, outer / 2)
    _material(node, part)
    _finish(node, part)


def _ring_tail(node: Node, part: PartData) -> None:
    outer = mm(node, "od")
    part |= {"length": mm(node, "len"), "diameter": outer}
    _solid_wall(part, (outer - mm(node, "id")) / 2, outer / 2)
    _material(node, part)
    node.report.chosen(node.place, "the struts of the ring: three of 2 mm")


def _lug(node: Node, part: PartData) -> None:
    outer = mm(node, "od")
    part |= {"length": mm(node, "len"), "diameter": outer, "angle": node.amount("radialangle") % (2 * pi)}
    _solid_wall(part, (outer - mm(node, "id")) / 2, outer / 2)
    _material(node, part)


def _ring(node: Node, part: PartData) -> None:
    outer, inner, use = mm(node, "od"), mm(node, "id"), code(node, "usagecode")
    part |= {"length": max(mm(node, "len"), THIN), "diameter": outer}
    if use in (3, 4):
        part["type"] = "tube coupler"
        _solid_wall(part, (outer - inner) / 2, outer / 2)
    elif use == 1:
        part["type"] = "bulkhead"
    else:
        part["inner_diameter"] = min(inner, outer * (1 - 1e-9))
    _material(node, part)


def _mass(node: Node, part: PartData) -> None:
    cord = code(node, "typecode") == 1
    if "mass" not in part:
        known = node.amount("knownmass")
        part["mass"] = (node.amount("calcmass") or known) * GRAM if cord else known * GRAM
    length = mm(node, "len")
    if cord and length > 0:
        part["type"] = "shock cord"
        part |= {"length": length, "packed_length": 0.0}
    else:
        part |= {"length": 0.0, "diameter": 0.0}


def _canopy(node: Node, part: PartData) -> None:
    if "mass" not in part:
        part["mass"] = (node.amount("calcmass") or node.amount("knownmass")) * GRAM
    part |= {"packed_length": 0.0, "cd": node.amount("dragcoefficient") or 0.75, "deploy": {"event": "ejection"}}
    height = mm(node, "deployaltitude")
    if height > 0:
        part["deploy"] = {"event": "altitude", "altitude": height}
    elif serial := code(node, "serialno"):
        part["@device"] = serial


def _parachute(node: Node, part: PartData) -> None:
    _canopy(node, part)
    part |= {
        "diameter": mm(node, "dia"),
        "line_count": code(node, "shroudlinecount"),
        "line_length": mm(node, "shroudlinelen"),
    }
    if hole := mm(node, "spillholedia"):
        part["spill_hole"] = hole
    if (several := code(node, "chutecount")) > 1:
        part["diameter"] *= several**0.5
        node.report.approximated(node.place, f"{several} equal canopies are one of the same area")


def _streamer(node: Node, part: PartData) -> None:
    _canopy(node, part)
    part |= {"length": mm(node, "len"), "width": mm(node, "width")}


KINDS: dict[str, tuple[str, Callable[[Node, PartData], None]]] = {
    "nosecone": ("nose cone", _nose), "bodytube": ("body tube", _tube), "transition": ("transition", _transition),
    "finset": ("trapezoidal fins", _trapezoid), "customfinset": ("freeform fins", _freeform), "tubefinset": ("tube fins", _tube_fins),
    "ringtail": ("ring fin", _ring_tail), "launchlug": ("launch lug", _lug), "ring": ("centring ring", _ring), "massobject": ("mass", _mass),
    "ballastcone": ("mass", _mass), "parachute": ("parachute", _parachute), "streamer": ("streamer", _streamer),
}  # fmt: skip
_BESIDE = ("fins", "launch lug", "inner tube", "pods")


def read_part(node: Node, kind: str, read: Callable[[Node, PartData], None]) -> PartData:
    """One part, without what is in it."""
    part: PartData = {"type": kind, "name": node.text("name") or ""}
    _place(node, part)
    _weighed(node, part, kind == "mass")
    read(node, part)
    r: Any = mm(node, "radialloc")
    if r and kind == "mass" and part["type"] == "mass":
        part |= {"radial_offset": r, "angle": node.amount("radialangle") % (2 * pi)}
    elif r and not any(part["type"].endswith(w) for w in _BESIDE):
        node.report.approximated(node.place, f"it lies {r * 1e3:.3g} mm beside the axis; with us on the axis")
    return part
