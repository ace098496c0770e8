"""What lies inside OpenRocket's tubes: mounts, couplers, rings, masses, canopies; and when things open and leave."""

from __future__ import annotations

from math import cos, pi, sin

from downrange.formats.foreign.design import PartData
from downrange.formats.foreign.nodes import Node
from downrange.formats.foreign.ork_common import (
    LOOSE,
    THIN,
    angle_of,
    automatic,
    density_of,
    off_axis,
    put,
    put_material,
    put_mount,
    radius_of,
    spread,
    tube_wall,
    wall_of,
)

__all__ = [
    "block",
    "bulkhead",
    "cord",
    "coupler",
    "inner_tube",
    "mass",
    "parachute",
    "ring",
    "separation_of",
    "streamer",
]

_OPENS = {
    "apogee": "apogee", "altitude": "altitude", "ejection": "ejection", "never": "never", "launch": "time", "lowerstageseparation": "separation",
}  # fmt: skip


def inner_tube(node: Node, part: PartData) -> None:
    part["length"] = max(node.needed("length"), THIN)
    radius = radius_of(node, "outerradius")
    if radius is None:
        radius = part["@host"].bore(part)
    radius = max(radius, THIN)
    part["diameter"] = 2 * radius
    tube_wall(node, part, radius)
    put_material(node, part)
    _into_its_bore(node, part, radius)
    put_mount(node, part)
    _cluster(node, part)


def _fitted(node: Node, part: PartData, outer: float, inner: float | None) -> bool:
    """Whether what has these radii (m) is wider than what holds it: then it is as wide as the bore, with the mass that it has in the file.

    inner: None where it follows from what goes through it, so that its own mass is not known here.
    """
    room = part["@host"].room
    if room is None or outer <= room + LOOSE:
        return False
    node.report.approximated(
        node.place,
        f"it is {outer * 2e3:.1f} mm wide in a bore of {room * 2e3:.1f} mm: as wide as the bore with us, "
        + ("its mass too" if inner is None else "with its own mass"),
    )
    if inner is not None:
        each = density_of(part.get("material")) * pi * (outer**2 - inner**2) * part["length"]
        part.setdefault("mass", each * part.get("count", 1))
    part["diameter"] = 2 * room
    return True


def _into_its_bore(node: Node, part: PartData, radius: float) -> None:
    """A tube of that radius that is wider than what holds it; where it goes, it has its own hole."""
    inner = radius - part["wall"]
    if _fitted(node, part, radius, inner):
        part["wall"] = max(part["diameter"] / 2 - inner, 0.01 * part["diameter"])


def _cluster(node: Node, part: PartData) -> None:
    """Several tubes in a pattern, or one beside the axis."""
    pattern = (node.text("clusterconfiguration") or "single").lower()
    scale, turn = node.number("clusterscale"), angle_of(node, "clusterrotation")
    r, angle = node.amount("radialposition"), angle_of(node, "radialdirection")
    if pattern != "single":
        part["cluster"] = {
            "pattern": pattern,
            "spacing": max(1.0 if scale is None else scale, 1.0),
            "rotation": turn % (2 * pi),
        }
        if scale is not None and scale < 1:
            node.report.approximated(
                node.place, f"a cluster with tubes that stand in each other (scale {scale:g}): they touch with us"
            )
        if r:
            node.report.approximated(node.place, f"the cluster lies {r * 1e3:.3g} mm beside the axis; with us round it")
    elif r:
        part["cluster"] = {"places": [(r * cos(angle), r * sin(angle))]}


LEAVES = {
    "burnout": "burn-out", "ejection": "ejection", "upperignition": "ignition", "ignition": "launch", "launch": "launch", "never": "never",
    "apogee": "apogee", "altitudeascending": "altitude", "altitudedescending": "altitude", "altitude": "altitude",
}  # fmt: skip


def separation_of(node: Node) -> dict[str, PartData]:
    """When a stage or a booster leaves, by configuration; under the empty name for all others."""

    def of(n: Node) -> PartData:
        word = (n.text("separationevent") or "ejection").lower()
        if word not in LEAVES:
            node.report.approximated(
                node.place, f"the separation event {word[:30]!r} is not known; its ejection charge is taken"
            )
        out: PartData = {"event": LEAVES.get(word, "ejection")}
        delay, altitude = n.amount("separationdelay"), n.number("separationaltitude")
        if delay:
            out["delay"] = delay
        if out["event"] == "altitude":
            out["altitude"] = altitude or 200.0
            if word == "altitudedescending":
                out["falling"] = True
        return out

    found = {"": of(node)}
    for c in node.children("separationconfiguration"):
        found[c.attribute("configid") or ""] = of(c)
    return found


def _filling(node: Node, part: PartData) -> float:
    """Length and outer diameter of what lies in a tube; one that fills it leaves the diameter out. Returns the radius in the file, m."""
    part["length"] = max(node.needed("length"), THIN)
    host, radius = part["@host"], radius_of(node, "outerradius")
    if radius is None:
        radius = host.bore(part)
        if host.tube:
            return radius
    part["diameter"] = 2 * max(radius, THIN)
    return radius


def coupler(node: Node, part: PartData) -> None:
    radius = _filling(node, part)
    tube_wall(node, part, radius)
    put_material(node, part)
    _into_its_bore(node, part, radius)
    off_axis(node, part)


def ring(node: Node, part: PartData) -> None:
    text, radius = node.text("innerradius"), _filling(node, part)
    inner = None if text is None or automatic(text) else node.parsed(text, "innerradius")
    put_material(node, part)
    spread(part, int(node.number("instancecount", default=1.0) or 1), node.amount("instanceseparation"))
    fitted = _fitted(node, part, radius, inner if inner is None else min(inner, radius))
    part["@outer"] = part["diameter"] / 2 if fitted else radius
    if inner is not None:
        part["inner_diameter"] = 2 * min(inner, part["@outer"] * (1 - 1e-9))
    off_axis(node, part)


def bulkhead(node: Node, part: PartData) -> None:
    count = int(node.number("instancecount", default=1.0) or 1)
    if count > 1:
        part["type"], part["inner_diameter"] = "centring ring", 0.0
    radius = _filling(node, part)
    put_material(node, part)
    spread(part, count, node.amount("instanceseparation"))
    _fitted(node, part, radius, 0.0)
    off_axis(node, part)


def block(node: Node, part: PartData) -> None:
    r = _filling(node, part)
    wall = wall_of(node, r, "thickness")
    inner = 0.0 if wall is None else r - wall
    put_material(node, part)
    if _fitted(node, part, r, inner):
        r = part["diameter"] / 2
        inner = min(inner, r * (1 - 1e-9))
    part["inner_diameter"] = 2 * inner
    if wall == 0:
        part |= {"inner_diameter": 2 * r - 2 * THIN, "mass": part.get("mass", 0.0)}
    off_axis(node, part)


def _packed(node: Node, part: PartData, radius_key: str) -> None:
    length, radius = node.amount("packedlength", "length"), node.text("packedradius", "radius")
    part["packed_length"] = length
    r = part["@host"].bore(part) if radius is None or automatic(radius) else node.parsed(radius, "packedradius")
    if radius is not None and automatic(radius) and len(radius.split()) > 1:
        r = node.parsed(radius.split()[1], "packedradius")
    del part["packed_length"]
    if radius_key == "diameter":
        part |= {"length": length, "diameter": 2 * r}
    else:
        part |= {"packed_length": length, "packed_diameter": 2 * r}


def mass(node: Node, part: PartData) -> None:
    mass = node.amount("mass")
    part.setdefault("mass", mass)
    _packed(node, part, "diameter")
    off_axis(node, part, carried=True)
    kind = node.text("masscomponenttype")
    if kind and kind.lower() not in ("masscomponent", "mass"):
        part["@comment"] = {"flightcomputer": "flight computer", "recoveryhardware": "recovery hardware"}.get(
            kind.lower(), kind.lower()
        )


def cord(node: Node, part: PartData) -> None:
    _packed(node, part, "packed")
    part["length"] = node.amount("cordlength") or THIN
    put_material(node, part, kind="line")
    off_axis(node, part)


def deploy_of(node: Node, place: str) -> PartData:
    """When a device opens, from an element that says so."""
    word = (node.text("deployevent") or "ejection").lower()
    altitude, delay = node.number("deployaltitude"), node.amount("deploydelay")
    if word not in _OPENS:
        node.report.approximated(place, f"the deployment event {word[:30]!r} is not known; apogee is taken")
        word = "apogee"
    out: PartData = {"event": _OPENS[word]}
    if out["event"] == "altitude":
        out["altitude"] = altitude if altitude else 200.0
    if delay:
        out["delay"] = delay
    return out


def _recovery(node: Node, part: PartData) -> None:
    _packed(node, part, "packed")
    put_material(node, part, kind="surface")
    part["deploy"] = deploy_of(node, node.place)
    part["@deploy"] = {}
    for c in node.children("deploymentconfiguration"):
        part["@deploy"][c.attribute("configid") or ""] = deploy_of(c, node.place)
        c.done("deploymentconfiguration")
    off_axis(node, part)


def parachute(node: Node, part: PartData) -> None:
    _recovery(node, part)
    diameter = node.needed("diameter")
    part["diameter"] = diameter
    text = node.text("cd")
    if text is None or automatic(text):
        part["cd"] = 0.8
        node.report.chosen(node.place, "its drag coefficient is automatic: OpenRocket's 0.8 is written out")
    else:
        part["cd"] = node.parsed(text, "cd")
    part["line_count"] = int(node.number("linecount", default=6.0) or 0)
    part["line_length"] = node.amount("linelength")
    put_material(node, part, "line_material", "line", "linematerial")
    hole = node.amount("spillholediameter", "spillhole")
    put(part, "spill_hole", hole, 0.0)


def streamer(node: Node, part: PartData) -> None:
    _recovery(node, part)
    part |= {"length": node.needed("striplength"), "width": node.needed("stripwidth")}
    text = node.text("cd")
    if text is None or automatic(text):
        material = part.get("material")
        rho = material["density"] if isinstance(material, dict) else 0.067
        # Niskanen, OpenRocket technical documentation (2009), from wind-tunnel tests of streamers.
        part["cd"] = 0.034 * (rho + 0.025) / 0.105 * (part["length"] + 1) / part["length"]
        node.report.chosen(
            node.place, f"its drag coefficient is automatic: {part['cd']:.3g} by OpenRocket's rule is written out"
        )
    else:
        part["cd"] = node.parsed(text, "cd")
