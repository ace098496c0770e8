"""OpenRocket's components as our parts.

What a tag means was learnt from files and the program's documentation; automatic sizes follow its documented rules. Lengths in the
file are metres, masses kg, angles degrees.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import pi, radians, sin
from typing import Any

from downrange.errors import InputError
from downrange.formats.foreign.design import PartData
from downrange.formats.foreign.materials import finish_of, material_of
from downrange.formats.foreign.nodes import Node

__all__ = ["BODIES", "COMPONENTS", "DEFAULT_RADIUS", "Host", "automatic", "length_of", "radius_of", "read_part"]

THIN = 1e-5  # m; a wall or sheet of nothing, which weighs nothing
LOOSE = 0.0005  # m; how much wider than its bore a part may be said, for rounding
DEFAULT_RADIUS = 0.025  # m; OpenRocket's, where nothing says another one
_OPENS = {
    "apogee": "apogee", "altitude": "altitude", "ejection": "ejection", "never": "never", "launch": "time", "lowerstageseparation": "separation",
}  # fmt: skip


@dataclass(frozen=True)
class Host:
    """What holds a part: its front (m aft of the nose tip), length, outer radius at a distance from its front, wall (None: solid), and
    whether what fills it may leave its diameter out with us: in tubes, whose bore is the same all along."""

    front: float
    length: float
    outer: Callable[[float], float]
    wall: float | None
    tube: bool

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


def _wall(node: Node, radius: float, *tags: str) -> float | None:
    """A wall's thickness; None where it is filled."""
    text = node.text(*tags)
    if text is None or text.strip().lower() == "filled":
        return None
    wall = node.parsed(text, tags[0])
    return None if wall and wall >= radius else wall


def _tube_wall(node: Node, part: PartData, radius: float) -> None:
    """The wall of a tube, which cannot be solid or nothing with us: nearly so."""
    wall = _wall(node, radius, "thickness")
    if wall is None:
        part["wall"] = max(radius, THIN) * (1 - 1e-9)
    elif wall == 0:
        part["wall"] = min(THIN, 0.5 * radius)
        part.setdefault("mass", 0.0)
        node.report.approximated(node.place, "a wall of no thickness is one of 0.01 mm that weighs nothing")
    else:
        part["wall"] = wall


def _set(part: PartData, key: str, value: Any, default: Any = None) -> None:
    if value is not None and value != default:
        part[key] = value


def _material(node: Node, part: PartData, key: str = "material", kind: str = "volume", tag: str = "material") -> None:
    _set(part, key, material_of(node, tag, kind))


def _place(node: Node, part: PartData, default: str) -> None:
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
        _set(part, "offset", offset, 0.0)


def spread(part: PartData, count: int, spacing: float) -> None:
    """Set `count` copies. OpenRocket places the first by its own length, we all of them together: the offset makes up for it."""
    if count > 1:
        part["count"], part["spacing"] = count, spacing
        share = {"bottom": 1.0, "middle": 0.5}.get(part.get("position", "top"), 0.0)
        if share:
            part["offset"] = part.get("offset", 0.0) + share * (count - 1) * spacing


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


def _angle(node: Node, *tags: str) -> float:
    return radians(node.amount(*tags))


def _nose(node: Node, part: PartData) -> None:
    length, radius = node.needed("length"), part.pop("@radius")
    part["shape"] = (node.text("shape") or "ogive").lower()
    _shape(node, part)
    part |= {"length": length, "diameter": 2 * radius}
    _set(part, "wall", _wall(node, radius, "thickness"))
    _material(node, part)
    node.truth("shapeclipped")
    for side in ("aft", "fore"):
        r, ell = node.amount(f"{side}shoulderradius"), node.amount(f"{side}shoulderlength")
        wall, capped = node.amount(f"{side}shoulderthickness"), node.truth(f"{side}shouldercapped")
        if r and ell:
            part |= {"shoulder_length": ell, "shoulder_diameter": 2 * r, "shoulder_wall": wall if wall < r else r}
            _set(part, "shoulder_capped", capped, False)
    if node.truth("isflipped"):
        _flip(part)
    _finish(node, part)


def _flip(part: PartData) -> None:
    """A nose cone that is a tail: a transition to a point."""
    part["type"] = "transition"
    part["fore_diameter"], part["aft_diameter"] = part.pop("diameter"), 0.0
    for key, ours in (("length", "fore_shoulder_length"), ("diameter", "fore_shoulder_diameter"), ("wall", "shoulder_wall"),
                      ("capped", "fore_shoulder_capped")):  # fmt: skip
        if f"shoulder_{key}" in part:
            part[ours] = part.pop(f"shoulder_{key}")


def _shape(node: Node, part: PartData) -> None:
    """The parameter of a shape; OpenRocket's default where it is not said, since ours may be another."""
    known = {"conical": None, "ellipsoid": None, "ogive": 1.0, "power": 0.5, "parabolic": 1.0, "haack": 0.0}
    if part["shape"] not in known:
        node.report.approximated(node.place, f"the shape {part['shape'][:30]!r} is not known; an ogive is taken")
        part["shape"] = "ogive"
    parameter = node.number("shapeparameter", default=known[part["shape"]])
    if known[part["shape"]] is not None:
        part["shape_parameter"] = parameter


def _finish(node: Node, part: PartData) -> None:
    _set(part, "finish", finish_of(node.text("finish"), node.place, node.report))


def _tube(node: Node, part: PartData) -> None:
    radius = part.pop("@radius")
    part |= {"length": max(node.needed("length"), THIN), "diameter": 2 * radius}
    _tube_wall(node, part, radius)
    _material(node, part)
    _finish(node, part)
    _mount(node, part)


def _mount(node: Node, part: PartData) -> None:
    mount = node.child("motormount")
    if mount is not None:
        part["motor_mount"] = True
        _set(part, "overhang", mount.amount("overhang"), 0.0)
        part["@mount"] = mount


def _transition(node: Node, part: PartData) -> None:
    fore, aft = part.pop("@fore"), part.pop("@radius")
    part |= {"length": max(node.needed("length"), THIN), "fore_diameter": 2 * fore, "aft_diameter": 2 * aft}
    part["shape"] = (node.text("shape") or "conical").lower()
    _shape(node, part)
    clipped = node.truth("shapeclipped")
    if part["shape"] != "conical" and clipped is not False:
        part["clipped"] = True
    wall = _wall(node, max(fore, aft), "thickness")
    _set(part, "wall", wall)
    if wall == 0:
        part["wall"] = THIN
        part.setdefault("mass", 0.0)
    _material(node, part)
    walls = {}
    for side in ("fore", "aft"):
        r, ell = node.amount(f"{side}shoulderradius"), node.amount(f"{side}shoulderlength")
        walls[side], capped = node.amount(f"{side}shoulderthickness"), node.truth(f"{side}shouldercapped")
        if r and ell:
            part |= {f"{side}_shoulder_length": ell, f"{side}_shoulder_diameter": 2 * r}
            _set(part, f"{side}_shoulder_capped", capped, False)
    if "fore_shoulder_length" in part:
        part["shoulder_wall"] = walls["fore"]
    if "aft_shoulder_length" in part:
        part["aft_shoulder_wall"] = walls["aft"]
    _finish(node, part)


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
    _material(node, part)
    _set(part, "cant", _angle(node, "cant"), 0.0)
    _set(part, "angle", _angle(node, "angleoffset", "rotation"), 0.0)
    node.skip("rotation", "angleoffset", "radiusoffset")
    _tab(node, part)
    if fillet := node.amount("filletradius"):
        part["fillet_radius"] = fillet
        _material(node, part, "fillet_material", tag="filletmaterial")
    else:
        node.skip("filletmaterial")
    _finish(node, part)


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
        _set(part, "tab_offset", share * (root - part["tab_length"]) + offset, 0.0)


def _trapezoid(node: Node, part: PartData) -> None:
    part |= {"root_chord": node.needed("rootchord"), "tip_chord": node.needed("tipchord"), "span": node.needed("height"),
             "sweep": node.amount("sweeplength")}  # fmt: skip
    _fins(node, part)
    tab_offset(part, part["root_chord"])


def _ellipse(node: Node, part: PartData) -> None:
    part |= {"root_chord": node.needed("rootchord"), "span": node.needed("height")}
    _fins(node, part)
    tab_offset(part, part["root_chord"])


def _freeform(node: Node, part: PartData) -> None:
    _fins(node, part)
    list_ = node.child("finpoints")
    points = []
    for p in list_.children("point") if list_ else ():
        points.append((p.parsed(p.attribute("x") or "", "x"), p.parsed(p.attribute("y") or "", "y")))
    part["points"] = outline_of(points, node)
    tab_offset(part, part["points"][-1][0] - part["points"][0][0])


def outline_of(points: list[tuple[float, float]], node: Node) -> list[tuple[float, float]]:
    """The points of a fin as we have them: from the body to the body, none twice."""
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


def _tube_fins(node: Node, part: PartData) -> None:
    count = int(node.number("fincount", "instancecount", default=6.0) or 0)
    node.skip("instancecount", "fincount", "radiusoffset")
    radius = radius_of(node, "radius")
    if radius is None:
        host = part["@host"]
        body = host.outer(0.5 * host.length)
        s = sin(pi / count) if count > 2 else 0.5
        radius = body * s / (1 - s)
    part |= {"count": count, "length": node.needed("length"), "diameter": 2 * radius}
    _tube_wall(node, part, radius)
    _material(node, part)
    _set(part, "angle", _angle(node, "angleoffset", "rotation"), 0.0)
    node.skip("rotation")
    _finish(node, part)


def _lug(node: Node, part: PartData) -> None:
    radius = radius_of(node, "radius") or 0.0025
    part |= {"length": node.needed("length"), "diameter": 2 * radius}
    _tube_wall(node, part, radius)
    _material(node, part)
    part["angle"] = _angle(node, "angleoffset", "radialdirection")
    node.skip("radialdirection", "finish")
    spread(part, int(node.number("instancecount", default=1.0) or 1), node.amount("instanceseparation"))


def _button(node: Node, part: PartData) -> None:
    outer, inner = node.needed("outerdiameter"), node.amount("innerdiameter")
    height, base = node.needed("height"), node.amount("baseheight")
    flange, count = node.amount("flangeheight"), int(node.number("instancecount", default=1.0) or 1)
    part |= {"diameter": outer, "height": height, "count": 1}
    _material(node, part)
    part["angle"] = _angle(node, "angleoffset", "radialdirection")
    node.skip("finish", "radialdirection")
    density = part.get("material")
    if "mass" not in part and inner:
        rho = _density(density)
        spool = pi / 4 * (outer**2 * (base + flange) + inner**2 * max(height - base - flange, 0.0))
        part["mass"] = count * rho * spool
        node.report.approximated(
            node.place, f"a button with a neck is a cylinder with the mass of the button, {part['mass'] * 1e3:.3g} g"
        )
    if node.amount("screwheight"):
        node.report.dropped(node.place, "the screw head on the button: its mass and drag")
    node.skip("screwmass", "nutmass")
    spread(part, count, node.amount("instanceseparation"))


def _density(material: Any) -> float:
    from downrange.rocket import find_material

    return (
        float(material["density"])
        if isinstance(material, dict)
        else find_material(material or "delrin", "volume").density
    )


def _off_axis(node: Node, part: PartData, carried: bool = False) -> None:
    """A place beside the axis, which only mass parts and inner tubes have with us."""
    r = node.amount("radialposition")
    angle = _angle(node, "radialdirection")
    if not r:
        return
    if carried:
        part |= {"radial_offset": r, "angle": angle % (2 * pi)}
    else:
        node.report.approximated(node.place, f"it lies {r * 1e3:.3g} mm beside the axis; with us on the axis")


def _inner_tube(node: Node, part: PartData) -> None:
    part["length"] = max(node.needed("length"), THIN)
    radius = radius_of(node, "outerradius")
    if radius is None:
        radius = part["@host"].bore(part)
    part["diameter"] = 2 * radius
    _tube_wall(node, part, radius)
    _material(node, part)
    _mount(node, part)
    pattern = (node.text("clusterconfiguration") or "single").lower()
    scale, turn = node.number("clusterscale", default=1.0), _angle(node, "clusterrotation")
    if pattern != "single":
        part["@cluster"] = (pattern, scale, turn)
    r, angle = node.amount("radialposition"), _angle(node, "radialdirection")
    if r:
        part["@beside"] = (r, angle)


def _filling(node: Node, part: PartData) -> float:
    """Length and outer diameter of what lies in a tube; one that fills it leaves the diameter out. Returns the radius, m."""
    part["length"] = max(node.needed("length"), THIN)
    host, radius = part["@host"], radius_of(node, "outerradius")
    if radius is None:
        radius = host.bore(part)
        if host.tube:
            return radius
    elif host.tube and radius > (bore := host.bore(part)) + LOOSE:
        node.report.approximated(
            node.place,
            f"it is {radius * 2e3:.1f} mm wide in a bore of {bore * 2e3:.1f} mm: as wide as the bore with us, its mass too",
        )
        radius = bore
    part["diameter"] = 2 * max(radius, THIN)
    return radius


def _coupler(node: Node, part: PartData) -> None:
    _tube_wall(node, part, _filling(node, part))
    _material(node, part)
    _off_axis(node, part)


def _ring(node: Node, part: PartData) -> None:
    text, part["@outer"] = node.text("innerradius"), _filling(node, part)
    if text is not None and not automatic(text):
        inner = node.parsed(text, "innerradius")
        part["inner_diameter"] = 2 * min(inner, part["@outer"] * (1 - 1e-9))
    _material(node, part)
    _off_axis(node, part)
    spread(part, int(node.number("instancecount", default=1.0) or 1), node.amount("instanceseparation"))


def _bulkhead(node: Node, part: PartData) -> None:
    count = int(node.number("instancecount", default=1.0) or 1)
    if count > 1:
        part["type"], part["inner_diameter"] = "centring ring", 0.0
    _filling(node, part)
    _material(node, part)
    _off_axis(node, part)
    spread(part, count, node.amount("instanceseparation"))


def _block(node: Node, part: PartData) -> None:
    r = _filling(node, part)
    wall = _wall(node, r, "thickness")
    part["inner_diameter"] = 0.0 if wall is None else 2 * (r - wall)
    if wall == 0:
        part |= {"inner_diameter": 2 * r - 2 * THIN, "mass": part.get("mass", 0.0)}
    _material(node, part)
    _off_axis(node, part)


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


def _mass(node: Node, part: PartData) -> None:
    mass = node.amount("mass")
    part.setdefault("mass", mass)
    _packed(node, part, "diameter")
    _off_axis(node, part, carried=True)
    kind = node.text("masscomponenttype")
    if kind and kind.lower() not in ("masscomponent", "mass"):
        part["@comment"] = {"flightcomputer": "flight computer", "recoveryhardware": "recovery hardware"}.get(
            kind.lower(), kind.lower()
        )


def _cord(node: Node, part: PartData) -> None:
    _packed(node, part, "packed")
    part["length"] = node.amount("cordlength") or THIN
    _material(node, part, kind="line")
    _off_axis(node, part)


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
    _material(node, part, kind="surface")
    part["deploy"] = deploy_of(node, node.place)
    part["@deploy"] = {}
    for c in node.children("deploymentconfiguration"):
        part["@deploy"][c.attribute("configid") or ""] = deploy_of(c, node.place)
        c.done("deploymentconfiguration")
    _off_axis(node, part)


def _parachute(node: Node, part: PartData) -> None:
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
    _material(node, part, "line_material", "line", "linematerial")
    hole = node.amount("spillholediameter", "spillhole")
    _set(part, "spill_hole", hole, 0.0)


def _streamer(node: Node, part: PartData) -> None:
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


Reader = Callable[[Node, PartData], None]
BODIES = ("nosecone", "bodytube", "transition")
COMPONENTS: dict[str, tuple[str, str, Reader]] = {
    # OpenRocket's tag: our type, where it stands if nothing is said, what reads it
    "nosecone": ("nose cone", "after", _nose), "bodytube": ("body tube", "after", _tube), "transition": ("transition", "after", _transition),
    "trapezoidfinset": ("trapezoidal fins", "bottom", _trapezoid), "ellipticalfinset": ("elliptical fins", "bottom", _ellipse),
    "freeformfinset": ("freeform fins", "bottom", _freeform), "tubefinset": ("tube fins", "bottom", _tube_fins),
    "launchlug": ("launch lug", "top", _lug), "railbutton": ("rail buttons", "top", _button),
    "innertube": ("inner tube", "bottom", _inner_tube), "tubecoupler": ("tube coupler", "top", _coupler), "centeringring": ("centring ring", "top", _ring), "bulkhead": ("bulkhead", "top", _bulkhead),
    "engineblock": ("centring ring", "top", _block), "masscomponent": ("mass", "top", _mass), "shockcord": ("shock cord", "top", _cord),
    "parachute": ("parachute", "top", _parachute), "streamer": ("streamer", "top", _streamer),
}  # fmt: skip


def read_part(node: Node, part: PartData, default: str, read: Reader) -> None:
    """Fill `part` from its element: place, overrides, then what is its own."""
    _place(node, part, default)
    overrides(node, part)
    read(node, part)
    if comment := node.text("comment"):
        part["@comment"] = comment
