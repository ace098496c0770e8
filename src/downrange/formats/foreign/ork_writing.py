"""Parts as OpenRocket's elements: what its own files of version 1.8 on say, and a line for what they cannot."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable
from functools import singledispatch
from math import atan2, degrees, log, pi
from typing import Any

from downrange.formats.foreign.materials import ROUGHNESS
from downrange.formats.foreign.recovery_lost import lost_of_recovery
from downrange.rocket import FINISHES, Host, Material, devices, find_material
from downrange.rocket import parts as p
from downrange.rocket.assembly import Assembly, Boosters, Pods
from downrange.rocket.happenings import Separation

__all__ = ["Lost", "leaves", "part_element", "tag"]

Lost = Callable[[str, str], None]
"""Told (the part's name, what the target cannot say)."""

_LEAVES = {
    "burn-out": "burnout",
    "ejection": "ejection",
    "ignition": "upperignition",
    "never": "never",
    "launch": "launch",
    "apogee": "apogee",
}


def tag(parent: ET.Element, name: str, value: Any = None, **attributes: Any) -> ET.Element:
    """Add a child; numbers in full, truths in small letters."""
    e = ET.SubElement(parent, name, {k: str(v) for k, v in attributes.items()})
    if value is not None:
        e.text = (
            str(value).lower()
            if isinstance(value, bool)
            else repr(float(value))
            if isinstance(value, float)
            else str(value)
        )
    return e


def leaves(e: ET.Element, separation: Separation | None, name: str, lost: Lost) -> None:
    """When a stage or a booster leaves."""
    if separation is None:
        return
    event = "altitudedescending" if separation.falling else "altitudeascending"
    if separation.event != "altitude":
        event = _LEAVES.get(separation.event, "ejection")
    if separation.event == "time":
        event = "launch"
    tag(e, "separationevent", event)
    tag(e, "separationaltitude", float(separation.altitude or 200.0))
    tag(e, "separationdelay", float(separation.delay + (separation.time or 0.0)))
    if separation.impulse:
        lost(name, "the push of the separation")


def material(e: ET.Element, given: str | Material, kind: Any, name: str = "material") -> None:
    """A material with its density."""
    m = find_material(given, kind)
    word = {"volume": "bulk", "surface": "surface", "line": "line"}[kind]
    tag(e, name, m.name or "material", type=word, density=repr(float(m.density)))


def part_element(
    part: p.Part, host: Host | None, finish: float, lost: Lost, mount: Callable[[p.Part, ET.Element], None]
) -> ET.Element | None:
    """The element of a part with all in it; None where OpenRocket has nothing like it. `mount` writes the motors of a mount."""
    name = _tag_of(part)
    if name is None:
        lost(part.name or type(part).__name__, "OpenRocket has no such part")
        _lost_of_recovery(part, lost)
        return None
    e = ET.Element(name)
    tag(e, "name", part.name or name)
    _place(e, part, host)
    _overrides(e, part)
    own(part, e, lost)
    _lost_of_recovery(part, lost)
    if hasattr_finish(part):
        named = getattr(part, "finish", None)
        tag(e, "finish", surface(finish if named is None else FINISHES[named], part.name, lost))
    if isinstance(part, p.BodyTube | p.InnerTube) and part.motor_mount:
        mount(part, e)
    inner = [part_element(q, host, finish, lost, mount) for q in part.parts]
    if any(k is not None for k in inner):
        subs = tag(e, "subcomponents")
        subs.extend([k for k in inner if k is not None])
    return e


def _lost_of_recovery(part: p.Part, lost: Lost) -> None:
    for what in lost_of_recovery(part):
        lost(part.name or type(part).__name__, what)


def surface(roughness: float, name: str, lost: Lost) -> str:
    """OpenRocket's surface that is nearest in ratio to a roughness, m."""
    word = min(ROUGHNESS, key=lambda w: abs(log(max(ROUGHNESS[w], 1e-7) / max(roughness, 1e-7))))
    if abs(ROUGHNESS[word] - roughness) > 0.01 * roughness:
        lost(name, f"a roughness of {roughness * 1e6:g} µm, written as {ROUGHNESS[word] * 1e6:g} µm")
    return word


def hasattr_finish(part: p.Part) -> bool:
    """Whether OpenRocket gives the part a surface."""
    return isinstance(
        part, p.NoseCone | p.BodyTube | p.Transition | p.FinSet | p.TubeFins | p.LaunchLug | p.RailButtons
    )


_TAGS: tuple[tuple[type[p.Part], str], ...] = (
    (p.NoseCone, "nosecone"), (p.BodyTube, "bodytube"), (p.Transition, "transition"), (p.TrapezoidalFins, "trapezoidfinset"),
    (p.EllipticalFins, "ellipticalfinset"), (p.FreeformFins, "freeformfinset"), (p.TubeFins, "tubefinset"), (p.InnerTube, "innertube"),
    (p.TubeCoupler, "tubecoupler"), (p.CentringRing, "centeringring"), (p.Bulkhead, "bulkhead"), (p.LaunchLug, "launchlug"),
    (p.RailButtons, "railbutton"), (p.MassObject, "masscomponent"), (p.ShockCord, "shockcord"), (devices.Parachute, "parachute"),
    (devices.Streamer, "streamer"), (Pods, "podset"), (Boosters, "parallelstage"),
)  # fmt: skip


def _tag_of(part: p.Part) -> str | None:
    return next((word for kind, word in _TAGS if isinstance(part, kind)), None)


def _place(e: ET.Element, part: p.Part, host: Host | None) -> None:
    """Position and offset; OpenRocket places the first of several copies by its own length, we all of them together."""
    if isinstance(part, p.NoseCone | p.BodyTube | p.Transition):
        return
    offset = part.offset
    if isinstance(part, p.LaunchLug | p.RailButtons | p.CentringRing):
        offset -= {"bottom": 1.0, "middle": 0.5}.get(part.position, 0.0) * (part.count - 1) * part.spacing
    tag(e, "axialoffset", float(offset), method=part.position)
    tag(e, "position", float(offset), type=part.position)


def _overrides(e: ET.Element, part: p.Part) -> None:
    for value, word in ((part.mass, "mass"), (part.cg, "cg"), (part.drag_coefficient, "cd")):
        if value is not None and not (word == "mass" and isinstance(part, p.MassObject)):
            tag(e, f"override{word}", float(value))
            tag(e, f"overridesubcomponents{word}", bool(part.override_children))


@singledispatch
def own(part: p.Part, e: ET.Element, lost: Lost) -> None:
    """What is a part's own."""
    raise TypeError(f"{type(part).__name__} is not written")


def _shell(e: ET.Element, part: p.NoseCone | p.Transition) -> None:
    tag(e, "length", float(part.length))
    tag(e, "thickness", "filled" if part.wall is None else float(part.wall))
    shape, parameter = part.shape, part.shape_parameter
    if shape == "von karman":
        shape, parameter = "haack", 0.0
    usual = {"ogive": 1.0, "power": 0.5, "parabolic": 1.0, "haack": 1 / 3}
    tag(e, "shape", shape)
    if isinstance(part, p.Transition):
        tag(e, "shapeclipped", bool(part.clipped))
    if shape in usual:
        tag(e, "shapeparameter", float(usual[shape] if parameter is None else parameter))
    material(e, part.material, "volume")


@own.register
def _(part: p.NoseCone, e: ET.Element, lost: Lost) -> None:
    _shell(e, part)
    tag(e, "aftradius", part.diameter / 2)
    _shoulder(
        e,
        "aft",
        part.shoulder_length,
        part.shoulder_diameter,
        part.wall if part.shoulder_wall is None else part.shoulder_wall,
        part.shoulder_capped,
    )
    tag(e, "isflipped", False)
    if part.tip_radius:
        lost(part.name, f"the rounded tip of {part.tip_radius * 1e3:g} mm")


def _shoulder(
    e: ET.Element, side: str, length: float, diameter: float | None, wall: float | None, capped: bool
) -> None:
    radius = (diameter or 0.0) / 2
    tag(e, f"{side}shoulderradius", radius)
    tag(e, f"{side}shoulderlength", float(length))
    tag(e, f"{side}shoulderthickness", float(radius if wall is None else wall))
    tag(e, f"{side}shouldercapped", bool(capped))


@own.register
def _(part: p.Transition, e: ET.Element, lost: Lost) -> None:
    _shell(e, part)
    tag(e, "foreradius", "auto" if part.fore_diameter is None else part.fore_diameter / 2)
    tag(e, "aftradius", part.aft_diameter / 2)
    wall = part.wall if part.shoulder_wall is None else part.shoulder_wall
    aft = wall if part.aft_shoulder_wall is None else part.aft_shoulder_wall
    _shoulder(
        e,
        "fore",
        part.fore_shoulder_length,
        part.fore_shoulder_diameter or part.fore_diameter,
        wall,
        part.fore_shoulder_capped,
    )
    _shoulder(
        e,
        "aft",
        part.aft_shoulder_length,
        part.aft_shoulder_diameter or part.aft_diameter,
        aft,
        part.aft_shoulder_capped,
    )


@own.register
def _(part: p.BodyTube, e: ET.Element, lost: Lost) -> None:
    tag(e, "length", float(part.length))
    tag(e, "thickness", float(part.wall))
    tag(e, "radius", "auto" if part.diameter is None else part.diameter / 2)
    material(e, part.material, "volume")


def _fins(part: p.FinSet, e: ET.Element, lost: Lost) -> None:
    tag(e, "instancecount", part.count)
    tag(e, "fincount", part.count)
    tag(e, "radiusoffset", 0.0, method="surface")
    tag(e, "angleoffset", degrees(part.angle), method="relative")
    tag(e, "rotation", degrees(part.angle))
    tag(e, "thickness", float(part.thickness))
    section = part.section if part.section in ("square", "rounded", "airfoil") else "square"
    tag(e, "crosssection", section)
    tag(e, "cant", degrees(part.cant))
    material(e, part.material, "volume")
    if part.tab_length and part.tab_height:
        tag(e, "tabheight", float(part.tab_height))
        tag(e, "tablength", float(part.tab_length))
        tag(e, "tabposition", float(part.tab_offset), relativeto="top")
    tag(e, "filletradius", float(part.fillet_radius))
    material(e, part.fillet_material, "volume", "filletmaterial")
    for told, what in (
        (section != part.section, f"the section {part.section!r}, written as square"), (part.leading_edge_radius is not None, "the leading edge's radius"),
        (bool(part.misalignments), "misalignments of single fins"), (bool(part.missing), "missing fins"),
    ):  # fmt: skip
        if told:
            lost(part.name, what)


@own.register
def _(part: p.TrapezoidalFins, e: ET.Element, lost: Lost) -> None:
    _fins(part, e, lost)
    for name, value in (
        ("rootchord", part.root_chord),
        ("tipchord", part.tip_chord),
        ("sweeplength", part.sweep),
        ("height", part.span),
    ):
        tag(e, name, float(value))


@own.register
def _(part: p.EllipticalFins, e: ET.Element, lost: Lost) -> None:
    _fins(part, e, lost)
    tag(e, "rootchord", float(part.root_chord))
    tag(e, "height", float(part.span))


@own.register
def _(part: p.FreeformFins, e: ET.Element, lost: Lost) -> None:
    _fins(part, e, lost)
    points = tag(e, "finpoints")
    for x, y in part.points:
        tag(points, "point", x=repr(float(x)), y=repr(float(y)))


@own.register
def _(part: p.TubeFins, e: ET.Element, lost: Lost) -> None:
    tag(e, "fincount", part.count)
    tag(e, "rotation", degrees(part.angle))
    material(e, part.material, "volume")
    tag(e, "radius", part.diameter / 2)
    tag(e, "length", float(part.length))
    tag(e, "thickness", float(part.wall))


@own.register
def _(part: p.InnerTube, e: ET.Element, lost: Lost) -> None:
    material(e, part.material, "volume")
    tag(e, "length", float(part.length))
    c = part.cluster
    single = c.pattern == "single" and len(part.middles) == 1
    y, z = part.middles[0] if single else (0.0, 0.0)
    tag(e, "radialposition", (y * y + z * z) ** 0.5)
    tag(e, "radialdirection", degrees(_angle(y, z)))
    tag(e, "outerradius", part.diameter / 2)
    tag(e, "thickness", float(part.wall))
    known = c.pattern != "ring" and not c.places
    tag(e, "clusterconfiguration", c.pattern if known else "single")
    tag(e, "clusterscale", float(c.spacing if c.distance is None else c.distance / part.diameter))
    tag(e, "clusterrotation", degrees(c.rotation))
    if not single and not known:
        lost(part.name, f"a cluster of {len(part.middles)} in places of its own, written as one tube")
    if c.cant:
        lost(part.name, "the cant of the cluster's tubes")


def _angle(y: float, z: float) -> float:

    return atan2(z, y) % (2 * pi)


@own.register
def _(part: p.TubeCoupler, e: ET.Element, lost: Lost) -> None:
    material(e, part.material, "volume")
    tag(e, "length", float(part.length))
    tag(e, "outerradius", "auto" if part.diameter is None else part.diameter / 2)
    tag(e, "thickness", float(part.wall))


@own.register
def _(part: p.CentringRing, e: ET.Element, lost: Lost) -> None:
    tag(e, "instancecount", part.count)
    tag(e, "instanceseparation", float(part.spacing))
    material(e, part.material, "volume")
    tag(e, "length", float(part.length))
    tag(e, "outerradius", "auto" if part.diameter is None else part.diameter / 2)
    tag(e, "innerradius", "auto" if part.inner_diameter is None else part.inner_diameter / 2)


@own.register
def _(part: p.Bulkhead, e: ET.Element, lost: Lost) -> None:
    material(e, part.material, "volume")
    tag(e, "length", float(part.length))
    tag(e, "outerradius", "auto" if part.diameter is None else part.diameter / 2)


@own.register
def _(part: p.LaunchLug, e: ET.Element, lost: Lost) -> None:
    tag(e, "instancecount", part.count)
    tag(e, "instanceseparation", float(part.spacing))
    tag(e, "angleoffset", degrees(part.angle), method="relative")
    tag(e, "radialdirection", degrees(part.angle))
    material(e, part.material, "volume")
    tag(e, "radius", part.diameter / 2)
    tag(e, "length", float(part.length))
    tag(e, "thickness", float(part.wall))


@own.register
def _(part: p.RailButtons, e: ET.Element, lost: Lost) -> None:
    tag(e, "instancecount", part.count)
    tag(e, "instanceseparation", float(part.spacing))
    tag(e, "angleoffset", degrees(part.angle), method="relative")
    material(e, part.material, "volume")
    for name, value in (("outerdiameter", part.diameter), ("innerdiameter", part.diameter), ("height", part.height)):
        tag(e, name, float(value))
    for name in ("baseheight", "flangeheight", "screwheight"):
        tag(e, name, 0.0)


@own.register
def _(part: p.MassObject, e: ET.Element, lost: Lost) -> None:
    tag(e, "packedlength", float(part.length))
    tag(e, "packedradius", part.diameter / 2)
    tag(e, "radialposition", float(part.radial_offset))
    tag(e, "radialdirection", degrees(part.angle))
    tag(e, "mass", float(part.mass or 0.0))
    tag(e, "masscomponenttype", "masscomponent")


def _packed(part: p.ShockCord | devices.Recovery, e: ET.Element) -> None:
    tag(e, "packedlength", float(part.packed_length))
    tag(e, "packedradius", part.packed_diameter / 2)
    tag(e, "radialposition", 0.0)
    tag(e, "radialdirection", 0.0)


@own.register
def _(part: p.ShockCord, e: ET.Element, lost: Lost) -> None:
    _packed(part, e)
    tag(e, "cordlength", float(part.length))
    material(e, part.material, "line")


def _deploy(e: ET.Element, part: devices.Recovery, lost: Lost) -> None:
    d = part.deploy
    tag(e, "deployevent", {"time": "launch", "separation": "lowerstageseparation"}.get(d.event, d.event))
    tag(e, "deployaltitude", float(d.altitude or 200.0))
    tag(e, "deploydelay", float(d.delay + d.pilot_delay + d.bag_delay + d.detection + d.lag))
    if part.replaces_others:
        lost(part.name, "that it replaces the canopies before it")
    material(e, part.material, "surface")


@own.register
def _(part: devices.Parachute, e: ET.Element, lost: Lost) -> None:
    _packed(part, e)
    diameter, cd = part.diameter, part.cd
    if part.cd_area is not None:
        if diameter is None:
            diameter = (4 * part.cd_area / pi / cd) ** 0.5
        cd = part.cd_area / (pi / 4 * diameter**2)
    tag(e, "cd", float(cd))
    _deploy(e, part, lost)
    tag(e, "diameter", float(diameter or 0.0))
    tag(e, "linecount", part.line_count)
    tag(e, "linelength", float(part.line_length))
    material(e, part.line_material, "line", "linematerial")
    if part.spill_hole:
        lost(part.name, f"the spill hole of {part.spill_hole * 1e3:g} mm")


@own.register
def _(part: devices.Streamer, e: ET.Element, lost: Lost) -> None:
    _packed(part, e)
    area = part.length * part.width
    cd = part.cd_area / area if part.cd_area is not None else part.cd
    tag(e, "cd", "auto" if cd is None else float(cd))
    _deploy(e, part, lost)
    tag(e, "striplength", float(part.length))
    tag(e, "stripwidth", float(part.width))


@own.register
def _(part: Assembly, e: ET.Element, lost: Lost) -> None:
    tag(e, "instancecount", part.count)
    free = part.radial_distance is not None
    tag(e, "radiusoffset", float(part.radial_distance or 0.0), method="free" if free else "relative")
    tag(e, "angleoffset", degrees(part.angle), method="relative")
    if isinstance(part, Boosters):
        leaves(e, part.separation, part.name, lost)
