"""OpenRocket's tree of components as our parts: automatic radii along the body, parts in parts, pods and boosters."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import pi, radians

import numpy as np

from downrange.formats.foreign.design import PartData
from downrange.formats.foreign.nodes import Node
from downrange.formats.foreign.ork_common import (
    DEFAULT_RADIUS,
    LOOSE,
    Host,
    automatic,
    density_of,
    length_of,
    radius_of,
)
from downrange.formats.foreign.ork_contents import separation_of
from downrange.formats.foreign.ork_parts import BODIES, COMPONENTS, read_part
from downrange.rocket import transition_profile

__all__ = ["Mounts", "assemblies"]

Mounts = dict[str, Node]
_TAG_WORDS = {"podset": "pod set", "parallelstage": "booster"}


class _Ends:
    """Front and aft radius of every body part of an axial row, automatic ones from their neighbours."""

    def __init__(self, nodes: list[Node]) -> None:
        self.nodes = nodes
        self.said = [self._of(n) for n in nodes]

    @staticmethod
    def _of(n: Node) -> tuple[float | None, float | None]:
        """Radii as the file says them."""
        if n.tag == "bodytube":
            r = radius_of(n, "radius")
            return r, r
        if n.tag == "transition":
            return radius_of(n, "foreradius"), radius_of(n, "aftradius")
        base = radius_of(n, "aftradius")
        fore = n.text("foreradius")
        if base in (None, 0.0) and fore is not None and not automatic(fore):
            base = n.parsed(fore, "foreradius")
        return (base, 0.0) if n.truth("isflipped") else (0.0, base)

    def behind(self, i: int) -> float | None:
        """The radius that what follows part `i` takes from it: through tubes that are automatic themselves."""
        while i >= 0:
            if self.said[i][1] is not None or self.nodes[i].tag != "bodytube":
                return self.said[i][1]
            i -= 1
        return None

    def before(self, i: int) -> float | None:
        """The radius that what stands before part `i` takes from it."""
        while i < len(self.nodes):
            if self.said[i][0] is not None or self.nodes[i].tag != "bodytube":
                return self.said[i][0]
            i += 1
        return None

    def fore(self, i: int) -> float:
        """Front radius of part `i`, m."""
        own = self.said[i][0]
        if own is None:
            own = self.behind(i - 1)
        if own is None and self.nodes[i].tag == "bodytube":
            own = self.before(i + 1)
        return DEFAULT_RADIUS if own is None else own

    def aft(self, i: int) -> float:
        """Aft radius of part `i`, m."""
        if self.nodes[i].tag == "bodytube":
            return self.fore(i)
        own = self.said[i][1]
        if own is None:
            own = self.before(i + 1)
        return DEFAULT_RADIUS if own is None else own


def assemblies(groups: list[Node], mounts: Mounts, front: float = 0.0) -> list[list[PartData]]:
    """The parts of each of `groups` (stages one behind the other, or one pod), their motor mounts added to `mounts`."""
    bodies = [(k, n) for k, g in enumerate(groups) for n in _kids(g) if n.tag in BODIES]
    ends = _Ends([n for _, n in bodies])
    out: list[list[PartData]] = [[] for _ in groups]
    for i, (k, node) in enumerate(bodies):
        part = _body(node, ends, i, front, mounts, out[k][-1] if out[k] else None)
        front += part["length"]
        out[k].append(part)
    for g in groups:
        for n in _kids(g):
            if n.tag not in BODIES:
                n.report.dropped(
                    n.text("name") or n.tag, f"a {n.tag} that stands in a stage by itself, not in a body part"
                )
    return out


def _kids(node: Node) -> Iterator[Node]:
    """The components in an element."""
    for subs in node.children("subcomponents"):
        for child in subs.children():
            child.place = child.text("name") or child.tag
            yield child


def _body(node: Node, ends: _Ends, i: int, front: float, mounts: Mounts, first: PartData | None) -> PartData:
    """A body part; `first` is what stands before it in its stage. A tube as wide as that one keeps its diameter automatic."""
    kind, default, read = COMPONENTS[node.tag]
    flipped = node.tag == "nosecone" and bool(node.truth("isflipped"))
    fore, aft = ends.fore(i), ends.aft(i)
    part: PartData = {"type": kind, "name": node.text("name") or "", "@radius": fore if flipped else aft, "@fore": fore}
    follows = node.tag == "bodytube" and ends.said[i][0] is None and first is not None and ends.aft(i - 1) == aft
    node.skip("foreradius", "aftradius", "radius")
    if node.tag != "transition":
        del part["@fore"]
    read_part(node, part, default, read)
    part.pop("position", None)
    if part.pop("offset", 0.0):
        node.report.approximated(node.place, "an offset behind the part before it: with us body parts touch")
    if follows:
        del part["diameter"]
    host = Host(front, part["length"], _outline(part, fore, aft), part.get("wall"), kind == "body tube")
    _fill(node, part, host, mounts)
    return part


def _outline(part: PartData, fore: float, aft: float) -> Callable[[float], float]:
    """Outer radius at a distance from a body part's front."""
    if fore == aft:
        return lambda x: fore
    shape, length = part["shape"], part["length"]
    parameter, clipped = part.get("shape_parameter"), part.get("clipped", False)

    def radius(x: float) -> float:
        s = np.array([x / length])
        return float(
            transition_profile(shape, s, length=length, fore=fore, aft=aft, parameter=parameter, clipped=clipped)[0]
        )

    return radius


def _fill(node: Node, part: PartData, host: Host, mounts: Mounts) -> None:
    """Put into a part what it holds."""
    node.report.counts[part["type"]] += 1
    if mount := part.pop("@mount", None):
        name = part["name"] or part["type"]
        taken = name
        while taken in mounts:
            taken = f"{name} {sum(m.split(' ')[0] == name.split(' ')[0] for m in mounts) + 1}"
        part["name"] = taken
        mounts[taken] = mount
    for key in ("@host", "@outer"):
        part.pop(key, None)
    inner: list[PartData] = []
    for child in _kids(node):
        if child.tag in COMPONENTS and child.tag not in BODIES:
            made = _inner(child, host, mounts)
        elif child.tag in ("podset", "parallelstage"):
            made = _pods(child, host, mounts)
        else:
            child.report.dropped(child.place, f"a component <{child.tag}> that is not known here, with all in it")
            continue
        if made is not None:
            inner.append(made)
    _holes(node, inner, host)
    for p in inner:
        for key in ("@host", "@outer"):
            p.pop(key, None)
    if inner:
        part["parts"] = inner
    elif part.get("override_children"):
        del part["override_children"]
    node.done()


def _inner(node: Node, host: Host, mounts: Mounts) -> PartData | None:
    kind, default, read = COMPONENTS[node.tag]
    part: PartData = {"type": kind, "name": node.text("name") or "", "@host": host}
    read_part(node, part, default, read)
    if reason := _nothing(part):
        node.report.dropped(node.place, reason)
        node.done()
        return None
    kept = {k: part[k] for k in ("@outer",) if k in part}
    front = host.front + host.front_of(part)
    radius = 0.5 * part.get("diameter", 2 * host.bore(part)) if kind in ("inner tube", "tube coupler") else 0.0
    own = Host(front, length_of(part), lambda x: radius, part.get("wall"), True)
    _fill(node, part, own, mounts)
    part |= kept
    return part


def _nothing(part: PartData) -> str:
    """Why a part is nothing, or an empty text."""
    if part["type"] == "mass" and not part.get("mass"):
        return "a mass of nothing"
    if "count" in part and part["count"] < 1:
        return "a set of none"
    if part["type"].endswith("fins") and part.get("span") == 0:
        return "fins without a span"
    if part["type"] == "parachute" and part["diameter"] == 0:
        return "a canopy of no size"
    return ""


def _holes(node: Node, parts: list[PartData], host: Host) -> None:
    """Holes of rings that are automatic: as wide as the widest inner tube that passes through; left out where that is our rule too.

    OpenRocket counts one hole. A ring that a cluster passes through has one for each tube with us, and the mass that it has there.
    """
    tubes = [p for p in parts if p["type"] == "inner tube"]
    for p in parts:
        if p["type"] != "centring ring" or "inner_diameter" in p:
            continue
        front, length = host.front_of(p), length_of(p)
        inside = [t for t in tubes if front + length > host.front_of(t) and front < host.front_of(t) + t["length"]]
        touched = [t["diameter"] for t in tubes
                   if front + p["length"] >= host.front_of(t) and front <= host.front_of(t) + t["length"]]  # fmt: skip
        hole = min(max(touched, default=0.0), 2 * p.get("@outer", 1e9) * (1 - 1e-9))
        if hole != max((t["diameter"] for t in inside or tubes), default=0.0):
            p["inner_diameter"] = hole
        elif "@outer" in p and "mass" not in p and any("cluster" in t for t in inside):
            area = pi * (p["@outer"] ** 2 - 0.25 * hole**2)
            p["mass"] = density_of(p.get("material", "cardboard")) * area * p["length"] * p.get("count", 1)
            node.report.approximated(
                p["name"] or "ring",
                f"it has a hole for each tube of the cluster, and the {p['mass'] * 1e3:.3g} g that OpenRocket counts, with one hole",
            )


def _pods(node: Node, host: Host, mounts: Mounts) -> PartData | None:
    """Pods and strap-on boosters: an assembly of their own beside the body."""
    kind = "pods" if node.tag == "podset" else "boosters"
    node.report.counts[kind] += 1
    count = int(node.number("instancecount", default=2.0) or 0)
    part: PartData = {"type": kind, "name": node.text("name") or "", "count": count}
    found = node.child("axialoffset") or node.child("position")
    method = ((found.attribute("method") or found.attribute("type") or "top") if found else "top").lower()
    part["position"] = method if method in ("top", "middle", "bottom", "absolute", "after") else "top"
    if found and (offset := node.parsed(found.own_text() or "0", "axialoffset")):
        part["offset"] = offset
    node.skip("axialoffset", "position")
    place = node.child("radiusoffset") or node.child("radialoffset")
    node.skip("radiusoffset", "radialoffset")
    r = node.parsed(place.own_text() or "0", "radiusoffset") if place and not automatic(place.own_text()) else 0.0
    way = (place.attribute("method") or "free").lower() if place else "relative"
    part["angle"] = radians(node.amount("angleoffset", "angularoffset"))
    node.skip("angleoffset", "angularoffset")
    part["parts"] = assemblies([node], mounts)[0]
    own = _widest(part["parts"])
    body = host.outer(0.5 * host.length)
    part["radial_distance"] = {"free": r, "coaxial": 0.0, "surface": body + own, "relative": body + own + r}.get(way, r)
    if part["radial_distance"] < body + own - LOOSE and (part["radial_distance"] or count > 1):
        node.report.approximated(
            node.place,
            f"they stand {(body + own - part['radial_distance']) * 1e3:.3g} mm in the body; with us they touch it",
        )
        part["radial_distance"] = body + own
    if kind == "boosters":
        part["@separation"] = separation_of(node)
        part["separation"] = part["@separation"][""]
    node.done()
    if not part["parts"] or count < 1:
        node.report.dropped(node.place, "pods with nothing in them")
        return None
    return part


def _widest(parts: list[PartData]) -> float:
    """Largest radius of an assembly, m."""
    ends = [p.get(k, 0.0) for p in parts for k in ("diameter", "fore_diameter", "aft_diameter")]
    return 0.5 * max(ends, default=0.0)
